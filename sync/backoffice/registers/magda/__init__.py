"""The Flemish platform MAGDA: `protocol` (values and XML) | `transport` (HTTP) | `adapter` (the port `Register`).

Messages have its form; services and codes an authorisation gives are settings (`services`).
"""
