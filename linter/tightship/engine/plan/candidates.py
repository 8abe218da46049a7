"""Finds the files to judge: those that are named, and those below named folders."""

from __future__ import annotations

import os
import re

from tightship.compose.loading.options import MAIN_NAMES, OVERRIDE_NAMES
from tightship.engine.disk.regular import (
    MAX_BYTES,
    Refusal,
    failed,
    is_folder,
    is_junction,
    read_regular,
)
from tightship.engine.disk.root import canonical, holds, is_within_root, real_path
from tightship.engine.plan.compose_text import holds_services, is_template
from tightship.engine.plan.ignoring import Ignoring
from tightship.engine.plan.skipped import (
    SkippedFile,
    ignored_file,
    named_alike,
    refused_file,
)
from tightship.engine.plan.tracked import refused_link, repository_of
from tightship.lazy.regex import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Literal

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
# last dot excludes templates, and other files next to a Dockerfile.
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

_LARGEST_ENV = 1_000_000

# Folders with files of tools and of other people.
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


_OUTSIDE = "names a `COMPOSE_FILE` outside the project root: it is not read"


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
    skipped: Callable[[SkippedFile], None] | None = None,
) -> Iterator[Candidate | Refusal]:
    """Yield the files at and below paths, each once, and the paths that are unreadable.

    Below a folder, these are files with a known name that Git tracks, or that no
    `.gitignore` ignores, and YAML files of other names that hold services. A link to a
    file counts under its own name, unless the file is found under another one; links to
    folders are not followed. The order is that of the paths; below a folder, it is folder
    by folder, its main file first.

    ``excluded`` returns whether to leave out an absolute path that was not named; its
    flag is true for a folder. ``skipped`` is called with files that look like Compose files or
    Dockerfiles, and are left out for another reason than that.
    """
    mains: dict[str, str | None] = {}
    named: dict[str, str] = {}
    checked: list[tuple[str, str, bool | Refusal]] = []
    for path in paths:
        full = canonical(path)
        kind = refused_link(path) or is_folder(full, name=path)
        checked.append((path, full, kind))
        if kind is False:
            named.setdefault(real_path(full), full)
    walk, done = _Walk(excluded, gitignore, skipped), set[str]()
    for path, full, kind in checked:
        if isinstance(kind, Refusal):
            yield kind
            continue
        real = real_path(full)
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
    folder: str,
    exists: Callable[[str], bool] = os.path.lexists,
    read: Callable[[str], bytes | Refusal] | None = None,
    *,
    top: str = "",
) -> str | None:
    """Return the path of the file that Compose loads in a folder, if there is one.

    A link counts, wherever it leads. So does the first file of ``COMPOSE_FILE`` in
    `.env`; if that is outside of the folder and of its repository, there is none. ``top``
    is the folder of that repository, if it is known.
    """
    if exists(os.path.join(folder, ".env")):
        first = next(iter(compose_file(folder, read)), None)
        if first is not None and not holds(
            top or repository_of(folder) or folder, first
        ):
            return None
        if first is not None and exists(first):
            return first
    paths = (os.path.join(folder, name) for name in MAIN_NAMES)
    return next(filter(exists, paths), None)


def compose_file(
    folder: str, read: Callable[[str], bytes | Refusal] | None = None
) -> list[str]:
    """Return the paths in the ``COMPOSE_FILE`` that a folder's `.env` sets.

    ``read`` gives the bytes of a file; without it, the disk does.
    """
    path = os.path.join(folder, ".env")
    text = read(path) if read else read_regular(path, limit=_LARGEST_ENV)
    # Most of these files do not set it.
    if isinstance(text, Refusal) or b"COMPOSE_FILE" not in text:
        return []
    from tightship.compose.loading.invocation import Options, invocation

    def source(path: str) -> Source | None:
        is_env = os.path.dirname(path) == folder
        return Source(".env", text.decode("utf-8", "replace")) if is_env else None

    call = invocation(folder, Options(), exists=lambda _: False, read=source)
    return call.files


def _named(path: str, mains: dict[str, str | None]) -> Candidate:
    folder, name = os.path.split(path)
    if folder not in mains:
        mains[folder] = main_file(folder)
    return Candidate(path, "named", mains[folder], language_of(name))


class _Walk:
    """A walk through a folder, without recursion."""

    def __init__(
        self,
        excluded: Callable[[str, bool], bool] | None,
        gitignore: bool,
        skipped: Callable[[SkippedFile], None] | None,
    ) -> None:
        self._excluded = excluded
        self._gitignore = gitignore
        self._skipped = skipped

    def below(self, start: str, shown: str) -> Iterator[Candidate | Refusal]:
        """Yield the candidates below a folder; refusals name it as the user did."""
        ignoring = Ignoring.at(start) if self._gitignore else Ignoring()
        pending = [(start, shown, ignoring)]
        while pending:
            folder, shown, ignoring = pending.pop()
            try:
                files, others, folders, special, alike = _listed(folder, start)
            except OSError as error:
                # A folder that was removed meanwhile has no files.
                if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
                    yield failed(error).about(shown)
                continue
            if special and self._gitignore and (files or folders or others):
                ignoring = ignoring.within(folder, special)
            listed = compose_file(folder) if ".env" in special else []
            kept = self._kept(folder, files, ignoring, False)
            others = self._kept(folder, others, ignoring, False)
            found = [
                (name, _of_other_name(os.path.join(folder, name))) for name in others
            ]
            kept += (name for name, is_compose in found if is_compose is True)
            if self._skipped is not None:
                left = {*files}.difference(kept)
                alike += (ignored_file(folder, name) for name in sorted(left))
                alike += (one for _, one in found if isinstance(one, SkippedFile))
                self._report(alike, ignoring)
            if listed and not is_within_root(listed[0], folder, start):
                yield Refusal(os.path.join(shown, ".env"), "outside-root", _OUTSIDE)
                listed = []
            if listed and not _is_regular(listed[0]):
                listed = []
            yield from grouped(folder, kept, listed)
            for name in reversed(self._kept(folder, folders, ignoring, True)):
                below = name if shown == "." else os.path.join(shown, name)
                path = os.path.join(folder, name)
                pending.append((path, below, ignoring.below(path)))

    def _report(self, files: list[SkippedFile], ignoring: Ignoring) -> None:
        """Report files that are left out, unless the configuration leaves them out."""
        for one in files:
            folder, name = os.path.split(one.path)
            if self._excluded and self._excluded(one.path, False):
                continue
            is_kept = one.reason == "ignored" or [*ignoring.kept(folder, [name], False)]
            if is_kept and self._skipped is not None:
                self._skipped(one)

    def _kept(
        self, folder: str, names: list[str], ignoring: Ignoring, are_folders: bool
    ) -> list[str]:
        excluded = self._excluded
        return [
            name
            for name in ignoring.kept(folder, names, are_folders)
            if not (excluded and excluded(os.path.join(folder, name), are_folders))
        ]


def _listed(
    folder: str, start: str
) -> tuple[list[str], list[str], list[str], dict[str, bool], list[SkippedFile]]:
    """Return the names of candidates, other YAML files and subfolders, and Git's entries.

    All are sorted. Git's are `.git`, `.gitignore` and `.env`, if they exist; the value is
    true for a folder. The last are files that are not judged. ``start`` is where the walk
    began.
    """
    files: list[str] = []
    others: list[str] = []
    folders: list[str] = []
    special: dict[str, bool] = {}
    alike: list[SkippedFile] = []
    above = os.path.basename(folder)
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if is_junction(entry):  # links are not followed
                    continue
                if name == ".git":
                    special[name] = True
                elif not is_skipped(name, above):
                    folders.append(name)
            elif language := language_of(name):
                found: bool | SkippedFile = entry.is_file(follow_symlinks=False)
                if not found:
                    found = _special_file(
                        entry.path, entry.is_symlink(), start, language
                    )
                if isinstance(found, SkippedFile):
                    alike.append(found)
                elif found:
                    files.append(name)
            elif name in (".git", ".gitignore", ".env"):
                special[name] = False
            elif (
                name.endswith((".yml", ".yaml"))
                and name[0] != "."
                and entry.is_file(follow_symlinks=False)
            ):
                others.append(name)
            elif (one := named_alike(folder, name)) is not None:
                alike.append(one)
    alike.sort(key=lambda one: one.path)
    return sorted(files), sorted(others), sorted(folders), special, alike


def _is_regular(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)


def is_skipped(name: str, above: str) -> bool:
    """Return whether nothing is searched in a folder, by its name and the one above."""
    return name in _IGNORED_FOLDERS or (above in _FORGES and name == "workflows")


def _of_other_name(path: str) -> bool | SkippedFile:
    """Return whether a YAML file of any name is a Compose file, by its text."""
    text = read_regular(path, limit=MAX_BYTES)
    if isinstance(text, Refusal):
        return refused_file(path, text) or False
    if not holds_services(text):
        return False
    if not is_template(text):
        return True
    return SkippedFile(path, "template", "it is a template")


def _special_file(
    path: str, is_link: bool, start: str, language: str
) -> bool | SkippedFile:
    """Return whether a link is judged by itself: its file is not found by its own name.

    Compose loads a main file with the folder of the link, so one from another folder
    counts anyway. So does a link that leaves the folder where the walk began: who reads
    it says why it is not read.
    """
    if not is_link:
        return SkippedFile(path, "not-regular", "it is not a regular file")
    from tightship.engine.disk.files import Files  # links are few

    files = Files(start)
    real = files.place(files.name(path) or "")
    if isinstance(real, Refusal):
        if real.reason != "missing":
            return True
        return SkippedFile(
            path, "missing", "it is a link to a file that does not exist"
        )
    target = files.path(real or "")
    if not os.path.isfile(target):
        return False
    folder, name = os.path.split(path)
    if name in MAIN_NAMES and folder != os.path.dirname(target):
        return True
    return language_of(os.path.basename(target)) != language


def grouped(folder: str, names: list[str], listed: list[str]) -> Iterator[Candidate]:
    """Yield the files of a folder: its main file, the override, the others.

    ``listed`` are the files of ``COMPOSE_FILE``, which then are the main ones.
    """
    if listed:
        yield Candidate(listed[0], "main", listed[0], "compose", folder)
        for name in names:
            path = os.path.join(folder, name)
            if path != listed[0]:
                language = language_of(name) or "compose"
                yield Candidate(path, "side", listed[0], language)
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
        language = language_of(name) or "compose"
        yield Candidate(path, kinds.get(name, "side"), project, language)
