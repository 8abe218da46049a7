"""A baseline: the known findings of a project, which do not count.

It counts findings by fingerprints, which stay the same when lines move, values change or
unrelated things are renamed. A finding beyond its count is new, and so is one that
another service has got: services may share the value that it is about.
"""

from __future__ import annotations

from collections import Counter

from tightship.engine.verdict import Accepted, JudgedFinding, without_reported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Final

    from tightship.engine.verdict import Verdict

SCHEMA = 1


class BaselineError(ValueError):
    """A file is not a valid baseline; the message says why."""


class Baseline:
    """The number of known findings of each fingerprint, and the services that have them.

    Fingerprints are without ordinals: which of several equal findings is the new one
    cannot be decided. A fingerprint without ``services`` is known for all of them.
    """

    def __init__(
        self,
        known: Iterable[tuple[str, int]] = (),
        services: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        """Store fingerprints, each with the number of its findings and their services."""
        self.known: Final[Mapping[str, int]] = dict(known)
        self.services: Final[Mapping[str, frozenset[str]]] = services or {}

    def knows(self, one: JudgedFinding) -> bool:
        """Return whether the services that have a finding are known to have it."""
        services = self.services.get(one.group_hash)
        return services is None or services.issuperset(one.services)

    @classmethod
    def read(cls, text: str) -> Baseline:
        """Return the baseline in the text of a file.

        Raises:
            BaselineError: if it is not a valid baseline.

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
        services: dict[str, frozenset[str]] = {}
        for entry in map(_mapping, data["findings"]):
            fingerprint, count = entry.get("fingerprint"), entry.get("count", 1)
            if not isinstance(fingerprint, str) or not isinstance(count, int):
                raise BaselineError("a finding in it has no fingerprint or no count")
            known.append((fingerprint, count))
            named: Any = entry.get("services")
            if issubclass(type(named), list):
                services[fingerprint] = frozenset(map(str, named))
        return cls(known, services)


def is_replaceable(path: str) -> bool:
    """Return whether a baseline may be written to a path: nothing else is lost there.

    That is a file that does not exist, an empty one, or a baseline of any version; and
    nothing in a folder `.git`, which holds what Git obeys. The path may come from the
    configuration of an untrusted repository.
    """
    import json

    from tightship.engine.disk.given import read_given
    from tightship.engine.disk.new_file import ForbiddenError, place_of
    from tightship.engine.disk.regular import Refusal

    try:
        place_of(path)
    except ForbiddenError:
        return False
    data = read_given(path, limit=100_000_000)
    if isinstance(data, Refusal):
        return data.reason == "missing"
    try:
        known = _mapping(json.loads(data or b'{"findings": []}'))
    except (ValueError, RecursionError):
        return False
    return type(known.get("findings")) is list


class BaselineCount:
    """Counts down the known findings in one run; a finding beyond the count is new."""

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._left = Counter(baseline.known)

    def without_known(self, verdict: Verdict) -> Verdict:
        """Return a verdict whose known findings, gaps included, do not count."""
        kept, known = list[JudgedFinding](), list[JudgedFinding]()
        for one in verdict.findings:
            is_known = self._left[one.group_hash] > 0 and self._baseline.knows(one)
            if is_known and not one.is_of_policy:
                self._left[one.group_hash] -= 1
                known.append(one.replaced(accepted=Accepted("baseline")))
            else:
                kept.append(one)
        if not known:
            return verdict
        return verdict.replaced(
            findings=kept,
            known=[*verdict.known, *known],
            gaps=without_reported(verdict.gaps, known),
        )


def _mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object as it is, and an empty one for any other value."""
    return value if issubclass(type(value), dict) else {}


def written(findings: Iterable[JudgedFinding]) -> str:
    """Return the text of a baseline file, one entry a line.

    Rule, path and subject are for people; fingerprint, count and services are read.
    """
    import json

    counts = Counter[tuple[str, str, str, str]]()
    services: dict[str, set[str]] = {}
    for one in findings:
        name = one.subject.name if one.subject.kind != "file" else ""
        counts[one.span.source.name, name, one.rule.name, one.group_hash] += 1
        services.setdefault(one.group_hash, set()).update(one.services)
    lines = [
        json.dumps(
            {"fingerprint": group_hash, "count": count, "rule": rule, "path": path}
            | ({"subject": name} if name else {})
            | ({"services": sorted(services[group_hash])} if services[group_hash] else {})
        )
        for (path, name, rule, group_hash), count in sorted(counts.items())
    ]
    body = ",\n".join(lines)
    return f'{{"schema": {SCHEMA}, "findings": [\n{body}\n]}}\n'
