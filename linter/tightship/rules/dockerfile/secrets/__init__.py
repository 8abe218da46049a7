"""Secrets that an image, or its history, gives away."""
