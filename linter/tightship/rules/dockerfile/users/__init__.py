"""Who the processes of an image's containers are."""
