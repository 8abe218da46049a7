"""Targets of `docker buildx bake`: images that a bake file builds."""
