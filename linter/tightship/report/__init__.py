"""Verdicts as people and programs read them. Line numbers appear only here."""
