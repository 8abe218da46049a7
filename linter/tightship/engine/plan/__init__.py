"""The plan of a run: which projects there are, in which order, with which settings."""
