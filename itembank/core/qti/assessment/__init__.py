"""Tests as QTI structures them: parts, sections and items; which of them are met, in what order, and for how long."""
