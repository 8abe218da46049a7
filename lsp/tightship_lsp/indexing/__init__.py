"""The symbols of open documents and of the workspace, made of texts alone."""
