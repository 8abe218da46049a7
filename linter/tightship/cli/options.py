"""Options that several commands share, in groups: each adds itself to a parser, and is read."""

from __future__ import annotations

import os

from tightship.cli.console import print_error
from tightship.engine.disk.root import canonical, real_path
from tightship.engine.plan.config_files import Configs
from tightship.engine.settings import CommandLine
from tightship.engine.settings.selection import Selection
from tightship.frontends.compose.loading.invocation import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tightship.cli.arguments import Given, Parser
    from tightship.config.key import ConfigError
    from tightship.config.settings import Settings
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.disk.files import Files
    from tightship.engine.disk.git_tree import UndoneChange
    from tightship.engine.plan.settings_before import SettingsBefore
    from tightship.findings import Severity


class SelectionOptions:
    """The words that select rules, severities by such words, and ``--fail-on``."""

    def __init__(self, given: Given) -> None:
        self.select: list[str] = given.get("select", [])
        self.ignore: list[str] = given.get("ignore", [])
        self.extend: list[str] = given.get("extend_select", [])
        given_severities: list[Sequence[tuple[str, Severity]]] = given.get("severity", [])
        self.severity = {word: level for some in given_severities for word, level in some}
        self.fail_on: str = given.get("fail_on", "")

    @property
    def selection(self) -> Selection:
        """Return the rules that the words select."""
        return Selection(self.select, self.ignore, self.extend)

    def only(self, word: str) -> SelectionOptions:
        """Return options that select what one word names."""
        return SelectionOptions({"select": [word], "fail_on": self.fail_on})

    @staticmethod
    def add_to(parser: Parser, same_help: str = "") -> None:
        """Add the options to a parser; one help text may replace those of all."""
        parser.add_rules_from()
        add = parser.add_argument
        add(
            "--select",
            action="append",
            metavar="WORDS",
            help=same_help or "run only these rules (default: the set `default`)",
        )
        add(
            "--extend-select",
            action="append",
            metavar="WORDS",
            help=same_help or "run these rules, too, in addition to all others",
        )
        add(
            "--ignore", action="append", metavar="WORDS", help=same_help or "do not run these rules"
        )
        add(
            "--severity",
            action="append",
            type=_severities,
            metavar="WORD=LEVEL",
            help=same_help
            or "the severity of the findings of a rule, theme or set: error, warning or info;"
            " may be given several times",
        )
        add(
            "--fail-on",
            choices=("error", "warning", "info", "never"),
            metavar="SEVERITY",
            help=same_help
            or "the lowest severity that gives exit code 1: "
            "error, warning, info or never (default: as configured, or warning)",
        )


def _severities(text: str) -> list[tuple[str, Severity]]:
    """Read ``WORD=LEVEL``, or several with commas between them."""
    from tightship.cli.arguments import wrong_value
    from tightship.engine.plan.settings_text import Vocabulary
    from tightship.findings import Severity

    levels = {severity.word: severity for severity in Severity}
    known, read = Vocabulary(), list[tuple[str, Severity]]()
    for part in text.split(","):
        word, equals, level = (one.strip() for one in part.partition("="))
        if not equals:
            raise wrong_value(f"`{part}` has no level: write `{part}=error`")
        if level not in levels:
            choices = ", ".join(reversed(levels))
            raise wrong_value(f"unknown level `{level}`; choose from {choices}")
        if not known.knows(word):
            guess = known.guess(word)
            hint = f"did you mean `{guess}`?" if guess else "`tightship rule` lists them"
            raise wrong_value(f"unknown rule, theme or set `{word}`; {hint}")
        read.append((word, levels[level]))
    return read


class ConfigurationOptions:
    """The one configuration file to read, or none, in place of the nearest."""

    def __init__(self, given: Given) -> None:
        self.file: str = given.get("config", "")
        self.isolated: bool = given.get("no_config", False)
        self.exclude: list[str] = given.get("exclude", [])
        self.force_exclude: bool = given.get("force_exclude", False)
        self.target: str = given.get("target", "")
        self.facts: list[str] = given.get("facts", [])

    @staticmethod
    def add_to(parser: Parser, *, exclude: bool = True, facts: bool = False) -> None:
        """Add the options to a parser, with ``--exclude`` and ``--facts`` or not."""
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
            help="read settings only from this file; its paths are relative to the current folder",
        )
        which.add_argument(
            "--no-config", "--isolated", action="store_true", help="read no configuration file"
        )
        if exclude:
            group.add_argument(
                "--exclude",
                action="append",
                metavar="PATTERN",
                help="leave these files and folders out, as a `.gitignore` in this folder"
                " would, in addition to what the configuration excludes",
            )
        if facts:
            group.add_argument(
                "--facts",
                action="append",
                metavar="FILE",
                help="a file of facts about images or services, for fixes, in addition to"
                " tightship-facts.toml next to a project and to those of the configuration",
            )
        group.add_argument(
            "--force-exclude",
            action="store_true",
            help="apply `exclude` also to named files, as hooks need",
        )

    def configs(
        self,
        line: CommandLine | None = None,
        *,
        overlay: Mapping[str, str | bytes] | None = None,
        baseline: Baseline | None = None,
        baselines: bool = True,
    ) -> Configs:
        """Return the settings of a run; ``line`` has those of other options.

        Raises:
            ConfigError: if the file that ``--config`` names is invalid.

        """
        line = self._command_line(line)
        return Configs(
            line,
            given=self._given(),
            isolated=self.isolated,
            overlay=overlay,
            baseline=baseline,
            baselines=baselines and line.accept,
            force_exclude=self.force_exclude,
            options=self._options(),
        )

    def configs_before(
        self,
        change: UndoneChange,
        line: CommandLine | None = None,
        *,
        files: Callable[[Files], Files],
        place: Callable[[str], str] | None = None,
        baseline: Baseline | None = None,
    ) -> SettingsBefore:
        """Return the settings of a run as they were before a change.

        ``files`` returns the files before it, and ``place`` where a path was then, if
        that is another folder.
        """
        from tightship.engine.plan.settings_before import SettingsBefore

        given = self._given(change)
        line = self._command_line(line)
        return SettingsBefore(
            files,
            change.former,
            place,
            command_line=line,
            given=given,
            isolated=self.isolated or (bool(self.file) and given is None),
            baseline=baseline,
            baselines=line.accept,
            force_exclude=self.force_exclude,
            options=self._options(),
        )

    def _given(self, change: UndoneChange | None = None) -> Settings | None:
        """Return the settings of ``--config``; None if a change adds the file."""
        if not self.file:
            return None
        from tightship.config.key import ConfigError
        from tightship.engine.plan.settings_text import read_config

        path = canonical(self.file)
        if change is None or not change.changes(path):
            return read_config(self.file)
        data = change.content(path)
        try:
            return read_config(self.file, data) if data is not None else None
        except ConfigError:
            return None

    def _options(self) -> dict[str, dict[str, str]] | None:
        if not self.target:
            return None
        return {"grade-below-target": {"grade": self.target}}

    def _command_line(self, line: CommandLine | None) -> CommandLine:
        line = line or CommandLine()
        return line.replaced(exclude=self.exclude, folder=real_path(os.curdir), facts=self.facts)


def print_problems(error: ConfigError) -> int:
    """Print the problems of a configuration, a line each; return the exit code."""
    from tightship.report.report import Place
    from tightship.report.terminal import brief

    for problem in error.problems:
        place = Place(problem.span)
        path = place.path
        if error.root:
            path = os.path.relpath(os.path.join(error.root, path))
        print_error(f"{place.seen_as(brief(path))}: {brief(problem.message)}")
    return 2


class ComposeOptions:
    """What Compose would be called with, and the variables that it would see."""

    def __init__(self, given: Given) -> None:
        is_open = given.get("env_from_process", False)
        self.loading = Options(
            files=given.get("file", ()),
            env_files=given.get("env_file", ()),
            profiles=given.get("profile", ()),
            project_directory=given.get("project_directory", ""),
            name=given.get("project_name", ""),
            environment=os.environ if is_open else None,
        )

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


def add_policies(parser: Parser) -> None:
    """Add the options that name policies to a parser."""
    group = parser.add_argument_group(
        "policies",
        "Nothing in the checked files weakens a policy: no settings, comments or baselines.",
    )
    group.add_argument(
        "--policy",
        action="append",
        metavar="FILE",
        help="also check what this policy demands; `FILE#sha256=HEX` takes no other content of"
        " the file; may be given several times",
    )
    group.add_argument(
        "--policy-from",
        action="append",
        metavar="REF:PATH",
        help="the same, with a policy as a Git commit has it, such as origin/main:policy.toml",
    )
