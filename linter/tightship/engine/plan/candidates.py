"""Which files are judged: those named, and those found below the folders named."""

from __future__ import annotations

import itertools
import os
import re

from tightship.compose.loading.options import MAIN_NAMES, OVERRIDE_NAMES
from tightship.engine.disk.regular import (
    Refusal,
    folder_refused,
    is_folder,
    read_regular,
)
from tightship.engine.disk.root import canonical
from tightship.lazy.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Literal

    from tightship.values.gitignore import Level

    Kind = Literal["main", "override", "side", "named"]

_OTHERS = (
    "dockerignore|j2|jinja2?|tmpl|tpl|template|templ|erb|ejs|gotmpl|mustache|hbs|in|m4"
    "|md|txt|rst|html|orig|rej|bak|swp|old|save|diff|patch|sh|py|js|ts|go|json|ya?ml|toml"
)

# One pattern of file names for each language.
#
# Compose's are close to what VS Code takes for it (`compose.yml`, `compose.*.yml`,
# `*docker*compose*.yml`), so that the command line and the editor judge the same
# files. Added is `compose-dev.yaml`, as Docker's own development environments called
# it, and its like; left out is what only has both words, as `docker-composer.yml` has.
#
# Dockerfiles are what VS Code takes for one (`Dockerfile`, `Dockerfile.*`,
# `*.dockerfile`, and the same with `Containerfile`), in any case, and `Dockerfile-dev`.
# What is a template, or lies beside a Dockerfile, says so by what follows the last dot.
_NAMES = {
    "compose": regex(
        r"(?:.*docker[-_.]?compose|compose)(?:[-_.].*)?\.ya?ml", re.DOTALL
    ),
    "dockerfile": regex(
        rf"(?:docker|container)file(?:[-_.](?!(?:.*\.)?(?:{_OTHERS})\Z).*)?"
        r"|.+\.(?:docker|container)file",
        re.DOTALL | re.IGNORECASE,
    ),
}

# What holds the files of tools and of other people.
_PASSED_OVER = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj"),
        *("node_modules", "bower_components"),
        *(".venv", "venv", ".tox", ".nox", "site-packages", "__pycache__"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".terraform"),
    }
)

# Their `workflows` are often called `docker-compose.yml`, and are another language.
_FORGES = frozenset({".github", ".gitea", ".forgejo"})


class Candidate:
    """A file to judge, and what it is to its folder.

    ``kind`` is ``main`` for the file that Compose loads there, ``override`` for the
    one that it merges over it, ``side`` for any other, the losers among main names
    included, and ``named`` for a file that the user gave, whatever its name.
    ``project`` is the path of the folder's main file, if it has one.
    """

    __slots__ = ("kind", "language", "path", "project")

    def __init__(
        self, path: str, kind: Kind, project: str | None, language: str | None
    ) -> None:
        """Hold an absolute path; a name of no language known has ``language`` None."""
        self.path = path
        self.kind: Kind = kind
        self.project = project
        self.language = language

    def __repr__(self) -> str:
        return f"Found({self.path!r}, {self.kind})"


def find(
    paths: Sequence[str] = (".",),
    *,
    excluded: Callable[[str, bool], bool] | None = None,
    gitignore: bool = True,
) -> Iterator[Candidate | Refusal]:
    """Yield the files that paths stand for, each once, and what could not be looked at.

    A file stands for itself, a folder for those below it that have a known name and
    that no `.gitignore` leaves out. There, links are not followed. The order is that
    of the paths; below a folder, it is folder by folder, its main file first.

    ``excluded`` tells whether to leave out an absolute path that was not named, the
    flag being true for a folder. Git's index is not read, so that a file counts as
    ignored even if it was added by force.
    """
    mains: dict[str, str | None] = {}
    named: dict[str, str] = {}
    looks: list[tuple[str, str, bool | Refusal]] = []
    for path in paths:
        full = canonical(path)
        look = is_folder(full, name=path)
        looks.append((path, full, look))
        if look is False:
            named.setdefault(os.path.realpath(full), full)
    sweep, done = _Sweep(excluded, gitignore), set[str]()
    for path, full, look in looks:
        if isinstance(look, Refusal):
            yield look
            continue
        real = os.path.realpath(full)
        if real in done:
            continue
        done.add(real)
        if not look:
            yield _named(full, mains)
            continue
        for found in sweep.below(real, path):
            if isinstance(found, Candidate):
                if found.path in done:
                    continue
                done.add(found.path)
                if found.path in named:
                    found = _named(named[found.path], mains)
            yield found


def language_of(name: str) -> str | None:
    """Return the language of a file by its name: ``compose``, ``dockerfile`` or None."""
    for language, pattern in _NAMES.items():
        if pattern.fullmatch(name):
            return language
    return None


def main_file(folder: str) -> str | None:
    """Return the path of the file that Compose loads in a folder, if there is one.

    A link counts: where it leads, and whether it may be followed, is not looked at.
    """
    paths = (os.path.join(folder, name) for name in MAIN_NAMES)
    return next(filter(os.path.lexists, paths), None)


def is_left_out(path: str) -> bool:
    """Tell whether a `.gitignore` leaves out an absolute path, or a folder it is in."""
    inside = [path]
    while not os.path.lexists(os.path.join(inside[-1], ".git")):
        above = os.path.dirname(inside[-1])
        if above == inside[-1]:
            return False
        inside.append(above)
    level = None
    for child, folder in reversed([*itertools.pairwise(inside)]):
        git = os.path.join(folder, ".git")
        special = {".gitignore": False}
        if folder == inside[-1]:
            special[".git"] = os.path.isdir(git) and not os.path.islink(git)
        level = _level(folder, special, level)
        shown = _bytes_of(child).removesuffix(b"/")
        if level is not None and level.ignores(shown, folder=child != path):
            return True
    return False


def _named(path: str, mains: dict[str, str | None]) -> Candidate:
    folder, name = os.path.split(path)
    if folder not in mains:
        mains[folder] = main_file(folder)
    return Candidate(path, "named", mains[folder], language_of(name))


class _Sweep:
    """A walk through a folder, without recursion."""

    __slots__ = ("_excluded", "_gitignore")

    def __init__(
        self, excluded: Callable[[str, bool], bool] | None, gitignore: bool
    ) -> None:
        self._excluded = excluded
        self._gitignore = gitignore

    def below(self, start: str, shown: str) -> Iterator[Candidate | Refusal]:
        """Yield what is in a folder, which a refusal shows as the user wrote it."""
        level = _levels_above(start) if self._gitignore else None
        pending = [(start, shown, level)]
        while pending:
            folder, shown, level = pending.pop()
            try:
                files, folders, special = _listed(folder)
            except OSError as error:
                # What went away meanwhile is none of the files that are there.
                if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
                    yield folder_refused(shown, error)
                continue
            if special and self._gitignore and (files or folders):
                level = _level(folder, special, level)
            yield from _grouped(folder, self._kept(folder, files, level, False))
            for name in reversed(self._kept(folder, folders, level, True)):
                below = name if shown == "." else os.path.join(shown, name)
                pending.append((os.path.join(folder, name), below, level))

    def _kept(
        self, folder: str, names: list[str], level: Level | None, are_folders: bool
    ) -> list[str]:
        if level is not None:
            prefix = _bytes_of(folder)
            names = [
                name
                for name in names
                if not level.ignores(prefix + os.fsencode(name), folder=are_folders)
            ]
        if self._excluded is not None:
            names = [
                name
                for name in names
                if not self._excluded(os.path.join(folder, name), are_folders)
            ]
        return names


def _listed(folder: str) -> tuple[list[str], list[str], dict[str, bool]]:
    """Return the candidates in a folder, its subfolders, sorted, and what is Git's.

    The last tells `.git` and `.gitignore`, if they are there, and whether they are
    folders.
    """
    files: list[str] = []
    folders: list[str] = []
    special: dict[str, bool] = {}
    is_forge = os.path.basename(folder) in _FORGES
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if name == ".git":
                    special[name] = True
                elif name not in _PASSED_OVER and not (
                    is_forge and name == "workflows"
                ):
                    folders.append(name)
            elif language_of(name) and entry.is_file(follow_symlinks=False):
                files.append(name)
            elif name in (".git", ".gitignore"):
                special[name] = False
    return sorted(files), sorted(folders), special


def _grouped(folder: str, names: list[str]) -> Iterator[Candidate]:
    """Yield the files of a folder: its main one, what overrides it, the others."""
    main = next((name for name in MAIN_NAMES if name in names), None)
    over = next((name for name in OVERRIDE_NAMES if name in names), None)
    kinds: dict[str, Kind] = {}
    if main is not None:
        kinds[main] = "main"
        if over is not None:
            kinds[over] = "override"
    project = os.path.join(folder, main) if main is not None else None
    for name in (*kinds, *(name for name in names if name not in kinds)):
        path = os.path.join(folder, name)
        yield Candidate(path, kinds.get(name, "side"), project, language_of(name))


def _levels_above(folder: str) -> Level | None:
    """Return the patterns that a work tree's upper folders hold for one of them."""
    above: list[str] = []
    up = folder
    while not os.path.lexists(os.path.join(up, ".git")):
        if os.path.dirname(up) == up:
            return None
        up = os.path.dirname(up)
        above.append(up)
    level = None
    for up in reversed(above):
        git = os.path.join(up, ".git")
        special = {".gitignore": False}
        if level is None and os.path.lexists(git):
            special[".git"] = os.path.isdir(git) and not os.path.islink(git)
        level = _level(up, special, level)
    return level


def _level(folder: str, special: dict[str, bool], above: Level | None) -> Level | None:
    """Put a folder's own patterns before those above; a repository starts afresh."""
    start = len(_bytes_of(folder))
    if ".git" in special:
        above = None
        info = os.path.join(folder, ".git", "info")
        # In a linked work tree, `.git` is a file that says where to look. It is part
        # of what is linted, so it is not followed.
        if special[".git"] and not os.path.islink(info):
            above = _read_level(os.path.join(info, "exclude"), start, None)
    if special.get(".gitignore") is False:
        return _read_level(os.path.join(folder, ".gitignore"), start, above)
    return above


def _read_level(path: str, start: int, above: Level | None) -> Level | None:
    from tightship.values.gitignore import (  # a file alone has no need
        MAX_BYTES,
        Level,
    )

    text = read_regular(path, limit=MAX_BYTES)
    return above if isinstance(text, Refusal) else Level(text, start, above)


def _bytes_of(folder: str) -> bytes:
    """Return a folder as the paths below it begin, for patterns."""
    path = os.fsencode(folder)
    if os.sep != "/":
        path = path.replace(os.fsencode(os.sep), b"/")
    return path if path.endswith(b"/") else path + b"/"
