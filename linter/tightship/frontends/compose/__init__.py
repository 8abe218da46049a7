"""The Compose model: typed, and every value knows where it was written."""
