"""Stands for the patterns that runs have compiled: they are in the bytecode of this file."""

DATA: dict[str, object] = {}
