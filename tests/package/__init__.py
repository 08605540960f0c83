"""The Debian package: what is in it, what its units ask of systemd, and its whole life in a clean Debian."""
