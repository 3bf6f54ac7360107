"""Pure values and rules about people."""
