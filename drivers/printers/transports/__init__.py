"""Cables to a printer: TCP, serial line, device file, USB. One file a cable."""
