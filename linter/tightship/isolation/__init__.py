"""What one container really gets: everything that isolates it, or fails to."""
