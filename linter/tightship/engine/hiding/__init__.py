"""What a change hides by its own settings: found by the settings before it."""
