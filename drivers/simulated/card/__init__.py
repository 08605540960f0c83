"""Simulated cards: real bytes at the other end of a card reader. Begin at `registry` and `slot`."""
