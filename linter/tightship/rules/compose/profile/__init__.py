"""Rules about the whole isolation profile of a service."""
