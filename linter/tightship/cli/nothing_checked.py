"""What ``tightship check`` says if there was nothing to check."""

from __future__ import annotations

import os

from tightship.cli.console import print_error
from tightship.engine.disk.root import real_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.cli.options.output import OutputOptions
    from tightship.report.report import Summary


def explain_nothing(summary: Summary, paths: Sequence[str], options: OutputOptions) -> bool:
    """Print why nothing was checked; return whether nothing has changed."""
    if summary.changed_since:
        print_error(f"nothing to check has changed since {summary.changed_since}")
        _explain_settings(summary, options)
        return True
    where = ", ".join(paths) or "."
    print_error(f"no Compose file or Dockerfile found below {where}")
    _explain_settings(summary, options)
    if summary.skipped and not options.quiet:
        from tightship.report.wording import skipped_lines

        here = real_path(os.curdir)
        for line in skipped_lines(summary, here, is_whole=options.verbose):
            print_error(line)
    return False


def _explain_settings(summary: Summary, options: OutputOptions) -> None:
    if options.quiet or not (summary.effects or summary.added_settings):
        return
    from tightship.report.wording import configuration_lines

    for line in configuration_lines(summary, real_path(os.curdir)):
        print_error(line)
