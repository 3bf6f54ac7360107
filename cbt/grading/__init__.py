"""Responses to scores, pass rules and results."""
