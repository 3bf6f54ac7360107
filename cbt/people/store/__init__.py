"""Rows of people to core values and back; all SQL of this package."""
