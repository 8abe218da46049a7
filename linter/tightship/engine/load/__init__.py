"""Projects, loaded: files, effective tree, services, images, containers."""
