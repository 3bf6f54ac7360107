"""The draw under rules: a board of integers, a random filling, repair by random swaps, restarts, and a way out."""
