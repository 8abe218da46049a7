"""What a container can write: its root file system and what is mounted into it."""
