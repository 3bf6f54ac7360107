"""Killed processes, cut lines, full disks: what must survive them."""
