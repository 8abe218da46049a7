"""Rules about files of every language."""
