"""A simulated printer of A4 pages that speaks IPP over HTTP. Begin at `printer`."""
