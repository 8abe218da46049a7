"""From a loaded project to a verdict."""
