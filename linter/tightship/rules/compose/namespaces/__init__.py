"""What a container shares with the host, or with other containers, instead of having its own."""
