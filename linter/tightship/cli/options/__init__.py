"""Options that commands share, in groups: each adds itself to a parser, and is read."""
