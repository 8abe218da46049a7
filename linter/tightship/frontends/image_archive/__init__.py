"""Image archives, as `docker save` and OCI tools write them: read, and never unpacked."""
