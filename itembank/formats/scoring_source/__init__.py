"""Scoring as other formats say it (fractions, accepted texts, ranges, pairs) to keys, and keys back to it."""
