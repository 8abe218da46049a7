"""What tests of trials share: containers of a Compose file, as other tests make them."""

from tests.isolation.conftest import container_of, containers_of

__all__ = ["container_of", "containers_of"]
