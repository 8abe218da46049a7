"""Facts about well-known images: what they are, and what they need to run.

`families/` has a file for each family of images, `lookup.py` finds the family of a
reference, and `needs.py` says what one container of it needs.
"""
