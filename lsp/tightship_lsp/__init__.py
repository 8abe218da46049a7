"""The language server: it shows in editors what the linter finds."""
