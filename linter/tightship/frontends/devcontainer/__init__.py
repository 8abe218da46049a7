"""Containers for development: `devcontainer.json`."""
