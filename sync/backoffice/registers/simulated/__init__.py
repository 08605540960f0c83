"""A register of invented people that speaks the platform's bytes on loopback: for the demonstration and for tests.

Nobody is meant: names say so, national numbers have a month that does not exist.
"""
