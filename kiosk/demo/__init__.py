"""The world around a column, simulated at wire level, and the dock that steers it. Never part of a real column."""
