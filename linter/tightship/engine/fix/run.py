"""A run that fixes: applies fixes, and writes or shows the result."""

from __future__ import annotations

import os

from tightship.engine.disk.writing import write_all
from tightship.engine.fix.fixes import fixed
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import STRICT, Selection
from tightship.rules.codes import SHELLCHECK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tightship.engine.disk.files import Files
    from tightship.engine.fix.fixes import FixSelection, UnappliedFix
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.text import Source

    Judge = Callable[[RuleRunner, Files], list[Verdict]]


class Change:
    """A file that fixes change: absolute path, source before, text after."""

    def __init__(self, path: str, source: Source, text: str) -> None:
        self.path = path
        self.source = source
        self.text = text

    def becoming(self, text: str) -> Change:
        """Return the change of the same source to another text."""
        return Change(self.path, self.source, text)


class Rewriting:
    """Rewrites one project after the other, before a run reports what is found there.

    ``overlay`` holds texts that are not written, by path, in place of those on the disk.
    ``refused`` has a sentence for each file that could not be written. If
    ``regards_baseline``, findings that a baseline holds are none here.
    """

    regards_baseline = False

    def __init__(self, *, write: bool) -> None:
        self._write = write
        self.refused: list[str] = []
        self.changes: list[Change] = []
        self.overlay: dict[str, str | bytes] = {}

    def fix(
        self, files: Files, runner: RuleRunner, judge: Judge, fail_on: str = "warning"
    ) -> list[Verdict]:
        """Rewrite a project; return the verdicts with the findings that remain.

        Args:
            files: the files as they are.
            runner: runs the rules of the run.
            judge: judges the project.
            fail_on: the severity that makes the run fail.

        """
        raise NotImplementedError

    def change(self, files: Files, texts: Mapping[str, tuple[Source, str]]) -> bool:
        """Write new texts, by name, or keep them; return whether that was possible."""
        if texts and self._write:
            refused = write_all(files, texts)
            self.refused += (refusal.message for refusal in refused)
            if refused:
                return False
        for name, (source, text) in texts.items():
            path = files.path(name)
            self.changes.append(Change(path, source, text))
            if not self._write:
                mark = "\ufeff" if source.bom else ""
                self.overlay[os.path.abspath(path)] = mark + text
        return True


class Fixing(Rewriting):
    """Applies fixes to one project after the other.

    Without ``write``, ``overlay`` holds the new texts in place of the disk, so that a
    file that several projects share is changed once.
    """

    def __init__(self, wanted: FixSelection, *, write: bool) -> None:
        super().__init__(write=write)
        self.wanted = wanted
        self._every_rule = RuleRunner(Selection([STRICT]))
        self._with_shellcheck: RuleRunner | None = None
        self.applied: list[JudgedFinding] = []
        self.left: list[UnappliedFix] = []

    def fix(
        self, files: Files, runner: RuleRunner, judge: Judge, fail_on: str = "warning"
    ) -> list[Verdict]:
        """Fix a project; return the verdicts with the findings that remain."""
        every_rule = self._every_rule
        if runner.asks_shellcheck:
            if self._with_shellcheck is None:
                self._with_shellcheck = RuleRunner(Selection([STRICT, SHELLCHECK]))
            every_rule = self._with_shellcheck
        made = fixed(
            files,
            lambda now: judge(runner, now),
            lambda now: judge(every_rule, now),
            self.wanted.showing(fail_on),
        )
        if not self.change(files, made.texts):
            return judge(runner, files)
        self.applied += made.applied
        self.left += made.left
        return made.verdicts
