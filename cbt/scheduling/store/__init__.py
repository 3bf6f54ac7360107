"""Rows of scheduling to core values and back; all SQL of this package."""
