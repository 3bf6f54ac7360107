"""Use cases of grading: grade what has ended, read results, confirm them."""
