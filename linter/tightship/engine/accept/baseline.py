"""What an old project is known to have: findings that are not told again.

A baseline counts findings by their fingerprints, which stay when lines move, values
change or unrelated things are renamed. What is there once more than it was counted is
new.
"""

from __future__ import annotations

from collections import Counter

from tightship.engine.verdict import Accepted, Judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Final

    from tightship.engine.verdict import Verdict

SCHEMA = 1


class BaselineError(ValueError):
    """A file that is no baseline; the message says why."""


class Baseline:
    """Findings that are known: how many there are of each fingerprint.

    A fingerprint ends with the ordinal of a finding among its equals. It is left out
    here, for nobody can tell which of several equals is the new one.
    """

    __slots__ = ("known",)

    def __init__(self, known: Iterable[tuple[str, int]] = ()) -> None:
        """Take fingerprints, each with the number of its findings."""
        self.known: Final[Mapping[str, int]] = dict(known)

    @classmethod
    def read(cls, text: str) -> Baseline:
        """Return what a file holds.

        Raises:
            BaselineError: if it is no baseline.

        """
        import json

        try:
            data = _mapping(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise BaselineError(f"it is not JSON: {error}") from None
        if data.get("schema") != SCHEMA:
            raise BaselineError("it is not a baseline of this version of Tightship")
        if type(data.get("findings")) is not list:
            raise BaselineError("it has no list of findings")
        known = list[tuple[str, int]]()
        for entry in map(_mapping, data["findings"]):
            fingerprint, count = entry.get("fingerprint"), entry.get("count", 1)
            if not isinstance(fingerprint, str) or not isinstance(count, int):
                raise BaselineError("a finding in it has no fingerprint or no count")
            known.append((fingerprint, count))
        return cls(known)


class BaselineCount:
    """Counts the known findings that one run meets: what comes beyond them is new."""

    __slots__ = ("_left",)

    def __init__(self, baseline: Baseline) -> None:
        self._left = Counter(baseline.known)

    def without_known(self, verdict: Verdict) -> Verdict:
        """Return a verdict in which known findings are apart, gaps among them."""
        kept, known = list[Judged](), list[Judged]()
        for one in verdict.findings:
            if self._left[one.kin] > 0:
                self._left[one.kin] -= 1
                known.append(one.replaced(accepted=Accepted("baseline")))
            else:
                kept.append(one)
        if not known:
            return verdict
        return verdict.replaced(
            findings=kept,
            known=[*verdict.known, *known],
            gaps=verdict.gaps - sum(one.is_gap for one in known),
        )


def _mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object as it is, and nothing for what is none."""
    found: dict[str, Any] = {}
    if issubclass(type(value), dict):
        found = value
    return found


def written(findings: Iterable[Judged]) -> str:
    """Return the text of a baseline of findings, an entry a line, for a file.

    Rule, path and subject stand there for people; only the fingerprint counts.
    """
    import json

    counts = Counter[tuple[str, str, str, str]]()
    for one in findings:
        name = one.subject.name if one.subject.kind != "file" else ""
        counts[one.span.source.name, name, one.rule.name, one.kin] += 1
    lines = [
        json.dumps(
            {"fingerprint": kin, "count": count, "rule": rule, "path": path}
            | ({"subject": name} if name else {})
        )
        for (path, name, rule, kin), count in sorted(counts.items())
    ]
    body = ",\n".join(lines)
    return f'{{"schema": {SCHEMA}, "findings": [\n{body}\n]}}\n'
