"""Tests of the reference back office."""
