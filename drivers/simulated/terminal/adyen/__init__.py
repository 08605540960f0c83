"""A simulated Adyen terminal: the same bytes over real TLS, with a ledger of its own."""
