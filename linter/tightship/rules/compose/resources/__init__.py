"""What a container may take of memory, processors, processes and disk."""
