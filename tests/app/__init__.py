"""The composition root's neighbours: clocks, signals, logs."""
