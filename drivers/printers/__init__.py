"""Receipt printers: cables, protocols, and how an address becomes a driver."""
