"""GIFT, Moodle's notation for questions in plain text: read and written."""
