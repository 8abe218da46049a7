"""Flags of container engines as settings: one table for commands, workflows and units."""
