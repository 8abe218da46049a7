"""``tightship migrate``: convert the settings of other linters."""

from __future__ import annotations

import os
import sys

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.engine.disk.root import real_path

_NAME = "tightship.toml"

_ABOUT = """\
Reads the settings of other linters in this folder, and prints an equivalent
tightship.toml. Settings without an equivalent become comments, each with the reason.

hadolint      .hadolint.yaml
dclint        .dclintrc, .dclintrc.json, .dclintrc.yaml, package.json
compose-lint  .compose-lint.yml
KICS          kics.config (YAML or JSON)
Checkov       .checkov.yaml
Trivy         trivy.yaml, .trivyignore, .trivyignore.yaml
"""

_EPILOG = """\
examples:
  tightship migrate           print the configuration
  tightship migrate --write   write it to tightship.toml

exit codes:
  0  printed or written
  2  no such settings here, or --write and a configuration already exists
  3  Tightship failed: a bug, or the file could not be written
"""


def run(arguments: list[str]) -> int:
    """Print or write the configuration; return the exit code."""
    given = parser().read(arguments)
    from tightship.engine.plan.config_files import own_file
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
    if not given.get("write"):
        output = Output()
        output.write(translation.text())
        output.close()
        return 0
    from tightship.cli.output_file import write_file

    write_file(_NAME, translation.text())
    sys.stdout.write(f"Wrote {_NAME}; `tightship config` shows the settings in effect.\n")
    return 0


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("migrate", "[--write]", _ABOUT, _EPILOG)
    made.add_argument(
        "--write",
        action="store_true",
        help=f"write {_NAME} into this folder, unless there is a configuration",
    )
    return made
