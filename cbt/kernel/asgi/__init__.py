"""The small ASGI toolkit of the door: requests, answers, event streams and the hub that wakes them."""
