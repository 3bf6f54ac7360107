"""Faults as a candidate's browser meets them: Chromium, and a line that can be cut."""
