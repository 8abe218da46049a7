"""Fixes applied, proved and written."""
