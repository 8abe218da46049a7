"""What a change does to the isolation of containers."""
