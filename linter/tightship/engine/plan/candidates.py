"""Finds the files to judge: those that are named, and those below named folders."""

from __future__ import annotations

import itertools
import os
import re

from tightship.compose.loading.options import MAIN_NAMES, OVERRIDE_NAMES
from tightship.engine.disk.regular import Refusal, failed, is_folder, read_regular
from tightship.engine.disk.root import canonical
from tightship.engine.plan.tracked import Tracked, repository_of
from tightship.lazy.regex import regex
from tightship.text import Source

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
# Compose: close to the patterns of VS Code (`compose.yml`, `compose.*.yml`,
# `*docker*compose*.yml`), so that the command line and the editor judge the same files.
# In addition, names like `compose-dev.yaml`, from Docker's development environments;
# but not names that only contain both words, like `docker-composer.yml`.
#
# Dockerfiles: the patterns of VS Code (`Dockerfile`, `Dockerfile.*`, `*.dockerfile`, and
# the same with `Containerfile`) in any case, and `Dockerfile-dev`. The part after the
# last dot excludes templates, and other files beside a Dockerfile.
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

# Folders with files of tools and of other people.
_LARGEST_ENV = 1_000_000

_IGNORED_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj"),
        *("node_modules", "bower_components"),
        *(".venv", "venv", ".tox", ".nox", "site-packages", "__pycache__"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".terraform"),
    }
)

# Their `workflows` may be called `docker-compose.yml`, but are another language.
_FORGES = frozenset({".github", ".gitea", ".forgejo"})


class Candidate:
    """A file to judge, and its relation to its folder.

    ``kind`` is ``main`` for the file that Compose loads there, ``override`` for the one
    that it merges over it, ``side`` for any other, second main names included, and
    ``named`` for a file that the user named. ``project`` is the path of the folder's
    main file, if it has one. ``language`` is None if the name matches no language.
    ``folder`` is the one in which Compose is called.
    """

    __slots__ = ("folder", "kind", "language", "path", "project")

    def __init__(
        self,
        path: str,
        kind: Kind,
        project: str | None,
        language: str | None,
        folder: str = "",
    ) -> None:
        self.path = path
        self.folder = folder or os.path.dirname(path)
        self.kind: Kind = kind
        self.project = project
        self.language = language

    def __repr__(self) -> str:
        return f"Candidate({self.path!r}, {self.kind})"


def find(
    paths: Sequence[str] = (".",),
    *,
    excluded: Callable[[str, bool], bool] | None = None,
    gitignore: bool = True,
) -> Iterator[Candidate | Refusal]:
    """Yield the files at and below paths, each once, and the paths that are unreadable.

    Below a folder, these are files with a known name that Git tracks, or that no
    `.gitignore` ignores. A link to a file counts under its own name, unless the file is
    found under another one; links to folders are not followed. The order is that of the
    paths; below a folder, it is folder by folder, its main file first.

    ``excluded`` returns whether to leave out an absolute path that was not named; its
    flag is true for a folder.
    """
    mains: dict[str, str | None] = {}
    named: dict[str, str] = {}
    checked: list[tuple[str, str, bool | Refusal]] = []
    for path in paths:
        full = canonical(path)
        kind = is_folder(full, name=path)
        checked.append((path, full, kind))
        if kind is False:
            named.setdefault(os.path.realpath(full), full)
    walk, done = _Walk(excluded, gitignore), set[str]()
    for path, full, kind in checked:
        if isinstance(kind, Refusal):
            yield kind
            continue
        real = os.path.realpath(full)
        if real in done:
            continue
        done.add(real)
        if not kind:
            yield _named(full, mains)
            continue
        for one in walk.below(real, path):
            if isinstance(one, Candidate):
                if one.path in done:
                    continue
                done.add(one.path)
                if one.path in named:
                    one = _named(named[one.path], mains)
            yield one


def language_of(name: str) -> str | None:
    """Return the language of a file by its name: ``compose``, ``dockerfile`` or None."""
    for language, pattern in _NAMES.items():
        if pattern.fullmatch(name):
            return language
    return None


def main_file(
    folder: str, exists: Callable[[str], bool] = os.path.lexists
) -> str | None:
    """Return the path of the file that Compose loads in a folder, if there is one.

    A link counts, wherever it leads. So does the first file of ``COMPOSE_FILE`` in
    `.env`, if it is in the same folder.
    """
    if exists(os.path.join(folder, ".env")):
        listed = compose_file(folder)
        if listed and os.path.dirname(listed[0]) == folder and exists(listed[0]):
            return listed[0]
    paths = (os.path.join(folder, name) for name in MAIN_NAMES)
    return next(filter(exists, paths), None)


def compose_file(folder: str) -> list[str]:
    """Return the paths in the ``COMPOSE_FILE`` that a folder's `.env` sets."""
    text = read_regular(os.path.join(folder, ".env"), limit=_LARGEST_ENV)
    # Most of these files do not set it.
    if isinstance(text, Refusal) or b"COMPOSE_FILE" not in text:
        return []
    from tightship.compose.loading.invocation import Options, invocation

    def read(path: str) -> Source | None:
        is_env = os.path.dirname(path) == folder
        return Source(".env", text.decode("utf-8", "replace")) if is_env else None

    call = invocation(folder, Options(), exists=lambda _: False, read=read)
    return call.files


def is_left_out(path: str) -> bool:
    """Return whether a `.gitignore` ignores an absolute path, or a folder it is in.

    A file that Git tracks is in the repository, whatever ignores it.
    """
    is_ignored = any(
        level is not None
        and level.ignores(_bytes_of(child).removesuffix(b"/"), folder=child != path)
        for child, level in _levels_above(path)
    )
    return is_ignored and not Tracked(repository_of(path)).holds(path)


def _named(path: str, mains: dict[str, str | None]) -> Candidate:
    folder, name = os.path.split(path)
    if folder not in mains:
        mains[folder] = main_file(folder)
    return Candidate(path, "named", mains[folder], language_of(name))


class _Walk:
    """A walk through a folder, without recursion."""

    def __init__(
        self, excluded: Callable[[str, bool], bool] | None, gitignore: bool
    ) -> None:
        self._excluded = excluded
        self._gitignore = gitignore

    def below(self, start: str, shown: str) -> Iterator[Candidate | Refusal]:
        """Yield the candidates below a folder; refusals name it as the user did."""
        levels = [*_levels_above(start)] if self._gitignore else []
        level = levels[-1][1] if levels else None
        tracked = Tracked(repository_of(start) if self._gitignore else None)
        pending = [(start, shown, _Ignoring(level, tracked))]
        while pending:
            folder, shown, ignoring = pending.pop()
            try:
                files, folders, special = _listed(folder, start)
            except OSError as error:
                # A folder that was removed meanwhile has no files.
                if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
                    yield failed(error).about(shown)
                continue
            if special and self._gitignore and (files or folders):
                ignoring = ignoring.within(folder, special)
            listed = compose_file(folder) if ".env" in special else []
            kept = self._kept(folder, files, ignoring, False)
            yield from _grouped(folder, kept, listed)
            for name in reversed(self._kept(folder, folders, ignoring, True)):
                below = name if shown == "." else os.path.join(shown, name)
                path = os.path.join(folder, name)
                pending.append((path, below, ignoring.below(path)))

    def _kept(
        self, folder: str, names: list[str], ignoring: _Ignoring, are_folders: bool
    ) -> list[str]:
        excluded = self._excluded
        return [
            name
            for name in ignoring.kept(folder, names, are_folders)
            if not (excluded and excluded(os.path.join(folder, name), are_folders))
        ]


class _Ignoring:
    """What Git ignores in a folder: what its patterns name, unless it is tracked.

    In a folder that is ignored itself, everything is that is not tracked.
    """

    def __init__(
        self, level: Level | None, tracked: Tracked, *, everything: bool = False
    ) -> None:
        self._level = level
        self._tracked = tracked
        self._everything = everything

    def within(self, folder: str, special: dict[str, bool]) -> _Ignoring:
        """Return this with the patterns that a folder has itself."""
        level = _level(folder, special, self._level)
        if ".git" in special:
            return _Ignoring(level, Tracked(folder))
        return _Ignoring(level, self._tracked, everything=self._everything)

    def below(self, folder: str) -> _Ignoring:
        """Return what is ignored in a subfolder."""
        if self._everything or not self._ignores(folder, is_folder=True):
            return self
        return _Ignoring(self._level, self._tracked, everything=True)

    def kept(self, folder: str, names: list[str], are_folders: bool) -> Iterator[str]:
        """Yield the names in a folder that are not ignored."""
        level, prefix = self._level, _bytes_of(folder)
        for name in names:
            if (not self._everything and (
                level is None
                or not level.ignores(prefix + os.fsencode(name), folder=are_folders)
            )) or self._tracked.holds(os.path.join(folder, name)):
                yield name

    def _ignores(self, path: str, *, is_folder: bool) -> bool:
        level = self._level
        name = _bytes_of(path).removesuffix(b"/")
        return level is not None and level.ignores(name, folder=is_folder)


def _listed(folder: str, start: str) -> tuple[list[str], list[str], dict[str, bool]]:
    """Return the file names of candidates and the subfolders, sorted, and Git's entries.

    The last are `.git`, `.gitignore` and `.env`, if they exist; the value is true for a
    folder. ``start`` is where the walk began.
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
                elif name not in _IGNORED_FOLDERS and not (
                    is_forge and name == "workflows"
                ):
                    folders.append(name)
            elif (language := language_of(name)) and (
                entry.is_file(follow_symlinks=False)
                or (entry.is_symlink() and _is_own_file(entry.path, start, language))
            ):
                files.append(name)
            elif name in (".git", ".gitignore", ".env"):
                special[name] = False
    return sorted(files), sorted(folders), special


def _is_own_file(link: str, start: str, language: str) -> bool:
    """Return whether a link is judged by itself: its file is not found by its own name.

    Compose loads a main file with the folder of the link, so one from another folder
    counts anyway. So does a link that leaves the folder where the walk began: who reads
    it says why it is not read.
    """
    from tightship.engine.disk.files import Files  # links are few

    files = Files(start)
    real = files.place(files.name(link) or "")
    if isinstance(real, Refusal):
        return real.reason != "missing"
    path = files.path(real or "")
    if not os.path.isfile(path):
        return False
    folder, name = os.path.split(link)
    if name in MAIN_NAMES and folder != os.path.dirname(path):
        return True
    return language_of(os.path.basename(path)) != language


def _grouped(folder: str, names: list[str], listed: list[str]) -> Iterator[Candidate]:
    """Yield the files of a folder: its main file, the override, the others.

    ``listed`` are the files of ``COMPOSE_FILE``, which then are the main ones.
    """
    if listed and os.path.isfile(listed[0]) and not os.path.islink(listed[0]):
        yield Candidate(listed[0], "main", listed[0], "compose", folder)
        for name in names:
            path = os.path.join(folder, name)
            if path != listed[0]:
                yield Candidate(path, "side", listed[0], language_of(name))
        return
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


def _levels_above(path: str) -> Iterator[tuple[str, Level | None]]:
    """Yield a path and the folders above it in its work tree, the uppermost first.

    Each comes with the patterns that apply to it. Outside of Git, there are none.
    """
    inside = [path]
    while not os.path.lexists(os.path.join(inside[-1], ".git")):
        above = os.path.dirname(inside[-1])
        if above == inside[-1]:
            return
        inside.append(above)
    level = None
    for child, folder in reversed([*itertools.pairwise(inside)]):
        special = {".gitignore": False}
        if folder == inside[-1]:
            git = os.path.join(folder, ".git")
            special[".git"] = os.path.isdir(git) and not os.path.islink(git)
        level = _level(folder, special, level)
        yield child, level


def _level(folder: str, special: dict[str, bool], above: Level | None) -> Level | None:
    """Add a folder's own patterns to those above, which end at a repository."""
    start = len(_bytes_of(folder))
    if ".git" in special:
        above = None
        info = os.path.join(folder, ".git", "info")
        # In a linked work tree, `.git` is a file with a path. The repository is
        # untrusted, so that path is not followed.
        if special[".git"] and not os.path.islink(info):
            above = _read_level(os.path.join(info, "exclude"), start, None)
    if special.get(".gitignore") is False:
        return _read_level(os.path.join(folder, ".gitignore"), start, above)
    return above


def _read_level(path: str, start: int, above: Level | None) -> Level | None:
    from tightship.values.gitignore import MAX_BYTES, Level  # not for a single file

    text = read_regular(path, limit=MAX_BYTES)
    return above if isinstance(text, Refusal) else Level(text, start, above)


def _bytes_of(folder: str) -> bytes:
    """Return the prefix of the paths below a folder, as patterns match them."""
    path = os.fsencode(folder)
    if os.sep != "/":
        path = path.replace(os.fsencode(os.sep), b"/")
    return path if path.endswith(b"/") else path + b"/"
