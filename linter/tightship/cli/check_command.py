"""The command line of ``tightship check``: its options, and its help."""

from __future__ import annotations

from tightship.cli.check_options import (
    BaselineOptions,
    ChangeOptions,
    FixOptions,
    OutputOptions,
    SuppressionOptions,
    number_of_jobs,
)
from tightship.cli.options import (
    ComposeOptions,
    ConfigurationOptions,
    SelectionOptions,
    add_policies,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser

_ABOUT = """\
Checks the isolation of containers in Compose files and Dockerfiles.

A folder means the Compose projects and Dockerfiles in it and below it, a file means the
projects that it belongs to, and - means a file on standard input. A Dockerfile that a
service builds is checked together with that service.
"""

_EPILOG = """\
words of --select, --extend-select, --ignore and --severity, separated by commas:
  a rule            writable-root-filesystem
  a theme           filesystem, capabilities, namespaces, resources, ...
  a set             default, hygiene, shellcheck, or strict for all but shellcheck
  an id of another linter
                    CL-0007, hadolint:DL3002, SC2086, AVD-DS-0002, CKV_DOCKER_3
--ignore wins over --select.

examples:
  tightship check
  tightship check compose.yaml compose.prod.yaml
  tightship check web/Dockerfile
  tightship check -f compose.yaml -f compose.prod.yaml
  tightship check --select strict --fail-on info
  tightship check --extend-select no-healthcheck --severity root-user=error
  tightship check --exclude vendor/ --exclude '*.example.yaml'
  tightship check --statistics --select strict
  tightship check --show-files --output-format json
  tightship check --add-ignores --reason 'accepted until the move in May'
  tightship check --no-ignores --fail-on never
  tightship check --ignore supply_chain --output-format json > report.json
  tightship check --output-format text --output-format sarif=results.sarif
  tightship check --diff --all-fixes
  tightship check --target B
  tightship check --changed-since origin/main
  tightship check --watch web
  tightship check --write-baseline
  tightship check --baseline known.json
  tightship check --policy-from origin/main:policy.toml
  tightship check --fix --fix-only obsolete-version,duplicate-key
  tightship check - --stdin-filename app/compose.yaml < compose.yaml

exit codes:
  0  no findings at or above the severity of --fail-on; after --fix, none left
  1  findings; with --diff, fixes would change something
  2  invalid arguments, nothing to check, or a part could not be checked, such as a
     file that is missing or not YAML
  3  Tightship failed: a bug, or its output could not be written
"""


class Options:
    """The command line of ``check``; without options, the defaults."""

    def __init__(self, arguments: list[str]) -> None:
        """Read a command line; argparse ends the run if it is invalid."""
        self.arguments = arguments
        given: Given = {"paths": arguments}
        if any(word.startswith("-") for word in arguments):
            given = parser().read(arguments, "paths")
        self.paths: list[str] = given["paths"]
        self.stdin_filename: str = given.get("stdin_filename", "compose.yaml")
        self.changes = ChangeOptions(given)
        self.watch: bool = given.get("watch", False)
        self.jobs: int = given.get("jobs", 0)  # 0 is one for each processor
        self.selection = SelectionOptions(given)
        self.output = OutputOptions(given)
        self.fixes = FixOptions(given)
        self.baseline = BaselineOptions(given)
        self.suppressions = SuppressionOptions(given)
        self.configuration = ConfigurationOptions(given)
        self.compose = ComposeOptions(given)
        self.policies: list[str] = given.get("policy", [])
        self.policies_from: list[str] = given.get("policy_from", [])


def parser() -> Parser:
    """Return the parser of the command line."""
    from tightship.cli.arguments import Parser

    made = Parser("check", "[PATH ...] [options]", _ABOUT, _EPILOG)
    add = made.add_argument
    add("paths", nargs="*", metavar="PATH", help="folders, files, or - (default: .)")
    SelectionOptions.add_to(made)
    add(
        "--stdin-filename",
        metavar="NAME",
        help="the file name of standard input (default: compose.yaml)",
    )
    add(
        "--target",
        choices=("A", "B", "C", "D", "E"),
        metavar="GRADE",
        help="report each service with an isolation grade (A to F) below this one",
    )
    made.add_color()
    ChangeOptions.add_to(made)
    add(
        "--jobs",
        type=number_of_jobs,
        metavar="N",
        help="check in this many processes, if there are 200 Compose files or more"
        " (default: one per processor); json and html use one",
    )
    add("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    OutputOptions.add_to(made)
    FixOptions.add_to(made)
    BaselineOptions.add_to(made)
    SuppressionOptions.add_to(made)
    add_policies(made)
    ConfigurationOptions.add_to(made, facts=True)
    ComposeOptions.add_to(made, profiles=False)
    return made
