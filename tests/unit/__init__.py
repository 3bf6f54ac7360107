"""Rules of the cores, one by one: no database, no network."""
