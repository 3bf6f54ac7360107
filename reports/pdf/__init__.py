"""Sheets on paper: drawn through `cbt.kernel.pdf` from a canonical record, and from nothing else."""
