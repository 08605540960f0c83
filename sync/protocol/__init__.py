"""What both ends of the wire agree on: envelopes, hash chain, signatures, messages. Imports neither end."""
