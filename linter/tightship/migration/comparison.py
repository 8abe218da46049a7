"""What another linter and Tightship find in the same files."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import defaultdict

from tightship.engine.settings.selection import means, named, plain
from tightship.isolation.loaded_project import BuiltImage
from tightship.lazy import Record, cache
from tightship.migration.translation import every_check
from tightship.rules.index import INDEX
from tightship.syntax.dockerfile.read import read as read_dockerfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.engine.settings.selection import Selection
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.migration.reports import PeerFinding
    from tightship.migration.translation import PeerCheck
    from tightship.text import Source, Span


UNKNOWN_CHECK = "Tightship does not know this check"


class LostFinding(Record):
    """A finding of the other linter that Tightship does not have, and why."""

    finding: PeerFinding
    reason: str


class Comparison(Record):
    """The findings of both linters, those of one only, and what was not compared.

    ``refused`` has a sentence for each path of the report that was not checked.
    """

    both: Sequence[tuple[PeerFinding, JudgedFinding]]
    only_here: Sequence[JudgedFinding]
    lost: Sequence[LostFinding]
    refused: Sequence[str] = ()


def is_known(check: str) -> bool:
    """Return whether a table has a check, or ShellCheck has it."""
    return plain(check) in _by_id() or bool(named(check, INDEX))


@cache
def _by_id() -> dict[str, PeerCheck]:
    return {plain(one.id): one for found in every_check().values() for one in found}


def compared(
    theirs: Mapping[str, Sequence[PeerFinding]],
    verdicts: Iterable[Verdict],
    selection: Selection | RuleSettings,
    ignored: Iterable[str] = (),
) -> Comparison:
    """Compare the findings in some files, by their absolute paths.

    Two findings are the same if a rule with the id of the check points into the same
    instruction, or if one of them is about a whole stage or file. ``selection`` decides
    which rules were applied, and ``ignored`` has the words that were ignored.
    """
    ours, without = _by_path(verdicts), {*map(plain, ignored)}
    both: list[tuple[PeerFinding, JudgedFinding]] = []
    only_here: list[JudgedFinding] = []
    lost: list[LostFinding] = []
    for path, reported in theirs.items():
        matching = _Matching(ours.get(path, []))
        for one in reported:
            judged = matching.of(one)
            if judged is not None:
                both.append((one, judged))
            elif plain(one.check) in without:
                lost.append(LostFinding(one, "your settings ignore it"))
            else:
                lost.append(LostFinding(one, _reason(one, selection)))
        only_here += matching.rest()
    return Comparison(both, only_here, lost)


def _by_path(verdicts: Iterable[Verdict]) -> dict[str, list[JudgedFinding]]:
    """Return the findings in each file, with those inside of others."""
    found: defaultdict[str, list[JudgedFinding]] = defaultdict(list)
    for verdict in verdicts:
        waiting = [*verdict.findings, *verdict.accepted]
        while waiting:
            one = waiting.pop()
            waiting += one.absorbed
            found[os.path.join(verdict.root, one.span.source.name)].append(one)
    return found


class _Matching:
    """The findings in one file, and which of them another linter has as well."""

    def __init__(self, found: Sequence[JudgedFinding]) -> None:
        self._found = found
        self._taken = set[tuple[str, int]]()
        self._starts, self._heads = _instructions(found[0].span.source) if found else ([], [])

    def of(self, reported: PeerFinding) -> JudgedFinding | None:
        """Return the finding that is the same as a reported one."""
        word, at = plain(reported.check), self._place(reported.line)
        same = [
            (number, one)
            for number, one in enumerate(self._found)
            if word in map(plain, one.rule.aliases) and means(word, one.rule, one.finding)
        ]
        here = [(number, one) for number, one in same if at in self._places(one)]
        here = here or self._whole(word, same, at)
        self._taken.update((word, number) for number, _ in here)
        return here[0][1] if here else None

    def rest(self) -> list[JudgedFinding]:
        """Return the findings that the other linter does not have."""
        taken = {number for _, number in self._taken}
        return [one for number, one in enumerate(self._found) if number not in taken]

    def _whole(
        self, word: str, same: list[tuple[int, JudgedFinding]], at: int
    ) -> list[tuple[int, JudgedFinding]]:
        """Return the first one that the check does not have yet, if it is about a whole.

        That is a stage or the file. A rule may stand for several checks.
        """
        for number, one in same:
            if (word, number) not in self._taken and self._is_whole(one, at):
                return [(number, one)]
        return []

    def _is_whole(self, judged: JudgedFinding, at: int) -> bool:
        heads, place = self._heads, self._place(_line(judged.span))
        if not heads or at in heads or place in heads:
            return True
        is_image = BuiltImage in judged.rule.on
        return is_image and bisect_right(heads, at) == bisect_right(heads, place)

    def _places(self, judged: JudgedFinding) -> set[int]:
        """Return where a finding is, and where what explains it is."""
        name, because = judged.span.source.name, judged.finding.because
        spans = (judged.span, *(one.span for one in because if one.span.source.name == name))
        return {self._place(_line(span)) for span in spans}

    def _place(self, line: int) -> int:
        """Return the line at which the instruction of a line starts."""
        before = bisect_right(self._starts, line)
        return self._starts[before - 1] if before else line


def _instructions(source: Source) -> tuple[list[int], list[int]]:
    """Return the lines of all instructions and those of a whole: FROM, and the first.

    Both are empty for a Compose file.
    """
    tree = read_dockerfile(source)
    lines = [(source.point(one.span.start)[0] + 1, one) for one in tree.instructions]
    heads = [line for line, one in lines if one.name == "FROM"]
    return ([line for line, _ in lines], [0, 1, *heads]) if heads else ([], [])


def _line(span: Span) -> int:
    return span.source.point(span.start)[0] + 1


def _reason(one: PeerFinding, selection: Selection | RuleSettings) -> str:
    """Return why Tightship does not have a finding."""
    check = _by_id().get(plain(one.check))
    rules = named(one.check, INDEX)
    if not rules:
        return check.absent if check is not None else UNKNOWN_CHECK
    if not any(map(selection.takes, rules)):
        names = ", ".join(f"`{rule.name}`" for rule in rules)
        return f"your settings do not select {names}"
    if check is not None and check.laxer:
        return "; ".join(check.laxer)
    return "no documented difference"
