"""Drivers, their runner, and the simulated devices they meet."""
