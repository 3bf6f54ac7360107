"""Rows of the item bank to core values and back; all of its SQL."""
