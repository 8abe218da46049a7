"""Answers to questions about one place: for hovers, lenses and `explain`."""
