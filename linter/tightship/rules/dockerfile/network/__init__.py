"""What an image offers to the network."""
