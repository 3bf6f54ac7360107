"""Load on the real thing: servers, a sitting to load, a cheap client, and what is measured while it runs."""
