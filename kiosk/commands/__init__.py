"""The verbs of the `zuil` command, one subject a file. Each imports what it needs when it is used."""
