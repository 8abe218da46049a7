"""What is found in a text of a repository: invocations of Compose, and commands of engines."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Literal, Protocol, TypeAlias

    Found: TypeAlias = "Chain | Call"
    Kind = Literal["command", "setting", "document", "list"]
    Options = dict[str, list[str]]

    class Repository(Protocol):
        """The files of a repository by their names below its root, and what a run reads of them."""

        root: str

        @property
        def names(self) -> Container[object]:
            """Return the names of all files."""
            ...

        @property
        def yaml(self) -> list[str]:
            """Return the names of all YAML files."""
            ...

        def yaml_ending(self, end: str) -> list[str]:
            """Return the names of the YAML files that end so."""
            ...

        def yaml_in(self, folder: str) -> list[str]:
            """Return the names of the YAML files right in a folder."""
            ...

        @property
        def is_spent(self) -> bool:
            """Return whether no more commands are followed."""
            ...

        def path(self, name: str) -> str:
            """Return the absolute path of a name."""
            ...

        def has(self, path: str) -> bool:
            """Return whether there is a file at an absolute path."""
            ...

        def has_folder(self, folder: str) -> bool:
            """Return whether there is a folder of a name."""
            ...

        def included(self, name: str, *, is_script: bool = False) -> Included:
            """Return the text of a file that another one includes."""
            ...

        def spend(self) -> bool:
            """Count a command that is followed; return false if there were too many."""
            ...

        def leave(self, place: str, message: str) -> None:
            """Note that a bound leaves something out."""

    class Included(Protocol):
        """The text of a file that is included."""

        @property
        def text(self) -> str:
            """Return the text."""
            ...

        @property
        def may_merge(self) -> bool:
            """Return whether it may merge Compose files."""
            ...


ARGUMENTS = "\1"
"""The character for arguments of a script or function, which mostly begin with a verb."""


class Evidence(Record):
    """A reason for a role.

    ``place`` is a file below the root with its line, as in ``Makefile:12``, or a folder or
    file alone. ``message`` is a sentence without a full stop, as in
    ``runs `docker compose -f compose.yaml -f hard.yml up```.
    """

    place: str
    message: str


class Chain(Record):
    """One invocation of Compose: the files that it merges, in their order.

    ``files`` are absolute paths. ``directory`` is the absolute path of the folder in which
    Compose is called, and ``project_directory`` that of ``--project-directory``.
    ``env_files`` are absolute paths. ``is_whole`` is false if an element of the invocation
    could not be resolved, as in ``-f "$X"``.

    ``kind`` is ``command`` (a program runs it), ``setting`` (such as ``COMPOSE_FILE``),
    ``document`` (people are told to run it) or ``list`` (names of files next to each other
    in code, which may be merged). ``is_stack`` is true for ``docker stack deploy``.
    ``also`` has the other places in the same file that invoke it.
    ``has_base`` is false if the file that all others are merged over is not the first of
    ``files``, but an element that could not be resolved. ``proposed`` are those of ``files``
    that match only by a part of a name that a run knows.
    """

    files: tuple[str, ...]
    evidence: Evidence
    directory: str
    env_files: tuple[str, ...] = ()
    project_directory: str | None = None
    profiles: tuple[str, ...] = ()
    name: str | None = None
    is_whole: bool = True
    kind: Kind = "command"
    is_stack: bool = False
    has_base: bool = True
    also: tuple[Evidence, ...] = ()
    proposed: frozenset[str] = frozenset()


class Words(Record):
    """The parts of one command of an engine.

    ``verb`` is ``build``, ``push``, ``tag``, ``save``, ``load``, ``run`` or, for the image in which CI
    runs a job, ``job``. ``options`` have their long names, and `true` for a flag. ``is_whole``
    is false if a word that only a run knows may be more of them.
    """

    verb: str
    options: Options
    operands: tuple[str, ...]
    is_whole: bool = True


class Call(Record):
    """A command of an engine, and where it is.

    ``folders`` are names in the tree, those in which it may run, or None if that is unknown.
    ``is_ci`` is true in a definition of CI. ``kind`` is that of a chain.
    """

    words: Words
    folders: tuple[str, ...] | None
    evidence: Evidence
    kind: Kind
    is_ci: bool
