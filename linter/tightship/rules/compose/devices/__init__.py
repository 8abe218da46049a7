"""Which devices of the host a container may use."""
