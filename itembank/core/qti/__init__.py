"""QTI's values, expressions and rules: what scores an item as its standard says. Pure and exact; reads no XML."""
