"""The Belgian identity card: its files, its commands, its proofs."""
