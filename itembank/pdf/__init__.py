"""Papers about the bank: what is drawn on them, in Korean with the English below."""
