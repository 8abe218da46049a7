"""The report as a page for a browser: one file, without scripts and without requests."""
