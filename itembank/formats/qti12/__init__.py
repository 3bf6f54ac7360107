"""QTI 1.2 into the values of the core: Canvas, Common Cartridge, Blackboard and plain files."""
