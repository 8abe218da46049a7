"""What a Compose file may say: the key table, and the check of a file against it."""
