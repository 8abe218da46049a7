"""What an image leaves open in its file system."""
