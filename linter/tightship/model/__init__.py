"""What files declare about containers, whatever language they are written in."""
