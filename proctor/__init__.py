"""The room view: check-in, the live roster, orders, incidents."""
