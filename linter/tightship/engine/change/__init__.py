"""A run that is limited to a change: what it touches, and what was there before."""
