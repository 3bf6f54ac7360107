"""The whole way, in Chromium."""
