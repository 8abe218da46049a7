"""Options that say how Compose is called: which files, folder and variables."""

from __future__ import annotations

import os

from tightship.compose.loading.options import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from tightship.cli import check
    from tightship.cli.arguments import Parser


def add_options(parser: Parser, *, profiles: bool) -> None:
    """Let a command take what ``docker compose`` takes, under the same names."""
    group = parser.add_argument_group("as docker compose has them")
    add = group.add_argument
    add(
        "-f",
        "--file",
        action="append",
        default=[],
        metavar="FILE",
        help="take these files together, each laid over those before it",
    )
    add(
        "--env-file",
        action="append",
        default=[],
        metavar="FILE",
        help="take variables from here instead of .env",
    )
    add(
        "--project-directory",
        default="",
        metavar="FOLDER",
        help="where relative paths start (default: the folder of the first file)",
    )
    if profiles:
        add(
            "--profile",
            action="append",
            default=[],
            metavar="NAME",
            help="a profile that is active; * for all (default: what COMPOSE_PROFILES names)",
        )
        add("-p", "--project-name", default="", metavar="NAME", help="its name")
    add(
        "--env-from-process",
        action="store_true",
        help="let the variables of this process have a say; without it, a verdict is"
        " the same for everyone",
    )


def options_of(found: Namespace | check.Options) -> Options:
    """Return what Compose would be called with."""
    return Options(
        files=found.file,
        env_files=found.env_file,
        profiles=getattr(found, "profile", ()),
        project_directory=found.project_directory,
        name=getattr(found, "project_name", ""),
    )


def environment_of(found: Namespace | check.Options) -> Mapping[str, str] | None:
    """Return the process environment, if it was asked for."""
    return os.environ if found.env_from_process else None
