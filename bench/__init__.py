"""The published figures: what is measured, on which bank, and how. `python -m bench` prints them."""
