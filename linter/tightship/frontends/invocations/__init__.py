"""Reads the texts of a repository: who calls Compose, builds an image or starts a container.

Nothing is run. ``kinds.py`` knows by the name of a file, and by its first line, how it is read:
scripts of a shell, Makefiles, YAML and JSON (CI, scripts of packages, task runners), Markdown and
other documents, units of systemd, justfiles, settings (`.env`, development containers), and lists
of texts in code. No other file is asked for, except what a text includes (`include`, `source`).

The scripts in a text come with the places of their characters in the file: ``scripts.py`` takes
them from documents, units and values of YAML, and ``recipes.py`` from Makefiles. In a document
they are the blocks of code that hold a command, without prompts and output; what a reader fills
in is unknown. Two questions are asked about them:

- *Which commands may run, with which values?* ``kinds.py`` answers for one text. ``shell.py``
  follows each script from start to end, with all values that a variable may have: assignments,
  arrays, `cd`, branches, loops over words, functions with their arguments, sourced scripts, and
  words that are scripts themselves. ``makefile.py`` expands the variables of make, also those of
  one target, and ``structured.py`` those of CI (`env`, `matrix`, inputs). Mentions in prose and in
  comments are read as one line. The result is a ``Chain`` for each list of files that an
  invocation of Compose merges, and a ``Call`` for each build, push or run of an image
  (``found.py``, by ``words.py``); ``origin.py`` finds the files that the words mean.
- *Which words surely are those of a command, and where are they?* ``commands.py`` answers for
  front ends, whose edits need places. Variables, arrays and functions have their words as far as
  these are certain (``aliases.py``); all else stays unknown.

What only a run knows is ``UNKNOWN``, and what a script gets as arguments ``ARGUMENTS``. A path with
such a part proposes the files that it matches, but none that the same text names by itself, and
none with a further dot if there is another. An invocation with an unresolved element is not whole.

Bounds: 5,000 commands of a script and 20,000 of a repository, 16 values of a variable or forms of
a command, 30 rounds of a loop, 60 levels of nesting, 20 included Makefiles, 20,000 references of
make, 50,000 values of YAML, lines of 10,000 characters. What a bound leaves out is noted, once.
"""
