"""Findings that are known and accepted: comments, and baselines."""
