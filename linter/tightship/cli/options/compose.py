"""The options of ``docker compose``: files, folder, profiles and variables."""

from __future__ import annotations

import os

from tightship.compose.loading.options import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.cli.arguments import Given, Parser


class ComposeOptions:
    """What Compose would be called with, and the variables that it would see."""

    __slots__ = ("environment", "loading")

    def __init__(self, given: Given) -> None:
        self.loading = Options(
            files=given.get("file", ()),
            env_files=given.get("env_file", ()),
            profiles=given.get("profile", ()),
            project_directory=given.get("project_directory", ""),
            name=given.get("project_name", ""),
        )
        is_open = given.get("env_from_process", False)
        self.environment: Mapping[str, str] | None = os.environ if is_open else None

    @staticmethod
    def add_to(parser: Parser, *, profiles: bool) -> None:
        """Add the options to a parser, under the names that ``docker compose`` uses."""
        add = parser.add_argument_group("as docker compose has them").add_argument
        add(
            "-f",
            "--file",
            action="append",
            metavar="FILE",
            help="take these files together, each laid over those before it",
        )
        add(
            "--env-file",
            action="append",
            metavar="FILE",
            help="take variables from here instead of .env",
        )
        add(
            "--project-directory",
            metavar="FOLDER",
            help="where relative paths start (default: the folder of the first file)",
        )
        if profiles:
            add(
                "--profile",
                action="append",
                metavar="NAME",
                help="a profile that is active; * for all (default: what"
                " COMPOSE_PROFILES names)",
            )
            add("-p", "--project-name", metavar="NAME", help="its name")
        add(
            "--env-from-process",
            action="store_true",
            help="let the variables of this process have a say; without it, a verdict is"
            " the same for everyone",
        )
