"""The demo: its world, its dock, its processes."""
