"""The operands of commands about projects: paths and services, in any order."""

from __future__ import annotations

import os

from tightship.cli.console import UsageError
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

OPERANDS_HELP = """\
A PATH is an existing folder, or an existing file with a `/` or the ending .yml or .yaml:
it means the projects below the folder, or those of the file. Every other word is a SERVICE.
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
            looks_like_one = _looks_like_a_path(word)
            if looks_like_one and has_files:
                raise UsageError("-f does not work together with a PATH: leave one out")
            is_folder = not has_files and not (has_key and names) and os.path.isdir(word)
            if is_folder and not looks_like_one:
                plain.append(word)
            (paths if looks_like_one or is_folder else names).append(word)
        return cls(paths, names, plain)


def _looks_like_a_path(word: str) -> bool:
    """Return whether a word is a path by its text; then it exists.

    Raises:
        UsageError: if it does not.

    """
    has_separator = "/" in word or os.sep in word
    if os.path.lexists(word):
        return has_separator or (word.endswith(_COMPOSE) and not os.path.isdir(word))
    if has_separator:
        raise UsageError(f"`{word}` does not exist")
    return False


def refuse_missing(name: str) -> None:
    """Refuse a name that is not known, if it is that of a Compose file.

    Raises:
        UsageError: if it is.

    """
    if name.endswith(_COMPOSE):
        raise UsageError(f"`{name}` does not exist")
