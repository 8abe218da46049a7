"""Suppressions: comments that accept findings, and what becomes of those.

``# tightship: ignore[rule] reason`` stands at the end of a line or above it, and holds
for all that begins there: a value, a service, an instruction, behind FROM a stage.
``# tightship: ignore-file[rule] reason`` holds for the file. What hadolint and BuildKit
are told in their ways counts as well, through what they call a rule.
"""

from __future__ import annotations

from tightship.engine.acceptance.extent import dockerfile_extent, yaml_extent
from tightship.engine.judge.judging import judge
from tightship.engine.verdict import Accepted, Judged
from tightship.findings.suppression import RuleReference, Suppression
from tightship.lazy.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.engine.judge.runner import RuleRunner
    from tightship.engine.subjects.places import Places
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Stream
    from tightship.text import Source, Span

    # Where a comment holds: from one offset to another; None: nowhere.
    Extent = Callable[[Span], tuple[int, int] | None]

_SIGNS = ("tightship:", "hadolint", "check")
_OWN = regex(
    r"#+[ \t]*+tightship:[ \t]*+ignore(-file)?+[ \t]*+(?:\[([^\]]*+)\])?+[ \t:—–-]*+(.*+)"
)
_HADOLINT = regex(
    r"#[ \t]*+hadolint[ \t]++(global[ \t]++)?ignore=([A-Za-z0-9, \t]++)(.*+)"
)
_SKIP = regex(r"(?i)(?:^|;)[ \t]*+skip=([^;]*+)")
_WORD = regex(r"[^,\s][^,]*")


def of_yaml(stream: Stream) -> list[Suppression]:
    """Return the suppressions in a Compose file."""
    source = stream.source
    if "tightship:" not in source.text:
        return []
    extent = yaml_extent(stream.documents)
    return list(_own(source, stream.comments, extent))


def of_dockerfile(file: Dockerfile) -> list[Suppression]:
    """Return the suppressions in a Dockerfile, those for other linters among them."""
    source = file.source
    if not any(sign in source.text for sign in _SIGNS):
        return []
    extent = dockerfile_extent(file)
    return [*_own(source, file.comments, extent), *_foreign(file)]


def _own(
    source: Source, comments: Sequence[Span], extent: Extent
) -> Iterator[Suppression]:
    for comment in comments:
        found = _OWN.match(comment.text)
        if found is None:
            continue
        whole, listed, reason = found.groups()
        place = (0, len(source.text)) if whole else extent(comment)
        start, end = place or (comment.end, comment.end)
        words = tuple(_words(comment, found.start(2), listed or "", _own_rules))
        yield Suppression(comment, words, reason.strip(), start, end)


def _foreign(file: Dockerfile) -> Iterator[Suppression]:
    length = len(file.source.text)
    above = {_line(file.source, one.span.start): one for one in file.instructions}
    for comment in file.comments:
        found = _HADOLINT.match(comment.text)
        if found is None:
            continue
        words = tuple(_words(comment, found.start(2), found[2], _ids))
        # Only the line right above an instruction counts, and for that one alone.
        below = above.get(_line(file.source, comment.start) + 1)
        if found[1]:
            start, end = 0, length
        elif below is not None:
            start, end = below.span.start, below.span.end
        else:
            continue
        yield Suppression(comment, words, found[3], start, end, is_foreign=True)
    check = file.directive("check")
    if check is not None:
        value = check.value
        for skip in _SKIP.finditer(value.value):
            at = value.span.start - check.span.start + skip.start(1)
            words = tuple(_words(check.span, at, skip[1], _checks))
            yield Suppression(check.span, words, "", 0, length, is_foreign=True)


def _line(source: Source, offset: int) -> int:
    return source.point(offset)[0]


def _words(
    comment: Span, at: int, listed: str, rules: Callable[[str], frozenset[str]]
) -> Iterator[RuleReference]:
    for found in _WORD.finditer(listed):
        text = found[0].strip()
        span = comment.within(at + found.start(), at + found.start() + len(text))
        names = rules(text)
        yield RuleReference(text, span, names, None if names else _guess(text))


def _own_rules(word: str) -> frozenset[str]:
    """Return the rules that a word stands for: itself, its theme, a peer's id."""
    from tightship.engine.settings.selection import named, plain
    from tightship.rules.index import INDEX

    rules = named(word, INDEX) or [
        rule for rule in INDEX if plain(rule.theme) == plain(word)
    ]
    return frozenset(rule.name for rule in rules)


def _ids(word: str) -> frozenset[str]:
    from tightship.engine.settings.selection import named
    from tightship.rules.index import INDEX

    return frozenset(rule.name for rule in named(word, INDEX))


def _checks(word: str) -> frozenset[str]:
    from tightship.rules.index import INDEX

    if word.lower() == "all":
        return frozenset(r.name for r in INDEX if any(map(_is_check, r.aliases)))
    return _ids(f"buildkit:{word}")


def _is_check(alias: str) -> bool:
    return alias.startswith("buildkit:")


def _guess(word: str) -> str | None:
    from tightship.engine.settings.selection import guess
    from tightship.rules.index import INDEX

    return guess(word, INDEX)


class Settled:
    """Findings once suppressions have been heeded.

    ``kept`` are those that stand, ``accepted`` those that a comment takes back, and
    ``gaps`` counts the parts not judged that were not accepted. ``secrets`` are the
    places of secrets, whatever was accepted.
    """

    __slots__ = ("accepted", "gaps", "kept", "secrets")

    def __init__(
        self,
        kept: list[Judged],
        accepted: list[Judged],
        gaps: int,
        secrets: tuple[Span, ...] = (),
    ) -> None:
        self.kept = kept
        self.accepted = accepted
        self.gaps = gaps
        self.secrets = secrets


def judged(
    runner: RuleRunner,
    subjects: Iterable[object],
    places: Mapping[str, Places],
    suppressions: Sequence[Suppression],
    check_cancelled: Callable[[], None] | None = None,
) -> Settled:
    """Judge subjects, and take the findings back that comments accept.

    What a finding has absorbed goes with it. A part that could not be judged is only
    accepted with a reason. Last, the suppressions are judged themselves.
    """
    judgement = judge(runner, subjects, places, check_cancelled)
    gaps = judgement.gaps
    policy = runner.policy
    if not suppressions and policy is None:
        return Settled(judgement.findings, [], gaps, judgement.secrets)
    if policy is not None and policy.settings.require_reason:
        for suppression in suppressions:
            suppression.needs_reason = not suppression.is_foreign
    from tightship.engine.acceptance.lookup import Acceptance  # few files have comments

    acceptance = Acceptance(suppressions)
    kept, accepted = list[Judged](), list[Judged]()
    for one in judgement.findings:
        for absorbed in one.absorbed:
            acceptance.accepts(absorbed)
        one.accepted = acceptance.accepts(one) or _by_configuration(one)
        if one.accepted is not None:
            accepted.append(one)
            gaps -= "gap" in one.rule.tags
        else:
            kept.append(one)
    own = [suppression for suppression in suppressions if not suppression.is_foreign]
    for suppression in own:
        for word in suppression.words:
            word.sought = not word.rules.isdisjoint(runner.names)
    for one in judge(runner, own, places).findings:
        one.accepted = _by_configuration(one)
        (kept if one.accepted is None else accepted).append(one)
    kept.sort(key=lambda one: one.span.order)
    return Settled(kept, accepted, gaps, judgement.secrets)


def _by_configuration(one: Judged) -> Accepted | None:
    return Accepted("configuration", one.excuse) if one.excuse else None
