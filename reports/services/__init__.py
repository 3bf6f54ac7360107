"""Use cases of reports: issue sheets, draw them, answer the public check."""
