"""Accepted findings: suppression comments and baselines."""
