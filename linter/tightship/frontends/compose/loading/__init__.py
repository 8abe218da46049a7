"""From files to one tree: variables, includes, resets, extends and merge."""
