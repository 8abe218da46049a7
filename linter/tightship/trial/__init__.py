"""`tightship try`: a copy of a project on the user's own engine, and what it shows.

This package starts programs: the user's `docker`, and with it the project's own code. Only the
command line imports it, and nothing that checks, fixes or serves an editor does.
"""
