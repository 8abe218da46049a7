"""Tightship from Python: ``tightship.check`` and ``tightship.check_text``.

This module is stable: within a major version, names and fields stay and keep their
meaning, and new ones may be added. Everything else in the package is internal.

Results are values: frozen, comparable and hashable. Lines and columns count from 1,
columns in code points, and an end is the position after the last character. The command
line never loads this module, so it can use ``dataclasses``.
"""

from __future__ import annotations

import os

from tightship.api.results import result_of
from tightship.api.values import (
    Edit,
    Finding,
    Fix,
    Grade,
    Mark,
    Mechanism,
    Position,
    Profile,
    Related,
    Result,
    Severity,
)
from tightship.engine import check as engine
from tightship.engine.plan.config_files import Configs, read_config
from tightship.engine.settings.selection import Selection
from tightship.frontends.compose.loading.invocation import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.engine.plan.skipped import SkippedFile

__all__ = [
    "Edit",
    "Finding",
    "Fix",
    "Grade",
    "Mark",
    "Mechanism",
    "Position",
    "Profile",
    "Related",
    "Result",
    "Severity",
    "check",
    "check_text",
    "check_texts",
]


def check(
    *paths: str | os.PathLike[str],
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    compose_files: Sequence[str | os.PathLike[str]] = (),
    env_files: Sequence[str | os.PathLike[str]] = (),
    project_directory: str | os.PathLike[str] = "",
    environment: Mapping[str, str] | None = None,
    config: str | os.PathLike[str] | None = None,
    no_config: bool = False,
) -> Result:
    """Check files, and everything below folders, as ``tightship check`` does.

    Args:
        paths: files and folders; without any, the current folder.
        select: rules, themes, sets and ids of other linters to check.
        ignore: the ones not to check.
        compose_files: files to merge, as ``docker compose -f`` does; they are checked
            instead of paths.
        env_files: files to read variables from, instead of ``.env``.
        project_directory: the folder where relative paths start.
        environment: variables of the process to use; without them, the result is the
            same for everyone.
        config: the configuration file to read, instead of the nearest.
        no_config: whether to read no configuration file.

    Raises:
        ValueError: if a word of ``select`` or ``ignore`` is unknown or needs an extra that
            is not installed, if a configuration is invalid, or if there are both paths
            and ``compose_files``.

    """
    if paths and compose_files:
        raise ValueError("either paths or compose_files are checked, not both")
    options = Options(
        files=[os.fspath(path) for path in compose_files],
        env_files=[os.fspath(path) for path in env_files],
        project_directory=os.fspath(project_directory),
    )
    skipped: list[SkippedFile] = []
    verdicts = engine.check(
        [os.fspath(path) for path in paths] or [os.curdir],
        Selection(select, ignore),
        options=options,
        environment=environment,
        configs=_configs(select, ignore, config, no_config),
        skipped=skipped.append,
    )
    return result_of(verdicts, skipped)


def check_text(
    text: str | bytes,
    filename: str | os.PathLike[str] = "compose.yaml",
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    config: str | os.PathLike[str] | None = None,
    no_config: bool = False,
) -> Result:
    """Check a text as if it were in a file, which need not exist.

    The files next to it are read: the override of a ``compose.yaml``, ``.env``, and the
    Dockerfiles that it builds.

    Args:
        text: the text to check.
        filename: the path of that file; the name decides whether it is a Dockerfile.
        select: rules, themes, sets and ids of other linters to check.
        ignore: the ones not to check.
        config: the configuration file to read, instead of the nearest.
        no_config: whether to read no configuration file.

    Raises:
        ValueError: if a word of ``select`` or ``ignore`` is unknown, or if a
            configuration is invalid.

    """
    return result_of(
        engine.check(
            [],
            Selection(select, ignore),
            stdin=(os.fspath(filename), text),
            configs=_configs(select, ignore, config, no_config),
        )
    )


def check_texts(
    texts: Mapping[str, str | bytes], *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Result:
    """Check texts as if they were the files of a folder, without a disk.

    Nothing is read or looked up anywhere else, so a program can check files that are in
    a table, an archive or a message. Files that belong together must be in one call: a
    ``compose.yaml`` with its override, ``.env``, and the Dockerfiles that it builds. What
    a project needs and the texts lack is a gap, where it matters to the verdict.

    Args:
        texts: the text of each file by its path from the folder, with ``/``.
        select: rules, themes, sets and ids of other linters to check.
        ignore: the ones not to check.

    Returns:
        What was found. Every ``root`` is empty, and all paths are as they were given.

    Raises:
        ValueError: if a word of ``select`` or ``ignore`` is unknown, or if a path is
            absolute or has a part that is empty, ``.`` or ``..``.

    """
    from tightship.engine.check_texts import check_texts as verdicts

    for path in texts:
        if not {"", ".", ".."}.isdisjoint(path.split("/")) or "\0" in path:
            raise ValueError(f"not a path below the folder: {path!r}")
    return result_of(verdicts(texts, Selection(select, ignore)), root="")


def _configs(
    select: Sequence[str],
    ignore: Sequence[str],
    config: str | os.PathLike[str] | None,
    no_config: bool,
) -> Configs:
    given = read_config(os.fspath(config)) if config is not None else None
    return Configs(select, ignore, given=given, isolated=no_config)
