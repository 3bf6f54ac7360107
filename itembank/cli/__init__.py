"""The item bank on the shell: load banks, keep blueprints, try draws, look. Each command calls one service."""
