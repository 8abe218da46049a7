"""Attributes, modules and regular expressions that are made on first use."""
