"""What ``tightship check --diff`` would change: a patch, and the summary of it."""

from __future__ import annotations

import os
import sys

from tightship.cli.console import print_error
from tightship.engine.disk.root import real_path
from tightship.report.rewriting import diff, rewriting_summary
from tightship.report.terminal import Paint
from tightship.report.wording import gap_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.console import Output
    from tightship.cli.options.output import OutputOptions
    from tightship.engine.fix.run import Rewriting
    from tightship.report.report import Summary


def write_patch(rewriting: Rewriting, options: OutputOptions, output: Output) -> None:
    """Write what a run would change, and nothing to any file."""
    paint = Paint(on=output.is_colored(options.color))
    output.write(diff(rewriting.changes, real_path(os.curdir), paint))


def explain_patch(rewriting: Rewriting, summary: Summary, options: OutputOptions) -> int:
    """Print what the patch does, and what was not checked; return the exit code."""
    if not options.quiet:
        sys.stderr.write(rewriting_summary(rewriting, written=False))
    here = real_path(os.curdir)
    for line in gap_lines(summary.gaps, here, is_whole=options.verbose):
        print_error(line)
    return 2 if summary.gaps else int(bool(rewriting.changes))
