"""The work of the server: one thread, the most urgent job first."""
