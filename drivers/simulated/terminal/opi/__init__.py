"""A simulated OPI-NL terminal: the other end of both channels, with reading and writing of its own."""
