"""What BuildKit refuses, or does otherwise than it looks."""
