"""What Compose refuses, or silently reads otherwise than it was meant."""
