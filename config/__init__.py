"""What is written down before the column starts: settings, the municipality's data, texts; read and checked.

Not for: anything that happens while it runs.
"""
