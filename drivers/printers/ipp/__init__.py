"""Printers of A4 pages through IPP, directly or behind CUPS: messages to values, and the job protocol."""
