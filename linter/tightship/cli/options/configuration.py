"""The options that choose configuration files."""

from __future__ import annotations

import os

from tightship.cli.console import print_error
from tightship.engine.plan.config_files import Configs
from tightship.engine.settings.command_line import CommandLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.cli.arguments import Given, Parser
    from tightship.config.problem import ConfigError
    from tightship.findings import Severity


class ConfigurationOptions:
    """The one configuration file to read, or none, in place of the nearest."""

    def __init__(self, given: Given) -> None:
        self.file: str = given.get("config", "")
        self.isolated: bool = given.get("no_config", False)
        self.exclude: list[str] = given.get("exclude", [])
        self.force_exclude: bool = given.get("force_exclude", False)
        self.target: str = given.get("target", "")

    @staticmethod
    def add_to(parser: Parser, *, exclude: bool = True) -> None:
        """Add the options to a parser, with ``--exclude`` or not."""
        group = parser.add_argument_group(
            "configuration",
            "default: the nearest tightship.toml, .tightship.toml or pyproject.toml"
            " with\n[tool.tightship], from the folder of each file up to its"
            " project root",
        )
        which = group.add_mutually_exclusive_group()
        which.add_argument(
            "--config",
            metavar="FILE",
            help="read settings only from this file; its paths are relative to the"
            " current folder",
        )
        which.add_argument(
            "--no-config",
            "--isolated",
            action="store_true",
            help="read no configuration file",
        )
        if exclude:
            group.add_argument(
                "--exclude",
                action="append",
                metavar="PATTERN",
                help="leave these files and folders out, as a `.gitignore` in this folder"
                " would, in addition to what the configuration excludes",
            )
        group.add_argument(
            "--force-exclude",
            action="store_true",
            help="apply `exclude` also to named files, as hooks need",
        )

    def configs(
        self,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        *,
        extend_select: Sequence[str] = (),
        severity: Mapping[str, Severity] | None = None,
        accept: bool = True,
        overlay: Mapping[str, str | bytes] | None = None,
        baselines: bool = True,
    ) -> Configs:
        """Return the settings of a run.

        Raises:
            ConfigError: if the file that ``--config`` names is invalid.

        """
        given = None
        if self.file:
            from tightship.engine.plan.config_files import read_config

            given = read_config(self.file)
        return Configs(
            select,
            ignore,
            given=given,
            isolated=self.isolated,
            overlay=overlay,
            baselines=baselines and accept,
            force_exclude=self.force_exclude,
            options={"grade-below-target": {"grade": self.target}}
            if self.target
            else None,
            command_line=CommandLine(
                extend_select=extend_select,
                severity=severity,
                exclude=self.exclude,
                folder=os.path.realpath(os.curdir),
                accept=accept,
            ),
        )


def print_problems(error: ConfigError) -> int:
    """Print the problems of a configuration, a line each; return the exit code."""
    from tightship.report.place import Place
    from tightship.report.terminal import brief

    for problem in error.problems:
        place = Place(problem.span)
        path = place.path
        if error.root:
            path = os.path.relpath(os.path.join(error.root, path))
        print_error(f"{place.seen_as(brief(path))}: {brief(problem.message)}")
    return 2
