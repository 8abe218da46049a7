"""Which files are judged, and which of them together."""
