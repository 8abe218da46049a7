"""The report as a page for a browser: one file without requests, which a script filters."""
