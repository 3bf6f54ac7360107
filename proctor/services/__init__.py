"""Use cases of the room view."""
