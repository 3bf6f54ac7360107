"""What a job is and how it moves from asked to ended; pure."""
