"""A simulated payment terminal that speaks ZVT over TCP or a serial line. Begin at `terminal`."""
