"""Policies: what an organisation demands of files, as tables over the facts of a project."""
