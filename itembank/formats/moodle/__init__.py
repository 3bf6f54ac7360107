"""Moodle XML: questions of Moodle's own types, read and written."""
