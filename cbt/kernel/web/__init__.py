"""The glue between Flask and the kernel: language, cookies, security headers, error pages, filters, logs, metrics.

Knows no page of any package.
"""
