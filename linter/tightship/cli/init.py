"""``tightship init``: write a first configuration file."""

from __future__ import annotations

import os
import sys

from tightship.cli.arguments import Parser
from tightship.cli.console import UsageError
from tightship.cli.output_file import write_file
from tightship.engine.disk.root import real_path

_NAME = "tightship.toml"

_ABOUT = f"""\
Writes {_NAME} into this folder, with every setting explained and commented out. It
does not change an existing file.
"""

_EPILOG = """\
exit codes:
  0  written
  2  a configuration already exists
  3  Tightship failed: a bug, or the file could not be written
"""


def run(arguments: list[str]) -> int:
    """Write the file; return the exit code."""
    parser().read(arguments)
    from tightship.config.keys import with_options
    from tightship.config.text import template
    from tightship.engine.plan.settings_text import own_file
    from tightship.rules import every_option

    there = own_file(real_path(os.curdir))
    if there is not None:
        raise UsageError(f"`{there}` already exists; `tightship config` shows it")
    write_file(_NAME, template(with_options(every_option())))
    sys.stdout.write(f"Wrote {_NAME}: the defaults apply until you change a setting.\n")
    return 0


def parser() -> Parser:
    """Return the parser of the command line."""
    return Parser("init", "", _ABOUT, _EPILOG)
