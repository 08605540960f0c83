"""The matrix: every simulated fault at every step of a journey, and a judge that believes only the devices."""
