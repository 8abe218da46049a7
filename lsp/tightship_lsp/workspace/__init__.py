"""What the client has open, and what it has changed."""
