"""Options of ``tightship check``, in groups: each adds itself to a parser, and is read."""

from __future__ import annotations

import os

from tightship.cli.console import UsageError
from tightship.engine.disk.root import canonical
from tightship.engine.plan.config_files import BASELINE
from tightship.report.formats import FORMATS, GROUPINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.disk.git_tree import UndoneChange
    from tightship.engine.fix.run import AddingIgnores, Fixing
    from tightship.engine.plan.config_files import Configs


_VIEWS = {
    "statistics": "show the number of findings and fixes of each rule, as text or json",
    "show-files": "show the files to check with their roles, and skipped files with the"
    " reason, as text or json; no rule is applied",
}

_QUIET = (
    "omit the summary, and infos unless they fail the run; with --fix or --add-ignores, show"
    " what it does in each file, and only findings that fail the run"
)
_REASON = "found when Tightship was adopted"
_MOST_JOBS = 256


class OutputOptions:
    """Formats with their paths, and how much is shown; ``file`` is ``--output-file``.

    ``only_failing`` leaves out findings that do not fail the run: a quiet run that rewrites
    files tells people what it did. ``view`` is ``statistics`` or ``show-files`` if that takes
    the place of findings, and ``group_by`` is what makes findings one, if that is given.
    """

    def __init__(self, given: Given) -> None:
        self.formats: list[tuple[str, str]] = given.get("output_format", [])
        self.file: str = given.get("output_file", "")
        self.color: str = given.get("color", "auto")
        self.verbose: bool = given.get("verbose", False)
        self.quiet: bool = given.get("quiet", False)
        self.only_failing = self.quiet and bool(given.get("fix") or given.get("add_ignores"))
        self.view: str = given.get("view", "")
        self.group_by: str = given.get("group_by", "")

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser, which has ``--color`` already."""
        width = max(map(len, FORMATS))
        formats = "\n".join(f"  {name:{width}}  {one.purpose}" for name, one in FORMATS.items())
        group = parser.add_argument_group("reports", f"formats:\n{formats}")
        group.add_argument(
            "--output-format",
            action="append",
            type=_format,
            metavar="FORMAT[=PATH]",
            help="the format of the report (default: text), and a file for it; can"
            " be repeated; one report can go to standard output",
        )
        views = group.add_mutually_exclusive_group()
        for view, text in _VIEWS.items():
            views.add_argument(
                f"--{view}", action="store_const", const=view, dest="view", help=text
            )
        group.add_argument(
            "--output-file",
            metavar="PATH",
            help="a file for the report of the format without a PATH",
        )
        group.add_argument(
            "--group-by",
            choices=GROUPINGS,
            help="show findings with the same cause once (default for text), those of each file"
            " separately (default for markdown, and for text with -v), or each by itself",
        )
        detail = parser.add_mutually_exclusive_group()
        detail.add_argument(
            "-v",
            "--verbose",
            action="store_true",
            help="show every finding with its source line, including infos",
        )
        detail.add_argument("-q", "--quiet", action="store_true", help=_QUIET)


def _format(word: str) -> tuple[str, str]:
    """Read ``FORMAT`` or ``FORMAT=PATH``."""
    from tightship.cli.arguments import wrong_value

    name, equals, path = word.partition("=")
    if name not in FORMATS:
        from tightship.values.matching import closest

        guess = closest(name, FORMATS)
        hint = f"did you mean {guess}?" if guess else f"there are {', '.join(FORMATS)}"
        raise wrong_value(f"there is no format {name!a}; {hint}")
    if equals and not path:
        raise wrong_value(f"no PATH after `{name}=`")
    return name, path


class FixOptions:
    """Whether fixes are applied or shown as a diff, and which; ``only`` names rules."""

    def __init__(self, given: Given) -> None:
        self.fix: bool = given.get("fix", False)
        self.all: bool = given.get("all_fixes", False)
        self.only: list[str] = given.get("fix_only", [])
        self.diff: bool = given.get("diff", False)
        self.infos: bool = given.get("verbose", False)

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser."""
        add = parser.add_argument_group("fixes").add_argument
        add(
            "--fix",
            action="store_true",
            help="apply the fixes that keep behaviour: running containers stay as they are",
        )
        add(
            "--all-fixes",
            action="store_true",
            help="with --fix or --diff, also fixes that tighten or change behaviour; for infos, add -v",
        )
        # An old name, which argparse does not show.
        add("--unsafe-fixes", action="store_true", dest="all_fixes", help="")  # an old name
        add(
            "--fix-only",
            action="append",
            metavar="WORDS",
            help="with --fix or --diff, only the fixes of these rules",
        )
        add(
            "--diff",
            action="store_true",
            help="print the changes of the fixes as a unified diff, and write nothing",
        )

    def fixing(self, *, is_stdin: bool) -> Fixing | None:
        """Return the fixing that a run is to do, if any.

        Raises:
            UsageError: if the options contradict one another, or name no fix.

        """
        if not self.fix and not self.diff:
            if self.all or self.only:
                raise UsageError(
                    "--all-fixes and --fix-only select fixes: add --fix"
                    " to apply them, or --diff to see them"
                )
            return None
        if is_stdin and not self.diff:
            raise UsageError("standard input cannot be fixed in place; --diff shows how")
        from tightship.engine.fix.fixes import FixSelection
        from tightship.engine.fix.run import Fixing

        wanted = FixSelection(all_effects=self.all, names=_fixable(self.only), infos=self.infos)
        return Fixing(wanted, write=not self.diff)


def _fixable(words: list[str]) -> frozenset[str]:
    """Return the names of the rules that words select; all of them offer fixes.

    Raises:
        UsageError: if a word selects no rule, or no rule with a fix.

    """
    if not words:
        return frozenset()
    from tightship.engine.settings.selection import guess, named, plain
    from tightship.rules.definition import known_rules

    found = set[str]()
    for word in (part.strip() for text in words for part in text.split(",")):
        if not word:
            continue
        rules = named(word, known_rules())
        rules = rules or [rule for rule in known_rules() if plain(rule.theme) == plain(word)]
        if not rules:
            near = guess(word, known_rules())
            hint = f"did you mean `{near}`?" if near else "`tightship rule` lists them"
            raise UsageError(f"unknown rule `{word}`; {hint}")
        fixed = {rule.name for rule in rules if rule.load().fix is not None}
        if not fixed:
            raise UsageError(f"`{word}` offers no fix: the right text is not certain")
        found |= fixed
    return frozenset(found)


class BaselineOptions:
    """The file of known findings, and whether a run writes it."""

    def __init__(self, given: Given) -> None:
        self.file: str = given.get("baseline", "")
        self.write: bool = given.get("write_baseline", False)

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser."""
        group = parser.add_argument_group("adopting an existing project")
        group.add_argument(
            "--baseline",
            metavar="FILE",
            help="report only findings that are not in this file (default: the configured"
            f" file, or {BASELINE} in this folder or at the project root)",
        )
        group.add_argument(
            "--write-baseline",
            action="store_true",
            help="write all findings to the file of --baseline, from which the next run"
            " knows them, and exit with 0",
        )

    def load_before(self, change: UndoneChange) -> Baseline | None:
        """Return the baseline that ``--baseline`` names, as it was before a change."""
        from tightship.engine.accept.baseline import Baseline, BaselineError

        path = canonical(self.file) if self.file else ""
        if not path or not change.changes(path):
            return self.load()
        try:
            data = change.content(path) or b""
            return Baseline.read(data.decode("utf-8", "surrogateescape"))
        except BaselineError:
            return Baseline()

    def load(self) -> Baseline | None:
        """Return the baseline that ``--baseline`` names, unless it is to be written.

        Raises:
            UsageError: if there is none in that file.

        """
        if not self.file or self.write:
            return None
        from tightship.engine.accept.baseline import Baseline, BaselineError
        from tightship.engine.disk.given import read_given

        data = read_given(self.file, limit=100_000_000)
        if not isinstance(data, bytes):
            raise UsageError(f"--baseline: {data.message}")
        try:
            return Baseline.read(data.decode("utf-8", "surrogateescape"))
        except BaselineError as error:
            raise UsageError(f"--baseline: `{self.file}`: {error}") from None

    def target(self, configs: Configs) -> str:
        """Return the file to write: as the options name it, the configuration, or none.

        Raises:
            ConfigError: if the configuration names a file that may not be written.
            UsageError: if the file is no baseline.

        """
        if not self.write:
            return self.file
        path = self.file or os.path.relpath(configs.baseline_target() or BASELINE)
        from tightship.engine.accept.baseline import is_replaceable

        if not is_replaceable(path):
            raise UsageError(
                f"`{path}` is not a baseline, so it is not overwritten: name a new file"
            )
        return path


class SuppressionOptions:
    """Whether findings get comments, and whether accepted ones are reported as others."""

    def __init__(self, given: Given) -> None:
        self.disregard: bool = given.get("no_ignores", False)
        self.add: bool = given.get("add_ignores", False)
        self.has_reason = "reason" in given
        self.reason: str = given.get("reason", _REASON)

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser."""
        add = parser.add_argument_group("suppressions").add_argument
        add(
            "--add-ignores",
            action="store_true",
            help="write a comment for each finding that accepts it, and prove that"
            " nothing else changes; with --diff, print what would be written",
        )
        add(
            "--reason",
            metavar="TEXT",
            help=f"the reason in the comments of --add-ignores (default: {_REASON})",
        )
        add(
            "--no-ignores",
            action="store_true",
            help="report accepted findings, too, for audits: no comment, no exception in"
            " the configuration and no baseline counts",
        )

    def adding(self, *, write: bool) -> AddingIgnores:
        """Return what adds comments to the files of a run, or keeps them in memory.

        Raises:
            UsageError: if the reason is empty.

        """
        from tightship.engine.fix.run import AddingIgnores

        reason = " ".join(self.reason.split())
        if not reason:
            raise UsageError("--reason takes a text: why the findings are accepted")
        return AddingIgnores(reason, write=write)


class ChangeOptions:
    """The commit before a change, and what of the change counts.

    ``since`` limits reports to new findings, and ``settings_of`` does not. ``reference``
    is the commit of either, and ``option`` the name of that option.
    """

    def __init__(self, given: Given) -> None:
        self.since: str = given.get("changed_since", "")
        self.settings_of: str = given.get("settings_of", "")
        self.trust: bool = given.get("trust_change", False)
        self.reference = self.since or self.settings_of
        self.option = "--changed-since" if self.since else "--settings-of"

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser."""
        group = parser.add_argument_group(
            "changes", "A finding that only the settings or comments of a change hide is reported."
        )
        group.add_argument(
            "--changed-since",
            metavar="REF",
            help="report only findings that are new since this Git commit, in projects"
            " with a changed file; uncommitted changes count, too",
        )
        group.add_argument(
            "--settings-of",
            metavar="REF",
            help="report all findings, and those that only changes since this Git commit hide",
        )
        group.add_argument(
            "--trust-change",
            action="store_true",
            help="let settings and comments of the change hide findings, as after a review",
        )

    def refuse_contradictions(self, paths: list[str], *, writes: bool) -> None:
        """Refuse options that make no sense together.

        Raises:
            UsageError: if there are some.

        """
        if self.since and self.settings_of:
            raise UsageError(
                "--changed-since already takes the settings of its commit: leave out --settings-of"
            )
        if self.trust and not self.since:
            raise UsageError("--trust-change is about a change: add --changed-since")
        if self.reference and paths == ["-"]:
            raise UsageError(f"{self.option} does not work with standard input")
        if self.reference and writes:
            raise UsageError(f"a baseline needs all findings: leave out {self.option}")


def number_of_jobs(word: str) -> int:
    """Read a number of processes."""
    from tightship.cli.arguments import wrong_value

    if not word.isdecimal() or not 1 <= int(word[:4]) <= _MOST_JOBS:
        raise wrong_value(f"`{word}` is not a number from 1 to {_MOST_JOBS}")
    return int(word)


def refuse_contradictions(
    paths: list[str],
    output: OutputOptions,
    fixes: FixOptions,
    baseline: BaselineOptions,
    suppressions: SuppressionOptions,
    changes: ChangeOptions,
) -> None:
    """Refuse options that make no sense together.

    Raises:
        UsageError: if there are some.

    """
    view, writes = output.view, baseline.write
    changes.refuse_contradictions(paths, writes=writes)
    rewrites = fixes.fix or fixes.diff or suppressions.add
    if view and rewrites:
        raise UsageError(f"--{view} changes no file: leave out --fix, --diff and --add-ignores")
    if suppressions.disregard and rewrites:
        raise UsageError("--no-ignores is for reports: accepted findings stay as is")
    if suppressions.disregard and (baseline.file or writes):
        raise UsageError("with --no-ignores, no baseline counts: leave one of them out")
    if suppressions.add and (fixes.fix or fixes.all or fixes.only):
        raise UsageError("fix first, then accept the rest with --add-ignores")
    if suppressions.add and writes:
        raise UsageError(
            "findings are accepted by comments or by a baseline: leave out --add-ignores"
            " or --write-baseline"
        )
    if suppressions.has_reason and not suppressions.add:
        raise UsageError("--reason is the text of comments: add --add-ignores")
    if suppressions.add and paths == ["-"] and not fixes.diff:
        raise UsageError("standard input gets no comments; --diff shows them")
