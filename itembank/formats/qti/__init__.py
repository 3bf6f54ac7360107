"""QTI 2.0 to 3.0: XML into the values of the core. Names of QTI 2 are renamed to those of QTI 3 at the door."""
