"""Ways to a card: the reader service of the machine, or a virtual slot for practice."""
