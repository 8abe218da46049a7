"""The programs that a RUN, a CMD or a command line starts, and their effects.

From the syntax tree of a shell script: the simple commands, the programs that they run
and their flags, and from these downloads, executed code, file modes, written files, and
verification of certificates and signatures that is turned off. Nothing here knows of
Dockerfiles.
"""
