"""``tightship migrate``: convert the settings of other linters, compare their reports."""

from __future__ import annotations

import os
import sys

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.engine.disk.root import real_path
from tightship.report.terminal import visible

_NAME = "tightship.toml"

_ABOUT = """\
Reads the settings of other linters in this folder, and prints an equivalent
tightship.toml. Settings without an equivalent become comments, each with the reason.
Then it lists the checks and the cases that you lose.

hadolint      .hadolint.yaml
tally         .tally.toml, tally.toml
dclint        .dclintrc, .dclintrc.json, .dclintrc.yaml, package.json
compose-lint  .compose-lint.yml
KICS          kics.config (YAML or JSON)
Checkov       .checkov.yaml
Trivy         trivy.yaml, .trivyignore, .trivyignore.yaml

With --compare, it checks the files in a report of another linter, and prints what both
find, what only Tightship finds, and what you lose, with the reason. The report is JSON of
hadolint or tally, or SARIF of hadolint, tally, Trivy, Checkov, KICS or Semgrep. The
settings here apply; else those that it would write.
"""

_EPILOG = """\
examples:
  tightship migrate           print the configuration
  tightship migrate --write   write it to tightship.toml
  hadolint --format json Dockerfile > hadolint.json
  tightship migrate --compare hadolint.json

exit codes:
  0  printed, written or compared
  2  no such settings here, --write and a configuration already exists, or a report
     that cannot be read or has files that are not here
  3  Tightship failed: a bug, or the file could not be written
"""


def run(arguments: list[str]) -> int:
    """Print or write the configuration; return the exit code."""
    given = parser().read(arguments)
    report = given.get("compare")
    if report is not None:
        return _compare(report, is_json=given.get("output_format") == "json")
    if "output_format" in given:
        raise UsageError("--output-format needs --compare")
    from tightship.engine.plan.settings_text import own_file
    from tightship.migration.migrate import migrated

    folder = real_path(os.curdir)
    there = own_file(folder) if given.get("write") else None
    if there is not None:
        raise UsageError(
            f"`{there}` already exists: it is not overwritten; without --write, the"
            " settings are printed"
        )
    translation = migrated(folder)
    if translation is None:
        raise UsageError("found no settings of another linter in this folder")
    lost = translation.losses()
    told = f"You lose these checks, or what they find in these cases:\n{lost}\n" if lost else ""
    if not given.get("write"):
        output = Output()
        output.write(translation.text())
        output.write("".join(f"# {line}\n" if line else "\n" for line in ("", *told.splitlines())))
        output.close()
        return 0
    from tightship.cli.output_file import write_file

    write_file(_NAME, translation.text())
    sys.stdout.write(f"Wrote {_NAME}; `tightship config` shows the settings in effect.\n")
    sys.stdout.write(told and f"\n{told}")
    return 0


def _compare(report: str, *, is_json: bool) -> int:
    """Print what both linters find, what one of them finds, and what was not compared."""
    from tightship.cli.comparison import compare, comparison_json, comparison_text
    from tightship.cli.options import print_problems
    from tightship.config.key import ConfigError
    from tightship.migration.reports import ReportError

    try:
        found = compare(report, real_path(os.curdir))
    except ReportError as error:
        raise UsageError(visible(str(error))) from None
    except ConfigError as error:
        return print_problems(error)
    output = Output()
    output.write(comparison_json(found) if is_json else comparison_text(found))
    output.close()
    return 2 if found.refused else 0


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("migrate", "[--write | --compare REPORT]", _ABOUT, _EPILOG)
    group = made.add_mutually_exclusive_group()
    group.add_argument(
        "--write",
        action="store_true",
        help=f"write {_NAME} into this folder, unless there is a configuration",
    )
    group.add_argument(
        "--compare",
        metavar="REPORT",
        help="compare the findings in a report of another linter with those of Tightship",
    )
    made.add_text_or_json("with --compare: text")
    return made
