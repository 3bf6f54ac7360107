"""The pages of those who watch rooms: the rooms, check-in and orders, the session report."""
