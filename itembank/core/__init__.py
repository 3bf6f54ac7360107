"""Pure values and rules of the item bank."""
