"""Where what runs and what builds comes from, in every language."""
