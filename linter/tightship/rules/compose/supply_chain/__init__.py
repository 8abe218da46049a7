"""Where what runs in a container comes from."""
