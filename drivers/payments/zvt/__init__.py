"""ZVT, the till protocol of many unattended payment terminals. Begin at `driver`; addresses are in `address`."""
