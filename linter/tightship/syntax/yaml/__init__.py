"""YAML: reading with exact places, and edits in the style of the file."""
