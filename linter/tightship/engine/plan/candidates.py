"""Finds the files to judge: those that are named, and those below named folders."""

from __future__ import annotations

import os

from tightship.engine.disk.given import LookUps, repository_of
from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import KnownDisk, holds
from tightship.lazy import regex
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from typing import Literal

    from tightship.engine.disk.given import Given
    from tightship.engine.plan.scope import Scope
    from tightship.engine.roles.role import Role

    Kind = Literal["main", "override", "side", "named"]

_OTHERS = (
    "dockerignore|j2|jinja2?|tmpl|tpl|template|templ|erb|ejs|gotmpl|mustache|hbs|in|m4|cmake"
    "|include|md|txt|rst|html|orig|rej|bak|swp|old|save|diff|patch|sh|py|js|ts|go|json|ya?ml|toml"
    "|7z|bz2|gif|gz|jar|jpe?g|lock|log|pdf|png|svg|tar|tgz|vim|webp|xml|xz|zip|zst"
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
    "compose": regex(r"(?s)(?:.*docker[-_.]?compose|compose)(?:[-_.].*)?\.ya?ml"),
    "dockerfile": regex(
        rf"(?si)(?:docker|container)file(?:[-_.](?!(?:.*\.)?(?:{_OTHERS})\Z).*)?"
        r"|.+\.(?:docker|container)file"
    ),
}

COMMANDS = "docker-run"
"""The language of files with commands that start containers."""

_LARGEST_ENV = 1_000_000


class Candidate:
    """A file to judge, and its relation to its folder.

    ``kind`` is ``main`` for the file that Compose loads there, ``override`` for the one
    that it merges over it, ``side`` for any other, second main names included, and
    ``named`` for a file that the user named. ``project`` is the path of the folder's
    main file, if it has one. ``language`` is None if the name matches no language.
    ``folder`` is the one in which Compose is called. The chains of its ``role`` are the
    invocations in which it is judged; the role is None as long as nobody has asked for it.
    ``by`` are the paths of the texts that name it, if its own name does not show what it is.
    """

    __slots__ = ("by", "folder", "kind", "language", "path", "project", "role")

    def __init__(
        self,
        path: str,
        kind: Kind,
        project: str | None,
        language: str | None,
        folder: str = "",
        role: Role | None = None,
        by: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self.by = by
        self.folder = folder or os.path.dirname(path)
        self.kind: Kind = kind
        self.project = project
        self.language = language
        self.role = role

    def with_role(self, role: Role) -> Candidate:
        """Return the same file with its role."""
        given = self.path, self.kind, self.project, self.language, self.folder
        return Candidate(*given, role, self.by)

    @property
    def left_out(self) -> Literal["template", "vendored"] | None:
        """Return why its role leaves it out of a run; None if it does not."""
        role = self.role
        if role is None:
            return None
        if role.purpose == "vendored" and self.kind != "named":
            return "vendored"
        is_loaded = self.language != "compose" or role.loading not in ("template", "other")
        return None if is_loaded else "template"

    def __repr__(self) -> str:
        return f"Candidate({self.path!r}, {self.kind})"


_USUAL = {**dict.fromkeys(MAIN_NAMES, "compose"), "Dockerfile": "dockerfile"}


def find(
    paths: Sequence[str | Given] = (".",),
    *,
    excluded: Callable[[str, bool], bool] | None = None,
    gitignore: bool = True,
    scope: Scope | None = None,
    disk: KnownDisk | None = None,
    every: bool = False,
    front_ends_of: Callable[[str], Collection[str]] = lambda _: (),
    take_text: Callable[[str, bytes], None] | None = None,
) -> Iterator[Candidate | Refusal]:
    """Yield the files at and below paths, each once, and the paths that are unreadable.

    Below a folder, these are files with a known name that Git tracks, or that no
    `.gitignore` ignores, and YAML files of other names that hold services, or include
    files that do. A link to a file counts under its own name, unless the file is found
    under another one; links to folders are not followed. Below a folder, main files come
    first.

    Args:
        paths: files, and folders to search.
        excluded: returns whether to leave out an absolute path that was not named; its
            flag is true for a folder.
        gitignore: whether a `.gitignore` counts.
        scope: takes files that look like Compose files or Dockerfiles, and are left out for
            another reason than that.
        disk: what the run knows of the disk.
        every: whether no name of a file or a folder hides what Git tracks.
        front_ends_of: returns what the settings for a path ask for.
        take_text: takes the path and the bytes of each text that may name other files.

    """
    disk = disk or KnownDisk()
    mains: dict[str, str | None] = {}
    look_ups = LookUps()
    given = [look_ups.of(one) if isinstance(one, str) else one for one in paths]
    # Of two links to one file, the first counts.
    named = {one.real: one.full for one in given[::-1] if one.kind is False}
    walk, done = None, set[str]()
    for start in given:
        kind, real = start.kind, start.real
        if isinstance(kind, Refusal):
            yield kind
            continue
        if real in done:
            continue
        done.add(real)
        if not kind:
            yield _named(start.full, mains, disk)
            continue
        if walk is None:
            from tightship.engine.plan.walk import Walk  # many runs name a file

            walk = Walk(disk, excluded, gitignore, scope, every=every)
            walk.front_ends_of, walk.take_text = front_ends_of, take_text
        for one in walk.below(real, start.path):
            if isinstance(one, Candidate):
                if one.path in done:
                    continue
                done.add(one.path)
                if one.path in named:
                    one = _named(named[one.path], mains, disk)
            yield one


def language_of(name: str) -> str | None:
    """Return the language of a file by its name: ``compose``, ``dockerfile`` or None."""
    if name in _USUAL:
        return _USUAL[name]
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
        if first is not None and not holds(top or repository_of(folder) or folder, first):
            return None
        if first is not None and exists(first):
            return first
    paths = (os.path.join(folder, name) for name in MAIN_NAMES)
    return next(filter(exists, paths), None)


def compose_file(folder: str, read: Callable[[str], bytes | Refusal] | None = None) -> list[str]:
    """Return the paths in the ``COMPOSE_FILE`` that a folder's `.env` sets.

    ``read`` gives the bytes of a file; without it, the disk does.
    """
    path = os.path.join(folder, ".env")
    text = read(path) if read else read_regular(path, limit=_LARGEST_ENV)
    # Most of these files do not set it.
    if isinstance(text, Refusal) or b"COMPOSE_FILE" not in text:
        return []
    from tightship.frontends.compose.loading.invocation import Options, invocation

    def source(path: str) -> Source | None:
        is_env = os.path.dirname(path) == folder
        return Source(".env", text.decode("utf-8", "replace")) if is_env else None

    call = invocation(folder, Options(), exists=lambda _: False, read=source)
    return call.files


def named(
    path: str,
    exists: Callable[[str], bool] = os.path.lexists,
    read: Callable[[str], bytes | Refusal] | None = None,
    *,
    top: str = "",
) -> Candidate:
    """Return the candidate for a named file, which may not exist yet, as :func:`main_file`."""
    folder, name = os.path.split(path)
    return Candidate(path, "named", main_file(folder, exists, read, top=top), language_of(name))


def _named(path: str, mains: dict[str, str | None], disk: KnownDisk) -> Candidate:
    folder, name = os.path.split(path)
    if folder not in mains:
        mains[folder] = main_file(folder, disk.exists)
    return Candidate(path, "named", mains[folder], language_of(name))


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
