"""An archived image as the stage of a Dockerfile that makes it, for all that reads stages."""

from __future__ import annotations

import posixpath

from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.build_context import BuildContext
from tightship.lazy import regex
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.image_archive.archive import ArchivedImage, ImageConfig
    from tightship.frontends.image_archive.file_system import FileSystem

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MOST_PROGRAMS = 5_000

USER = regex(r"(?a)[\w.-]+(:[\w.-]+)?")
"""The form of a user, with or without a group, which an engine looks up."""


def _program(config: ImageConfig, files: FileSystem, name: str) -> str:
    """Return the path of a program by its name, or the name where there is none."""
    if "/" in name:
        return name
    for folder in _folders(config):
        path = posixpath.join(folder, name)
        place = files.resolved(path)
        status = files.files.get(place) if place is not None else None
        if status is not None and status.mode & 0o111:
            return path
    return name


def archived_stage(image: ArchivedImage, files: FileSystem) -> Stage:
    """Return a stage that makes an image: from scratch, with its files and its settings.

    Its context is the file system of the image.
    """

    def text_at(path: str) -> Source | None:
        text = files.text(path)
        return None if text is None else Source(path, text)

    def among(folder: str, names: Sequence[str]) -> Iterator[str]:
        return (name for name in names if files.text(posixpath.join(folder, name)) is not None)

    context = BuildContext("", None, among, text_at, is_certain=True, is_bare=True)
    lines = "".join(f"{line}\n" for line in _instructions(image.config, files))
    made = Build(read(Source(image.digest, lines)), context=context).target()
    assert made is not None
    return made


def _instructions(config: ImageConfig, files: FileSystem) -> Iterator[str]:
    from json import dumps

    yield "FROM scratch"
    # Scripts call others by their names.
    folders = {files.resolved(one) for one in _folders(config)}
    programs = [one for one in files.texts if posixpath.dirname(one) in folders]
    for path in programs[:_MOST_PROGRAMS]:
        yield f"COPY {dumps(['/' + path, '/' + path])}"
    yield "COPY / /"
    yield f"USER {config.user if USER.fullmatch(config.user) else '$UNKNOWN'}"
    if config.folder.startswith("/") and "$" not in config.folder:
        yield f"WORKDIR {dumps(config.folder)}"
    first, words = [*config.entrypoint], [*config.command]
    started = first or words
    if started:
        started[0] = _program(config, files, started[0])
    for instruction, own in (("ENTRYPOINT", first), ("CMD", words)):
        if own:
            yield f"{instruction} {dumps(own)}"


def _folders(config: ImageConfig) -> list[str]:
    """Return the folders of ``PATH``."""
    given = [one.removeprefix("PATH=") for one in config.variables if one.startswith("PATH=")]
    return [one for one in (given or [_PATH])[-1].split(":") if one.startswith("/")]
