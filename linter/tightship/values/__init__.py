"""The small languages inside scalars, each a pure parse of a string.

Nothing here knows of files: offsets count code points within the string. A variable
without a value is a *hole* in the string, ``${NAME}``; a part with a hole is undecided,
and is not interpreted.
"""
