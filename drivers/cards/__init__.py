"""Identity cards: protocol (bytes to values, pure), transports (thin), driver."""
