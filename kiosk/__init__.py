"""Zuil: the application of a municipal self-service column."""

__version__ = "0.1.0"
