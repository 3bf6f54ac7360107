"""Pure values and rules of the room view."""
