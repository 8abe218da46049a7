"""``tightship migrate``: convert the settings of other linters, compare their reports."""

from __future__ import annotations

import os
import sys

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.engine.check import Filters, check
from tightship.engine.disk.files import Files
from tightship.engine.disk.given import read_given
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import holds, project_root, real_path
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths
from tightship.engine.plan.settings_text import own_file, read_config
from tightship.engine.settings import CommandLine
from tightship.engine.settings.selection import MissingExtraError
from tightship.report.redaction import redacted
from tightship.report.terminal import visible, visible_path
from tightship.report.wording import counted
from tightship_annexes.migration.comparison import (
    MOST_BYTES,
    ReportError,
    compared,
    is_known,
    read_report,
)
from tightship_annexes.migration.migrate import migrated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.verdict import JudgedFinding
    from tightship.report.json import Json
    from tightship_annexes.migration.comparison import Comparison, PeerFinding


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
    from tightship_annexes.migration.migrate import migrated

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
        output.close("".join(f"# {line}\n" if line else "\n" for line in ("", *told.splitlines())))
        return 0
    from tightship.cli.output_file import write_file

    write_file(_NAME, translation.text())
    sys.stdout.write(f"Wrote {_NAME}; `tightship config` shows the settings in effect.\n")
    sys.stdout.write(told and f"\n{told}")
    return 0


def _compare(report: str, *, is_json: bool) -> int:
    """Print what both linters find, what one of them finds, and what was not compared."""
    from tightship_annexes.migration.comparison import ReportError

    try:
        found = compare(report, real_path(os.curdir))
    except ReportError as error:
        raise UsageError(visible(str(error))) from None
    output = Output()
    output.close(comparison_json(found) if is_json else comparison_text(found))
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


_MOST_PLACES = 3
_SETS = ("default", "hygiene", "shellcheck")
_WITHOUT_SHELLCHECK = "the extra `tightship[shellcheck]` is not installed"


def compare(report: str, folder: str) -> Comparison:
    """Check the files of a report, as the settings here do or would after a migration.

    Args:
        report: the path of the report.
        folder: the folder that its paths are relative to, without links.

    Raises:
        ReportError: if it cannot be read.
        ConfigError: if a configuration is invalid.

    """
    data = read_given(report, limit=MOST_BYTES)
    if isinstance(data, Refusal):
        raise ReportError(data.message)
    theirs, refused = _on_disk(read_report(data, report), folder)
    try:
        return _compared(theirs, folder).replaced(refused=refused)
    except MissingExtraError:
        found = _compared(theirs, folder, ignore=("shellcheck",))
        lost = [
            one.replaced(reason=_WITHOUT_SHELLCHECK) if one.finding.check.startswith("SC") else one
            for one in found.lost
        ]
        return found.replaced(lost=lost, refused=refused)


def _compared(
    theirs: Mapping[str, Sequence[PeerFinding]], folder: str, ignore: Sequence[str] = ()
) -> Comparison:
    settings = _settings(folder)
    configs = Configs(CommandLine(() if settings else _SETS, ignore), given=settings)
    paths = [path for path, found in theirs.items() if any(is_known(one.check) for one in found)]
    plan = plan_paths(sorted(paths), configs)
    verdicts = check(plan, Filters(redact=redacted)) if paths else ()
    selection = configs.runner(folder, Files(project_root(folder, here=folder))).selection
    return compared(theirs, verdicts, selection, settings.ignore if settings else ())


def _settings(folder: str) -> Settings | None:
    """Return the settings here; else those that a migration would write."""
    own = own_file(folder)
    if own is not None:
        return read_config(own)
    translation = migrated(folder)
    if translation is None:
        return None
    return read_config("tightship.toml", translation.text().encode())


def _on_disk(
    found: Iterable[PeerFinding], folder: str
) -> tuple[dict[str, list[PeerFinding]], list[str]]:
    """Return findings by the absolute paths of their files, and the paths that are refused."""
    root = project_root(folder, here=folder)
    theirs: dict[str, list[PeerFinding]] = {}
    refused = dict[str, None]()
    for one in found:
        full = real_path(os.path.join(folder, one.path))
        if not one.path:
            refused["a finding names no file"] = None
        elif not holds(root, full):
            refused[f"`{one.path}` is outside of the project root, so it is not read"] = None
        elif not os.path.isfile(full):
            refused[f"`{one.path}` is no file here"] = None
        else:
            name = os.path.relpath(full, root).replace(os.sep, "/")
            theirs.setdefault(full, []).append(one.replaced(path=name))
    return theirs, [*refused]


def comparison_text(comparison: Comparison) -> str:
    """Return a comparison for people, in groups of the same check or rule."""
    both, only, lost = comparison.both, comparison.only_here, comparison.lost
    lines = [f"Both find {counted(len(both), 'finding')}."]
    lines += ["", f"Only Tightship finds {counted(len(only), 'finding')}."]
    rules = _grouped((one.rule.name, "", one.span.source.name, one.span.line) for one in only)
    lines += [f"  {name}: {_places(places)}" for (name, _), places in rules]
    lines += ["", f"You lose {counted(len(lost), 'finding')}."]
    checks = _grouped(
        (one.finding.check, one.reason, one.finding.path, one.finding.line) for one in lost
    )
    for (name, reason), places in checks:
        lines += [f"  {visible(name)}: {_places(places)}", f"    {reason}"]
    if comparison.refused:
        lines += ["", "Not compared:"]
        lines += [f"  {visible(one)}" for one in comparison.refused]
    return "\n".join(lines) + "\n"


def _grouped(found: Iterable[tuple[str, str, str, int]]) -> list[tuple[tuple[str, str], list[str]]]:
    """Return places by their name and reason, the largest group first."""
    groups = dict[tuple[str, str], list[str]]()
    for name, reason, path, line in found:
        groups.setdefault((name, reason), []).append(f"{visible_path(path)}:{line}")
    return sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))


def _places(places: list[str]) -> str:
    shown = ", ".join(places[:_MOST_PLACES])
    more = len(places) - _MOST_PLACES
    return f"{len(places)}, in {shown} and {more} more" if more > 0 else f"{shown}"


def comparison_json(comparison: Comparison) -> str:
    """Return a comparison for programs."""
    from tightship.report.json import SCHEMA, encoder

    data: dict[str, Json] = {
        "schema": SCHEMA,
        "both": [{**_theirs(one), "rule": judged.rule.name} for one, judged in comparison.both],
        "only_here": [_ours(one) for one in comparison.only_here],
        "lost": [{**_theirs(one.finding), "reason": one.reason} for one in comparison.lost],
        "refused": [*comparison.refused],
    }
    return encoder()(data) + "\n"


def _theirs(one: PeerFinding) -> dict[str, Json]:
    return {"check": one.check, "path": one.path, "line": one.line, "message": one.message}


def _ours(one: JudgedFinding) -> dict[str, Json]:
    path, message = one.span.source.name, one.finding.message
    return {"rule": one.rule.name, "path": path, "line": one.span.line, "message": message}
