"""OPI-NL, the XML of CCV and Nexi terminals over two TCP channels: protocol | transport | driver."""
