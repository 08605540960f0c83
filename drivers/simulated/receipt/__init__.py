"""The inside of the simulated receipt printer: bytes, modes, paper and everything that can go wrong with them.

Written from the printers' manuals and not from the driver, so that a mistake in one shows against the other.
"""
