"""What files are for: how Compose loads each of them, for which purpose, and why we think so."""
