"""Items, their versions and keys, blueprints, forms, the draw, and the formats that banks come in."""
