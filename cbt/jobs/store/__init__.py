"""Jobs and their files between rows and values."""
