"""Payment terminals: one package a protocol, each protocol | transport | driver."""
