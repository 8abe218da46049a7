"""The documents of the client, and their changes."""
