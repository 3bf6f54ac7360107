"""Bytes to items and problems, and items to HTML: the exchange formats of the bank."""
