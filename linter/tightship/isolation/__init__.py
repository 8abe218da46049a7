"""What one container really gets: everything that isolates it, or fails to."""

from tightship.isolation.container import Container, containers

__all__ = ["Container", "containers"]
