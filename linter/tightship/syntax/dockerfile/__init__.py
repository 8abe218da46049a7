"""The grammar of Dockerfiles."""
