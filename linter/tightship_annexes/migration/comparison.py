"""The reports of other linters, and what one of them and Tightship find in the same files."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import defaultdict
from functools import cache

from tightship.engine.settings.selection import means, named, plain
from tightship.isolation.loaded_project import BuiltImage
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.rules.index import INDEX
from tightship.syntax.dockerfile.read import read as read_dockerfile
from tightship.syntax.toml import is_array, is_table
from tightship.values.peer_id import alias
from tightship_annexes.migration.translation import every_check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.engine.settings.selection import Selection
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.text import Source
    from tightship_annexes.migration.translation import PeerCheck


MOST_BYTES = 64 << 20
"""The size of the largest report that is read."""

_ESCAPED = regex(r"(?:%[0-9A-Fa-f]{2})++")
_LINTERS = ("hadolint", "tally", "trivy", "checkov", "kics", "semgrep")


class ReportError(ValueError):
    """A report that cannot be read; the message is a sentence with the place."""


class PeerFinding(Record):
    """A finding of another linter: the linter, the alias of its check, and the place.

    ``check`` is the id as the report has it if it cannot be one of our aliases. ``line``
    counts from 1; 0 is the whole file.
    """

    linter: str
    check: str
    path: str
    line: int
    message: str


def read_report(data: bytes, name: str) -> list[PeerFinding]:
    """Return the findings in a report: JSON of hadolint or tally, or SARIF of any linter.

    Args:
        data: the report.
        name: its name, for messages.

    Raises:
        ReportError: if it is not JSON, or of another form.

    """
    import json

    try:
        report = json.loads(data)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise ReportError(f"{place}: this is not JSON: {error.msg}") from None
    except UnicodeDecodeError as error:
        raise ReportError(f"{name}: this is not JSON: byte {error.start} is no UTF-8") from None
    except RecursionError:
        raise ReportError(f"{name}: the JSON is nested too deeply") from None
    read = _reader_of(report)
    if read is None:
        raise ReportError(
            f"{name}: this is no report that Tightship knows: write it with"
            " `hadolint --format json`, `tally lint --format json`, or as SARIF"
        )
    try:
        return list(read)
    except _FormError as error:
        raise ReportError(f"{name}: {error}") from None


class _FormError(ValueError):
    """A part of a report that does not have the form of its kind."""


class _Node:
    """A value in a report, with its place (`runs[0].results[3]`)."""

    def __init__(self, value: object, place: str = "") -> None:
        self._value = value
        self._place = place

    def get(self, key: str) -> _Node:
        """Return the value of a key; it may be absent."""
        value = self._value if is_table(self._value) else {}
        return _Node(value.get(key), f"{self._place}.{key}".lstrip("."))

    def items(self) -> Iterator[_Node]:
        """Yield the items of a list; an absent one has none."""
        if self._value is None:
            return
        if not is_array(self._value):
            raise _FormError(f"`{self._place or 'the report'}` is not a list")
        for number, value in enumerate(self._value):
            yield _Node(value, f"{self._place}[{number}]")

    def at(self, number: int) -> _Node:
        """Return an item of a list; it may be absent."""
        value = self._value if is_array(self._value) else []
        there = value[number] if 0 <= number < len(value) else None
        return _Node(there, f"{self._place}[{number}]")

    @property
    def text(self) -> str:
        """Return a text, or an empty one for an absent value."""
        if self._value is None:
            return ""
        if not isinstance(self._value, str):
            raise _FormError(f"`{self._place}` is not a text")
        return self._value

    @property
    def number(self) -> int:
        """Return a number, or 0 for an absent value."""
        if self._value is None:
            return 0
        if not isinstance(self._value, int):
            raise _FormError(f"`{self._place}` is not a number")
        return self._value

    @property
    def needed(self) -> str:
        """Return a text that has to be there."""
        if not self.text:
            raise _FormError(f"`{self._place}` is missing")
        return self.text


def _reader_of(report: object) -> Iterator[PeerFinding] | None:
    if is_array(report):
        return _of_hadolint(_Node(report))
    if is_table(report) and "runs" in report:
        return _of_sarif(_Node(report))
    if is_table(report) and "files" in report:
        return _of_tally(_Node(report))
    return None


def _of_hadolint(report: _Node) -> Iterator[PeerFinding]:
    for one in report.items():
        path, line = one.get("file").needed, one.get("line").number
        yield _finding("hadolint", one.get("code").needed, path, line, one.get("message").text)


def _of_tally(report: _Node) -> Iterator[PeerFinding]:
    for file in report.get("files").items():
        for one in file.get("violations").items():
            line = one.get("location").get("start").get("line").number
            path, message = file.get("file").needed, one.get("message").text
            yield _finding("tally", one.get("rule").needed, path, line, message)


def _of_sarif(report: _Node) -> Iterator[PeerFinding]:
    for run in report.get("runs").items():
        driver = run.get("tool").get("driver")
        name = driver.get("name").needed
        linter = next((one for one in _LINTERS if one in name.lower()), "")
        if not linter:
            known = ", ".join(_LINTERS)
            raise _FormError(f"`{name}` is none of the linters that Tightship knows: {known}")
        for result in run.get("results").items():
            if result.get("kind").text in ("", "fail") and not [
                *result.get("suppressions").items()
            ]:
                yield _sarif_result(linter, result, driver)


def _sarif_result(linter: str, result: _Node, driver: _Node) -> PeerFinding:
    place = result.get("locations").at(0).get("physicalLocation")
    path = _path(place.get("artifactLocation").get("uri").text)
    line, message = place.get("region").get("startLine").number, result.get("message")
    id = result.get("ruleId").text
    if not id:
        id = driver.get("rules").at(result.get("ruleIndex").number).get("id").needed
    return _finding(linter, id, path, line, message.get("text").text)


def _path(uri: str) -> str:
    """Return the path in a URI, without its scheme and its escapes."""
    return _ESCAPED.sub(
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"),
        uri.removeprefix("file://"),
    )


def _finding(linter: str, id: str, path: str, line: int, message: str) -> PeerFinding:
    return PeerFinding(linter, alias(linter, id) or id, path, max(line, 0), message)


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
        heads, place = self._heads, self._place(judged.span.line)
        if not heads or at in heads or place in heads:
            return True
        is_image = BuiltImage in judged.rule.on
        return is_image and bisect_right(heads, at) == bisect_right(heads, place)

    def _places(self, judged: JudgedFinding) -> set[int]:
        """Return where a finding is, and where what explains it is."""
        name, because = judged.span.source.name, judged.finding.because
        spans = (judged.span, *(one.span for one in because if one.span.source.name == name))
        return {self._place(span.line) for span in spans}

    def _place(self, line: int) -> int:
        """Return the line at which the instruction of a line starts."""
        before = bisect_right(self._starts, line)
        return self._starts[before - 1] if before else line


def _instructions(source: Source) -> tuple[list[int], list[int]]:
    """Return the lines of all instructions and those of a whole: FROM, and the first.

    Both are empty for a Compose file.
    """
    tree = read_dockerfile(source)
    lines = [(one.span.line, one) for one in tree.instructions]
    heads = [line for line, one in lines if one.name == "FROM"]
    return ([line for line, _ in lines], [0, 1, *heads]) if heads else ([], [])


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
