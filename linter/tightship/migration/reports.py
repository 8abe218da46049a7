"""Findings of other linters, from the reports that they write.

A report is untrusted: nothing in it is more than text, and paths are only names until
:mod:`tightship.migration.comparison` has looked where they lead.
"""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship.syntax.toml import is_array, is_table
from tightship.values.peer_id import alias

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
