"""Names in Compose files, files of variables and Dockerfiles: where each is declared and used.

An outline has the names of one text (``outline.py``), and an index those of the files of a
project (``index.py``). Nothing is judged, and a text with syntax errors has the names that
are left.
"""
