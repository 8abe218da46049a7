"""The operands of commands about projects: paths and services, in any order."""

from __future__ import annotations

import os

from tightship.cli.console import UsageError
from tightship.engine.plan.candidates import language_of
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OPERANDS_HELP = """\
A PATH is an existing folder, or an existing file with a `/` or a `.` in its name, a Dockerfile or
a Makefile: it means the projects below the folder, or those of the file. Every other word is a
SERVICE.
"""
_COMPOSE = (".yml", ".yaml")


class Operands(Record):
    """What a command line names.

    ``paths`` are files and folders. Without them, the project is the one that Compose
    loads here. ``names`` are services. ``words`` are those of the paths that could also be
    the names of services: folders without a separator.
    """

    paths: Sequence[str]
    names: Sequence[str]
    words: Sequence[str]

    @classmethod
    def read(cls, words: Sequence[str], *, has_files: bool, has_key: bool = False) -> Operands:
        """Sort words into paths and services.

        Args:
            words: the operands.
            has_files: whether options name the files, so that every folder is a service.
            has_key: whether the word after a service is a key, such as ``volumes``.

        Raises:
            UsageError: if a path does not exist, or options name the files already.

        """
        paths, names, plain = list[str](), list[str](), list[str]()
        for word in words:
            if _has_separator(word) and not os.path.lexists(word):
                raise UsageError(f"`{word}` does not exist")
            is_service_too = not _has_separator(word) and os.path.isdir(word)
            if not is_path(word) or (is_service_too and (has_files or (has_key and names))):
                names.append(word)
                continue
            if has_files:
                raise UsageError("-f does not work together with a PATH: leave one out")
            paths.append(word)
            if is_service_too:
                plain.append(word)
        return cls(paths, names, plain)


def is_path(word: str) -> bool:
    """Return whether a word is a path, and no name: a folder or a file that exists."""
    if os.path.isdir(word):
        return True
    is_name = "." in word or "akefile" in word or language_of(word) is not None
    return os.path.lexists(word) and (_has_separator(word) or is_name)


def _has_separator(word: str) -> bool:
    return "/" in word or os.sep in word


def refuse_missing(name: str) -> None:
    """Refuse a name that is not known, if it is that of a Compose file, or of any other file.

    Raises:
        UsageError: if it is.

    """
    if os.path.lexists(name):
        from tightship.report.terminal import brief

        raise UsageError(f"unknown service `{brief(name)}`; `./{brief(name)}` means the file")
    if name.endswith(_COMPOSE):
        raise UsageError(f"`{name}` does not exist")


def check_services(names: Iterable[str], known: list[str]) -> None:
    """Check that there are services of these names.

    Raises:
        UsageError: if one lacks.

    """
    from tightship.report.terminal import brief
    from tightship.report.wording import listed
    from tightship.values.matching import closest

    for name in names:
        if name in known:
            continue
        refuse_missing(name)
        guess = closest(name, known)
        hint = f"did you mean `{guess}`?" if guess else f"choose from {listed(known)}"
        raise UsageError(f"unknown service `{brief(name)}`; {hint}")
