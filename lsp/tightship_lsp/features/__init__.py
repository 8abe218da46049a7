"""What the server answers when an editor asks about a place."""
