"""Who the processes of a container are."""
