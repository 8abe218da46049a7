"""The options that say which configuration counts, and what is said if it is wrong."""

from __future__ import annotations

import os

from tightship.cli.console import complain
from tightship.engine.plan.configs import Configs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.cli.arguments import Parser
    from tightship.config.problem import ConfigError


def add_config(parser: Parser) -> None:
    """Add the options to a parser."""
    group = parser.add_argument_group(
        "configuration",
        "by default, the nearest tightship.toml, .tightship.toml or pyproject.toml with\n"
        "[tool.tightship] counts, from the folder of each file up to its project root",
    )
    which = group.add_mutually_exclusive_group()
    which.add_argument(
        "--config",
        default="",
        metavar="FILE",
        help="take the settings from this file only; paths in it begin here",
    )
    which.add_argument(
        "--no-config",
        "--isolated",
        action="store_true",
        help="take no settings from any file",
    )
    group.add_argument(
        "--force-exclude",
        action="store_true",
        help="leave out what is excluded even where it is named, as hooks do",
    )


def configs_of(
    file: str,
    *,
    isolated: bool,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    overlay: Mapping[str, str | bytes] | None = None,
    baselines: bool = True,
    force_exclude: bool = False,
) -> Configs:
    """Return the settings that a command line asks for.

    Raises:
        ConfigError: if the file that it names makes no sense.

    """
    given = None
    if file:
        from tightship.engine.plan.configs import read_config

        given = read_config(file)
    return Configs(
        select,
        ignore,
        given=given,
        isolated=isolated,
        overlay=overlay,
        baselines=baselines,
        force_exclude=force_exclude,
    )


def complain_about(error: ConfigError) -> int:
    """Say what is wrong with a configuration, a line each; return the exit code."""
    from tightship.report.terminal import brief

    for problem in error.problems:
        line, column = problem.span.source.point(problem.span.start)
        path = problem.span.source.name
        if error.root:
            path = os.path.relpath(os.path.join(error.root, path))
        place = f"{brief(path)}:{line + 1}:{column + 1}"
        complain(f"{place}: {brief(problem.message)}")
    return 2
