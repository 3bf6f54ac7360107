"""Services, stores and pages on a real database."""
