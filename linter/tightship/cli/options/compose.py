"""The options of ``docker compose``: files, folder, profiles and variables."""

from __future__ import annotations

import os

from tightship.frontends.compose.loading.options import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.cli.arguments import Given, Parser


class ComposeOptions:
    """What Compose would be called with, and the variables that it would see."""

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
        add = parser.add_argument_group("options of docker compose").add_argument
        add("-f", "--file", action="append", metavar="FILE", help="merge these files in this order")
        add(
            "--env-file",
            action="append",
            metavar="FILE",
            help="read variables from this file instead of .env",
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
                help="an active profile; * for all (default: COMPOSE_PROFILES)",
            )
            add("-p", "--project-name", metavar="NAME", help="the project name")
        add(
            "--env-from-process",
            action="store_true",
            help="also use environment variables of this process; without it,"
            " results are the same for everyone",
        )
