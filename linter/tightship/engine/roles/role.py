"""Roles of files: two answers for each of them, and the evidence for both.

How a file *loads* and its *purpose* are independent: most overlays lie in a folder for
tests, and a test may have projects, overlays and templates of its own.
"""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    Loading = Literal["alone", "overlay", "part", "supplied", "template", "other", "unknown"]
    Purpose = Literal["product", "development", "test", "fixture", "build", "example", "vendored"]
    Kind = Literal["command", "setting", "document", "list"]


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
    ``files``, but an element that could not be resolved.
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


class Role(Record):
    """How a file loads, and its purpose.

    ``loading`` is ``alone`` (a project), ``overlay`` (merged over other files), ``part``
    (included, or extended from), ``supplied`` (a project to which a platform adds what it
    lacks), ``template``, ``other`` (not of Compose) or ``unknown``.

    ``purpose`` is ``product``, ``development``, ``test``, ``fixture`` (which tests only read),
    ``build`` (an image that only builds), ``example`` or ``vendored``.

    ``chains`` are the invocations that merge an overlay, and ``evidence`` the reasons.
    ``platform`` is the one that adds parts, by its name in the configuration, and what shows
    it. ``is_told`` is true if the file and its commands tell the purpose, not its path: the
    Dockerfiles that it builds may have another one.
    """

    loading: Loading
    purpose: Purpose
    chains: tuple[Chain, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    platform: tuple[str, str] | None = None
    is_told: bool = False

    def merges(self, path: str) -> bool:
        """Return whether an invocation merges it with the file at a path."""
        return any(path in chain.files for chain in self.chains)


HARDENED = "# Written by `tightship harden`."
"""The first line of an override file of `tightship harden --to`, which records a command.

The files of that command are how the project starts: its main file is not judged without
the override. No other file is overwritten.
"""

PURPOSES = {
    "development": "is for development",
    "test": "is for tests",
    "fixture": "is a fixture of tests",
    "build": "only builds",
    "example": "is an example",
    "command": "runs one command",
}
"""The end of a sentence on a file, by a purpose that lowers severities."""

PROJECT = Role("alone", "product")
"""The role of a file of which nothing else is known."""

OTHER = Role("other", "product")
"""The role of a Dockerfile, and of any other file that Compose does not load."""

NO_ROLES: Mapping[str, Role] = {}
