"""Pure values and rules of issued documents."""
