"""Who can reach a container."""
