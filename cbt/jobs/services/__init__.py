"""Use cases of long work: ask for it, watch it, cancel it, do it, clear away what it left."""
