"""Screens without a display: a text terminal for people, and a script for tests, demonstrations and training."""
