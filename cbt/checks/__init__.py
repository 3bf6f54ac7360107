"""Before the day: what every seat's PC says of itself, and the list of a room for those who keep it."""
