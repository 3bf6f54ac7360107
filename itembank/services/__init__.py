"""Use cases of the item bank: one function, one act, one transaction (a load writes hidden chunks first)."""
