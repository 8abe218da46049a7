"""Fixes: applied, proved, written."""
