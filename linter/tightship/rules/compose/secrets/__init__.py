"""Passwords, keys and tokens, and where they lie open."""
