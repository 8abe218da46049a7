"""The review of a change and of its reach: `diff`, `map`, the comment and the page."""
