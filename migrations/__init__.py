"""The schema's history: one reversible step a file, in order, applied by `cbt serve` and `cbt migrate`."""
