"""Open edX: problems in OLX, alone or in a course; their Python is never run."""
