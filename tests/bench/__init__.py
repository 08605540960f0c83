"""The figures of `make bench`: real processes, real bytes, this machine. Not tests: nothing here passes or fails."""
