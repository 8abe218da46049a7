"""What Compose makes of the merged tree: canonical form, defaults, consistency."""
