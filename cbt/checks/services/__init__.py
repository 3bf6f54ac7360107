"""Use cases of the PC check."""
