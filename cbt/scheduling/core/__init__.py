"""Pure values and rules of scheduling."""
