"""Images that a command builds: `docker build`, `docker buildx build`, and their kin."""
