"""What is found, as the client is told of it."""
