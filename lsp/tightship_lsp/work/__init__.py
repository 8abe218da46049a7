"""How work is done while somebody types: one thread, the most urgent first."""
