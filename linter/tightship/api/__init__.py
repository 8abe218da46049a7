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
    Options,
    Position,
    Profile,
    Related,
    Result,
    Severity,
)
from tightship.engine import check as engine
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths, plan_text, plan_texts
from tightship.engine.plan.settings_text import read_config
from tightship.engine.settings import CommandLine
from tightship.frontends.compose.loading.invocation import Options as Invocation
from tightship.rules.definition import OWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


__all__ = [
    "Edit",
    "Finding",
    "Fix",
    "Grade",
    "Mark",
    "Mechanism",
    "Options",
    "Position",
    "Profile",
    "Related",
    "Result",
    "Severity",
    "check",
    "check_text",
    "check_texts",
    "facts",
]


_DEFAULTS = Options()


def check(*paths: str | os.PathLike[str], options: Options = _DEFAULTS) -> Result:
    """Check files, and everything below folders, as ``tightship check`` does.

    Args:
        paths: files and folders; without any, the current folder.
        options: what to select and to read.

    Raises:
        ValueError: if a word of ``select`` or ``ignore`` is unknown or needs an extra that
            is not installed, if a package of ``rules_from`` cannot be used, if a
            configuration is invalid, or if there are both paths and ``compose_files``.

    """
    if paths and options.compose_files:
        raise ValueError("either paths or compose_files are checked, not both")
    names = [os.fspath(path) for path in paths] or [os.curdir]
    configs, invocation = _configs(options), _invocation(options)
    plan = plan_paths(names, configs, invocation)
    return result_of(engine.check(plan), plan.scope)


def check_text(
    text: str | bytes,
    filename: str | os.PathLike[str] = "compose.yaml",
    *,
    options: Options = _DEFAULTS,
) -> Result:
    """Check a text as if it were in a file, which need not exist.

    The files next to it are read: the override of a ``compose.yaml``, ``.env``, and the
    Dockerfiles that it builds.

    Args:
        text: the text to check.
        filename: the path of that file; the name decides whether it is a Dockerfile.
        options: what to select and to read; ``compose_files`` is not for a text.

    Raises:
        ValueError: if a word of ``select`` or ``ignore`` is unknown, if a configuration is
            invalid, or if there are ``compose_files``.

    """
    if options.compose_files:
        raise ValueError("either a text or compose_files are checked, not both")
    plan = plan_text(os.fspath(filename), text, _configs(options), _invocation(options))
    return result_of(engine.check(plan))


def check_texts(texts: Mapping[str, str | bytes], *, options: Options = _DEFAULTS) -> Result:
    """Check texts as if they were the files of a folder, without a disk.

    Nothing is read or looked up anywhere else, so a program can check files that are in
    a table, an archive or a message. Files that belong together must be in one call: a
    ``compose.yaml`` with its override, ``.env``, and the Dockerfiles that it builds. What
    a project needs and the texts lack is a gap, where it matters to the verdict.

    Args:
        texts: the text of each file by its path from the folder, with ``/``.
        options: what to select; all others are about files, which are not read here.

    Returns:
        What was found. Every ``root`` is empty, and all paths are as they were given.

    Raises:
        ValueError: if a word of ``select`` or ``ignore`` is unknown, if there are other
            options, or if a path is absolute or has a part that is empty, ``.`` or ``..``.

    """
    select, ignore, rules_from = options.select, options.ignore, options.rules_from
    if options != Options(select=select, ignore=ignore, rules_from=rules_from):
        raise ValueError(
            "texts are checked with no options but `select`, `ignore` and `rules_from`"
        )
    for path in texts:
        if not {"", ".", ".."}.isdisjoint(path.split("/")) or "\0" in path:
            raise ValueError(f"not a path below the folder: {path!r}")
    _use_rules(options)
    configs = Configs(CommandLine(select, ignore), isolated=True, baselines=False)
    return result_of(engine.check(plan_texts(texts, configs)), root="")


def facts(
    *paths: str | os.PathLike[str], options: Options = _DEFAULTS, show_secrets: bool = False
) -> tuple[dict[str, Any], ...]:
    """Return the facts about each project, as ``tightship explain --output-format json``.

    Each has the keys of ``facts.schema.json``. A Dockerfile that no service builds is one of
    its own, without a ``project``.

    Args:
        paths: files and folders; without any, the current folder.
        options: what to read; nothing is selected.
        show_secrets: whether to give passwords, keys and tokens as they are.

    Raises:
        ValueError: if a configuration is invalid, or if there are both paths and
            ``compose_files``.

    """
    from tightship.report.facts import facts_data

    if paths and options.compose_files:
        raise ValueError("either paths or compose_files are read, not both")
    names = [os.fspath(path) for path in paths] or [os.curdir]
    verdicts = engine.check(plan_paths(names, _configs(options), _invocation(options)))
    projects = (one.project for one in verdicts)
    return tuple(facts_data(p, shows_secrets=show_secrets) for p in projects if p is not None)


def _invocation(options: Options) -> Invocation:
    return Invocation(
        files=[os.fspath(path) for path in options.compose_files],
        env_files=[os.fspath(path) for path in options.env_files],
        project_directory=os.fspath(options.project_directory),
        environment=options.environment,
    )


def _use_rules(options: Options) -> None:
    if options.rules_from or OWN:
        from tightship.rules.own import use

        use(options.rules_from)


def _configs(options: Options) -> Configs:
    _use_rules(options)
    given = read_config(os.fspath(options.config)) if options.config is not None else None
    line = CommandLine(options.select, options.ignore)
    return Configs(line, given=given, isolated=options.no_config)
