"""The whole line as real processes and real bytes: kiosk, printer, network, back office."""
