"""What a PC measures and what that means, pure."""
