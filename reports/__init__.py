"""Result sheets, their numbers and codes, and the public check."""
