"""What must hold for every input: Hypothesis looks for the one where it does not."""
