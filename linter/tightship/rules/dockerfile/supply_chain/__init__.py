"""Where an image and what is in it come from, and what its build may do."""
