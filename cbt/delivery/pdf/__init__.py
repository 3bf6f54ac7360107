"""Delivery on paper: the sheets for the envelopes of a sitting's centres."""
