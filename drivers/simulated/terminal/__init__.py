"""Simulated payment terminals: the other end of each cable, with a ledger of their own."""
