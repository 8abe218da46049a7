"""``tightship init``: write a first configuration file."""

from __future__ import annotations

import os
import sys

from tightship.cli.arguments import Parser
from tightship.cli.console import UsageError
from tightship.cli.output_file import write_file

_NAME = "tightship.toml"

_ABOUT = f"""\
Writes {_NAME} into this folder: every setting, explained, and commented out. A file
that is there is left alone.
"""

_EPILOG = """\
exit codes:
  0  written
  2  there is a configuration already
  3  Tightship failed: it has a bug, or the file could not be written
"""


def run(arguments: list[str]) -> int:
    """Write the file; return the exit code."""
    Parser("init", "", _ABOUT, _EPILOG).parse_args(arguments)
    from tightship.config.keys import with_options
    from tightship.config.template import template
    from tightship.engine.plan.config_files import own_file
    from tightship.rules import every_option

    there = own_file(os.path.realpath(os.curdir))
    if there is not None:
        raise UsageError(f"there is `{there}` already; `tightship config` shows it")
    write_file(_NAME, template(with_options(every_option())))
    sys.stdout.write(
        f"Wrote {_NAME}: all is as by default until you set something there.\n"
    )
    return 0
