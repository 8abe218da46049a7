"""The little languages inside scalars, each a pure parse of a string.

Nothing here knows of files: offsets count code points within the string. Where a
variable has no value, the string holds a *hole*, ``${NAME}``; a part that a hole
touches is undecided, and is never read as if it said something.
"""
