"""Containers that a command starts: `docker run`, `docker create`, and their kin."""
