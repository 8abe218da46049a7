"""``tightship diff``: what a change does to the isolation of each service."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.cli.operands import is_path
from tightship.cli.options import ConfigurationOptions
from tightship.engine.disk.git_tree import UndoneChange
from tightship.engine.disk.given import look_up
from tightship.engine.disk.recorded import RecordedFiles
from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import canonical, holds, project_root, real_path
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.config_files import NAMES
from tightship.engine.plan.plan import Inputs, Plan, main_files_above
from tightship.engine.plan.planning import below, plan_paths, plan_tree
from tightship.engine.plan.scope import Scope
from tightship.engine.settings import CommandLine
from tightship_annexes.review.compare.compare import compare
from tightship_annexes.review.compare.revision import Revision
from tightship_annexes.review.new_findings import unread_gaps, with_new_findings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tightship.engine.disk.git_tree import TreeFiles, Trees
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.settings_before import SettingsBefore
    from tightship_annexes.review.compare.change import Comparison
    from tightship_annexes.review.compare.revision import ChangedView

_ABOUT = """\
Compares the isolation of each service, and of each image that no service builds, before
and after a change: better, worse or different, with the places on both sides. With
revisions, it also lists what `tightship check` finds new. A change without effect prints
nothing.

BASE and HEAD are Git revisions, files or folders; without HEAD, BASE is compared with
the work tree. With revisions, the comparison starts at their merge base, and each existing
PATH, with a `/` or the ending .yml or .yaml or a folder, limits it to what is there.
Tightship reads Git's objects directly: it checks nothing out, and skips files that Git
ignores.
"""

_USAGE = "diff takes BASE, or BASE and HEAD: commits, files or folders"

_SEVERITIES = ("error", "warning", "info")

_NO_CHANGE = UndoneChange({}, {}, lambda _name, _limit: None)

_EPILOG = """\
examples:
  tightship diff main                  the effect of this branch
  tightship diff v1.2 v1.3 --exact     from one release to the next
  tightship diff main shop             only below a folder
  tightship diff old/compose.yaml new/compose.yaml
  tightship diff main --output-format markdown
                                       for a comment on a pull request

exit codes:
  0  nothing got worse (or see --fail-on)
  1  something got worse, or `tightship check --changed-since` fails
  2  invalid arguments, or a part can no longer be checked after the change
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Compare what the arguments name; return the exit code."""
    given = parser().read(arguments, "sides")
    sides: list[str] = given["sides"]
    if not sides:
        raise UsageError(_USAGE)
    output, options = Output(), ConfigurationOptions(given)
    fail_on = given.get("fail_on", "worse")
    line = CommandLine(fail_on=fail_on if fail_on in _SEVERITIES else "")
    if len(sides) == 2 and all(map(os.path.lexists, sides)):
        if given.get("only"):
            raise UsageError("--only works with revisions, not with files or folders")
        comparison = _of_paths(sides[0], sides[1], options)
    else:
        paths = [word for word in sides[1:] if is_path(word)]
        revisions = [sides[0], *(word for word in sides[1:] if word not in paths)]
        is_exact = given.get("exact", False)
        only = given.get("only", [])
        compared = revisions, paths, options, only
        comparison = _of_revisions(*compared, line, is_exact=is_exact)
    is_colored = output.is_colored(given.get("color", "auto"))
    output.close(_report(comparison, given.get("output_format", "text"), is_colored=is_colored))
    # A change may repair what was broken before, and what it leaves as it was is no news.
    if any(one.side == "after" for one in comparison.gaps):
        return 2
    if fail_on == "any":
        return int(bool(comparison.services or comparison.findings))
    is_worse = fail_on == "worse" and comparison.count("worse") > 0
    return int(is_worse or (fail_on != "never" and any(one.fails for one in comparison.findings)))


def _of_revisions(
    given: list[str],
    paths: list[str],
    options: ConfigurationOptions,
    only: list[str],
    line: CommandLine,
    *,
    is_exact: bool,
) -> Comparison:
    from tightship.cli.git import Git
    from tightship.cli.git_changes import GitTree

    if len(given) > 2:
        raise UsageError(_USAGE)
    base, head = given[0], given[1] if len(given) > 1 else None
    tree = GitTree(Git(real_path(os.curdir), "diff").top(), "diff", base, head, is_exact=is_exact)
    try:
        tree.refuse_revisions(paths)
        folders = [canonical(path) for path in (*only, *paths)]
        found = _of_trees((base, head or "work tree"), tree.sides, options, folders)
        return with_new_findings(found, tree.sides, options, line, folders)
    finally:
        tree.blobs.close()


def _of_trees(
    titles: tuple[str, str], sides: Trees, options: ConfigurationOptions, folders: list[str]
) -> Comparison:
    """Compare two trees, both by the settings of the first."""
    from tightship.engine.change.spared import ChangedFiles

    configs = options.configs_before(sides, files=lambda _: sides.before)
    excluded = configs.excludes_in(sides.after)
    entries = sides.before.listing.entries
    moves = any(
        name.endswith((".yml", ".yaml")) and name not in sides.after.listing.entries
        for name in sides.names
    )

    def is_hidden(path: str) -> bool:
        # A file that is excluded under its new name may be a known project.
        is_known = not moves or sides.before.name(path) in entries
        return excluded(path) and is_known

    return compare(
        _tree_side(titles[0], sides.before, configs, folders, configs.excludes_in(sides.before)),
        _tree_side(
            *(titles[1], sides.after, configs, folders, is_hidden),
            _view(configs, options.configs(), sides.after, sides.names),
        ),
        ChangedFiles(sides.names, sides.renamed, sides.kept),
    )


def _tree_side(
    name: str,
    files: TreeFiles,
    configs: Configs,
    only: list[str],
    excluded: Callable[[str], bool],
    view: ChangedView | None = None,
) -> Revision:
    return Revision(name, files, plan_tree(files, configs, below(only, excluded)), view)


def _view(
    before: SettingsBefore, now: Configs, files: RecordedFiles, names: Iterable[str]
) -> ChangedView:
    from tightship_annexes.review.compare.revision import ChangedView

    return ChangedView(
        lambda folder: before.of(folder, files),
        lambda folder: now.of(folder, files),
        now.excludes_in(files),
        before.excludes_in(files),
        map(files.path, names),
    )


def _of_paths(base: str, head: str, options: ConfigurationOptions) -> Comparison:
    """Compare two files or two folders.

    Raises:
        UsageError: if they are not of the same kind, or cannot be read.

    """
    if os.path.isdir(base) != os.path.isdir(head):
        raise UsageError("diff takes two files or two folders, not one of each")
    if not os.path.isdir(base):
        return compare(_file_side(base, options.configs()), _file_side(head, options.configs()))
    return _of_folders(base, head, options)


def _file_side(path: str, configs: Configs) -> Revision:
    given = look_up(path)
    files = RecordedFiles(project_root(given, here=real_path(os.curdir)))
    candidate = Candidate(given.full, "named", given.full, "compose")
    inputs = Inputs([candidate], lambda _: files, main_files_above)
    return Revision(path, files, Plan(inputs, configs), key=("file",))


def _of_folders(base: str, head: str, options: ConfigurationOptions) -> Comparison:
    """Compare two folders, both by the settings of the first."""
    old, new = RecordedFiles(look_up(base).real), RecordedFiles(look_up(head).real)

    def place(path: str) -> str:
        inside = holds(new.root, path)
        return old.root + path[len(new.root) :] if inside else path

    before, now = options.configs(), options.configs()
    settings = options.configs_before(
        _NO_CHANGE, files=lambda files: old if files.root == new.root else files, place=place
    )
    edited = (os.path.join(new.root, name) for name in NAMES)
    side = _folder_side(base, old, before)
    scope = Scope()
    view = _view(settings, now, new, filter(None, map(new.name, edited)))
    found = compare(side, _folder_side(head, new, settings, view, scope))
    changed = (one for one in scope.left if _differs(one.path, place(one.path)))
    left = [one.below(new.root) for one in changed]
    others = [one for one in left if not one.may_start]
    return found.with_new(lost=[*unread_gaps(left)], left=others)


def _differs(path: str, other: str) -> bool:
    one = read_regular(path)
    return isinstance(one, Refusal) or one != read_regular(other)


def _folder_side(
    path: str,
    files: RecordedFiles,
    configs: Configs,
    view: ChangedView | None = None,
    scope: Scope | None = None,
) -> Revision:
    plan = plan_paths([path], configs, scope=scope)
    for one in plan.inputs.found:
        if isinstance(one, Refusal):
            raise UsageError(one.message)
    return Revision(path, files, plan, view)


def _report(comparison: Comparison, name: str, *, is_colored: bool) -> str:
    if name == "json":
        from tightship.report.json import encoder
        from tightship_annexes.review.report.data import as_data

        return encoder()(as_data(comparison)) + "\n"
    if name == "markdown":
        from tightship_annexes.review.report.comment import as_markdown

        return as_markdown(comparison)
    from tightship.report.terminal import Paint
    from tightship_annexes.review.report.text import as_text

    return as_text(comparison, Paint(on=is_colored))


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("diff", "BASE [HEAD] [PATH ...] [options]", _ABOUT, _EPILOG)
    made.add_argument(
        "sides",
        nargs="*",
        metavar="BASE [HEAD] [PATH]",
        help="revisions, files or folders; behind revisions, existing paths to compare only",
    )
    made.add_argument(
        "--exact", action="store_true", help="start at BASE itself, not at its merge base with HEAD"
    )
    made.add_argument(
        "--only",
        action="append",
        metavar="PATH",
        help="compare only Compose files at or below PATH; can be repeated",
    )
    made.add_argument(
        "--fail-on",
        choices=("worse", "any", "never", *_SEVERITIES),
        metavar="WHAT",
        help="what gives exit code 1: worse (and new findings that fail a check), any, never, or"
        " only new findings from a severity on: error, warning or info (default: worse)",
    )
    made.add_argument(
        "--output-format",
        choices=("text", "json", "markdown"),
        metavar="FORMAT",
        help="text, json or markdown (default: text)",
    )
    made.add_color()
    made.add_rules_from()
    ConfigurationOptions.add_to(made)
    return made
