"""What the code as a whole must keep: directions, sizes, names, words and pages."""
