"""What rules are about, put together from what was read, and where it stands."""
