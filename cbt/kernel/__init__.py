"""The ground floor: identity, time, chance, numbers, storage and the web glue that every package stands on.

Imports none of our other packages; knows nothing of items, sittings or attempts.
"""
