"""``tightship check``: judge files and report what is found."""

from __future__ import annotations

import os
import sys

from tightship.cli.baseline import add_baseline, load, place_of, save
from tightship.cli.composed import add_options, environment_of, options_of
from tightship.cli.configured import add_config, complain_about, configs_of
from tightship.cli.console import Output, UsageError, complain
from tightship.cli.fixing import add_fixes, fixable
from tightship.cli.progress import Progress
from tightship.cli.reports import Reports, add_reports
from tightship.config.problem import ConfigError
from tightship.engine.check import check
from tightship.engine.disk.regular import MAX_BYTES
from tightship.engine.settings.selection import Selection, UnknownWordError
from tightship.report.summary import Summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from tightship.cli.arguments import Parser
    from tightship.engine.fix.run import Fixing
    from tightship.engine.plan.changes import Changes
    from tightship.engine.verdict import Judged

_ABOUT = """\
Checks Compose files and Dockerfiles for containers that are less isolated than they
need be.

A folder stands for the Compose projects and Dockerfiles in it and below it, a file for
the projects that it belongs to, and - for a file that is read from standard input. A
Dockerfile that a service builds is judged together with that service.
"""

_EPILOG = """\
words of --select and --ignore, also several with commas between them:
  a rule            writable-root-filesystem
  a theme           filesystem, capabilities, namespaces, resources, ...
  a set             default, or strict for every rule there is
  an id of a peer   CL-0007, DL3002, kics:ae5b6871
What is ignored is ignored, however it was selected.

examples:
  tightship check
  tightship check compose.yaml compose.prod.yaml
  tightship check web/Dockerfile
  tightship check -f compose.yaml -f compose.prod.yaml
  tightship check --select strict --fail-on info
  tightship check --ignore supply_chain --output-format json > report.json
  tightship check --output-format text --output-format sarif=results.sarif
  tightship check --diff --unsafe-fixes
  tightship check --changed-since origin/main
  tightship check --write-baseline
  tightship check --baseline tightship-baseline.json
  tightship check --fix --fix-only obsolete-version,duplicate-key
  tightship check - --stdin-filename app/compose.yaml < compose.yaml

exit codes:
  0  nothing found at the grade of --fail-on or above; after --fix, nothing left
  1  found something; with --diff, fixes would change something
  2  the command line makes no sense, a PATH holds nothing to check, or a part
     could not be judged, such as a file that is missing or not YAML
  3  Tightship failed: it has a bug, or its output could not be written
"""


class Options:
    """What the command line of ``check`` asks for; without options, the defaults."""

    __slots__ = (
        "baseline",
        "changed_since",
        "color",
        "config",
        "diff",
        "env_file",
        "env_from_process",
        "fail_on",
        "file",
        "fix",
        "fix_only",
        "force_exclude",
        "ignore",
        "no_config",
        "output_file",
        "output_format",
        "paths",
        "project_directory",
        "quiet",
        "select",
        "stdin_filename",
        "unsafe_fixes",
        "verbose",
        "write_baseline",
    )

    def __init__(self, arguments: list[str]) -> None:
        """Read a command line; argparse ends the run if it makes no sense."""
        self.paths = arguments
        self.select: list[str] = []
        self.ignore: list[str] = []
        self.output_format: list[tuple[str, str]] = []
        self.output_file = ""
        self.fail_on = ""
        self.config = ""
        self.no_config = False
        self.force_exclude = False
        self.stdin_filename = "compose.yaml"
        self.color = "auto"
        self.verbose = False
        self.quiet = False
        self.file: list[str] = []
        self.env_file: list[str] = []
        self.project_directory = ""
        self.env_from_process = False
        self.fix = False
        self.unsafe_fixes = False
        self.fix_only: list[str] = []
        self.diff = False
        self.baseline = ""
        self.write_baseline = False
        self.changed_since = ""
        # To load argparse and set it up is an eighth of a run. Paths need none of it.
        if any(word.startswith("-") for word in arguments):
            found = _parser(self).read(arguments, "paths")
            for name in self.__slots__:
                setattr(self, name, getattr(found, name))


def run(arguments: list[str]) -> int:
    """Check what the arguments name; return the exit code."""
    options, output = Options(arguments), Output()
    reports, tally = Reports(options, output), Summary()
    progress = Progress(sys.stderr)
    fixing = _fixing(options)
    paths, stdin = _inputs(options)
    changes = _changes(options, paths)
    baseline = load(options.baseline) if _is_used(options) else None
    found: list[Judged] = []
    selection = Selection(options.select, options.ignore)
    try:
        configs = configs_of(
            options.config,
            isolated=options.no_config,
            select=options.select,
            ignore=options.ignore,
            overlay=fixing.overlay if fixing is not None else None,
            baselines=not options.write_baseline,
            force_exclude=options.force_exclude,
        )
        reports.begin()
        for verdict in check(
            paths,
            selection,
            stdin=stdin,
            options=options_of(options),
            environment=environment_of(options),
            fixing=fixing,
            baseline=baseline,
            changes=changes,
            configs=configs,
            fail_on=options.fail_on,
        ):
            tally.add(verdict)
            if options.write_baseline:
                found += verdict.findings
            text = "" if options.diff else reports.verdict(verdict)
            if text:
                progress.erase()
                output.write(text)
            progress.show(tally)
        shown = "" if options.diff else reports.closing(tally)
        known = place_of(options, configs) if options.write_baseline else ""
    except UnknownWordError as error:
        raise UsageError(f"{error} (`tightship rule` lists them)") from None
    except ConfigError as error:
        return complain_about(error)
    finally:
        reports.discard()
        progress.erase()
    if fixing is not None and options.diff:
        return _show_diff(fixing, tally, options, output)
    output.write(shown)
    if fixing is not None:
        _tell(fixing, options, output if reports.show_text else sys.stderr)
    output.close()
    if not tally.files and not tally.gaps:
        if changes is not None:
            complain(f"nothing to check has changed since {options.changed_since}")
            return 0
        where = ", ".join(options.paths) or "."
        complain(f"no Compose file or Dockerfile found below {where}")
        return 2 if options.paths and not options.force_exclude else 0
    if options.write_baseline:
        sys.stderr.write(save(known, found))
        return 0
    return 2 if fixing is not None and fixing.refused else _exit_code(tally)


def _changes(options: Options, paths: list[str]) -> Changes | None:
    """Return what has changed since the commit that is asked for, if one is."""
    if not options.changed_since:
        return None
    if not paths:
        raise UsageError("--changed-since is of no use for standard input")
    if options.write_baseline:
        raise UsageError("a baseline of what has changed would lack all the rest")
    from tightship.cli.changed import changes_since

    return changes_since(options.changed_since, options.file or paths)


def _is_used(options: Options) -> bool:
    """Tell whether a baseline counts: one that is to be written need not be there."""
    return bool(options.baseline) and not options.write_baseline


def _fixing(options: Options) -> Fixing | None:
    """Return what applies the fixes that are asked for, if any are."""
    if not options.fix and not options.diff:
        if options.unsafe_fixes or options.fix_only:
            raise UsageError(
                "--unsafe-fixes and --fix-only say which fixes are meant: add --fix to"
                " apply them, or --diff to see them"
            )
        return None
    if options.paths == ["-"] and not options.diff:
        raise UsageError("standard input cannot be fixed in place; --diff shows how")
    from tightship.engine.fix.fixes import FixSelection
    from tightship.engine.fix.run import Fixing

    names = fixable(options.fix_only)
    wanted = FixSelection(unsafe=options.unsafe_fixes, names=names)
    return Fixing(wanted, write=not options.diff)


def _show_diff(fixing: Fixing, tally: Summary, options: Options, output: Output) -> int:
    """Write what fixes would change, and nothing to any file."""
    from tightship.report.fixed import diff, fix_summary
    from tightship.report.terminal import Paint

    paint = Paint(on=output.is_colored(options.color))
    output.write(diff(fixing.changes, os.path.realpath(os.curdir), paint))
    output.close()
    if not options.quiet:
        sys.stderr.write(fix_summary(fixing, written=False))
    return 2 if tally.gaps else int(bool(fixing.changes))


def _tell(fixing: Fixing, options: Options, stream: Output | TextIO) -> None:
    """Say what was fixed, where a report for programs does not."""
    from tightship.report.fixed import fix_summary

    if not options.quiet or fixing.refused:
        stream.write(fix_summary(fixing, written=True))


def _exit_code(tally: Summary) -> int:
    if tally.gaps:
        return 2
    return int(tally.fails)


def _inputs(options: Options) -> tuple[list[str], tuple[str, bytes] | None]:
    """Return the paths to check, or the name and text of standard input."""
    if options.file and options.paths:
        raise UsageError("with -f, the files named there are checked, and no PATH")
    if "-" not in options.paths:
        return options.paths or ["."], None
    if len(options.paths) > 1:
        raise UsageError("`-` stands for the only file to check, without other paths")
    if sys.stdin is None:
        raise UsageError("`-` was given, but there is no standard input")
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageError(f"standard input is larger than {MAX_BYTES:,} bytes")
    return [], (options.stdin_filename, data)


def _parser(usual: Options) -> Parser:
    from tightship.cli.arguments import Parser

    parser = Parser("check", "[PATH ...] [options]", _ABOUT, _EPILOG)
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="folders, files, or - (default: .)")
    add(
        "--select",
        action="append",
        default=[],
        metavar="WORDS",
        help="look for these only (default: the set `default`)",
    )
    add(
        "--ignore",
        action="append",
        default=[],
        metavar="WORDS",
        help="do not look for these",
    )
    add(
        "--fail-on",
        choices=("error", "warning", "info", "never"),
        default=usual.fail_on,
        metavar="GRADE",
        help="the lowest grade that makes the exit code 1: "
        "error, warning, info or never (default: as configured, or warning)",
    )
    add(
        "--stdin-filename",
        default=usual.stdin_filename,
        metavar="NAME",
        help="the name that standard input goes by (default: compose.yaml)",
    )
    add(
        "--color",
        choices=("auto", "always", "never"),
        default=usual.color,
        metavar="WHEN",
        help="auto, always or never (default: auto, which heeds NO_COLOR)",
    )
    add(
        "--changed-since",
        default="",
        metavar="REF",
        help="check only the projects that a change since this commit of Git touches,"
        " in a file that they are made of; what is not committed counts",
    )
    add_reports(parser)
    add_fixes(parser)
    add_baseline(parser)
    add_config(parser)
    detail = parser.add_mutually_exclusive_group()
    detail.add_argument(
        "-v", "--verbose", action="store_true", help="show infos in full"
    )
    detail.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        help="leave out the summary, and infos unless the run fails on them",
    )
    add_options(parser, profiles=False)
    return parser
