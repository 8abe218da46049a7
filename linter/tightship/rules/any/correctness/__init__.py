"""Whether a file can be judged at all."""
