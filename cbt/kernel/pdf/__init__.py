"""Printing: faces that hold Korean, a page measured in millimetres, the guilloche and the QR code.

The only importer of ReportLab. Draws what it is told; knows nothing of results, sheets or certificates.
"""
