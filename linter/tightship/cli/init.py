"""``tightship init``: a configuration to begin with."""

from __future__ import annotations

import os
import sys

from tightship.cli.arguments import Parser
from tightship.cli.console import OutputError, UsageError

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
    from tightship.engine.disk.new_file import NewFile, UnwritableError
    from tightship.engine.settings.configs import own_file
    from tightship.report.terminal import brief
    from tightship.rules import every_option

    there = own_file(os.path.realpath(os.curdir))
    if there is not None:
        raise UsageError(f"there is `{there}` already; `tightship config` shows it")
    try:
        file = NewFile(_NAME)
        file.write(template(with_options(every_option())))
        file.finish()
    except UnwritableError as error:
        raise OutputError(brief(str(error))) from None
    sys.stdout.write(
        f"Wrote {_NAME}: all is as by default until you set something there.\n"
    )
    return 0
