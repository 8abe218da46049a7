"""Containers that Podman's units declare: `.container` files (Quadlet)."""
