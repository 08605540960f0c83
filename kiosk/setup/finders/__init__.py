"""What is connected to the machine, found without an effect. Not for: choosing among it (`kiosk.setup.plan`)."""
