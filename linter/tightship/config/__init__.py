"""What people set for their projects: read, checked, and told where it comes from."""
