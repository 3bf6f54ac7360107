"""Rows of delivery to core values and back; all of delivery's SQL."""
