"""Long runs: kills, power cuts, broken networks and printers, and the table of what was lost. Not part of the tests."""
