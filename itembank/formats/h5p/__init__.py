"""H5P packages: their question types that are made of text."""
