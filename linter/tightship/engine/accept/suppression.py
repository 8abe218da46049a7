"""Suppressions: comments that accept findings, and what becomes of those.

``# tightship: ignore[rule] reason`` stands at the end of a line or above it, and holds
for all that begins there: a value, a service, an instruction, behind FROM a stage.
``# tightship: ignore-file[rule] reason`` holds for the file. What hadolint and BuildKit
are told in their ways counts as well, through what they call a rule.
"""

from __future__ import annotations

from tightship.engine.accept.extent import dockerfile_extent, yaml_extent
from tightship.findings.suppression import RuleReference, Suppression
from tightship.lazy.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from tightship.engine.verdict import Judged
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
    from tightship.rules import every_rule

    every = every_rule()
    rules = named(word, every) or [
        rule for rule in every if plain(rule.theme) == plain(word)
    ]
    return frozenset(rule.name for rule in rules)


def _ids(word: str) -> frozenset[str]:
    from tightship.engine.settings.selection import named
    from tightship.rules import every_rule

    return frozenset(rule.name for rule in named(word, every_rule()))


def _checks(word: str) -> frozenset[str]:
    from tightship.rules import every_rule

    if word.lower() == "all":
        every = every_rule()
        return frozenset(r.name for r in every if any(map(_is_check, r.aliases)))
    return _ids(f"buildkit:{word}")


def _is_check(alias: str) -> bool:
    return alias.startswith("buildkit:")


def _guess(word: str) -> str | None:
    from tightship.engine.settings.selection import guess
    from tightship.rules import every_rule

    return guess(word, every_rule())


def accepted_by_comments(
    findings: Iterable[Judged], suppressions: Iterable[Suppression]
) -> tuple[list[Judged], frozenset[RuleReference]]:
    """Return findings with their acceptance, and the words that accept some.

    What a finding absorbs goes with it. A part that could not be judged is accepted
    only with a reason.
    """
    from tightship.engine.accept.lookup import CommentLookup  # few files have comments

    lookup = CommentLookup(suppressions)
    made: list[Judged] = []
    used: set[RuleReference] = set()
    for one in findings:
        for absorbed in one.absorbed:
            used.update(lookup.accepting(absorbed)[1])
        accepted, words = lookup.accepting(one)
        used.update(words)
        made.append(one.replaced(accepted=accepted) if accepted is not None else one)
    return made, frozenset(used)


def with_use(
    suppression: Suppression, used: Collection[RuleReference], selected: Collection[str]
) -> Suppression:
    """Return a suppression whose words tell whether they are used and selected.

    Args:
        suppression: the comment.
        used: the words that accept a finding.
        selected: the names of the rules that the run selects.

    """
    words = tuple(
        RuleReference(
            word.text,
            word.span,
            word.rules,
            word.guess,
            is_used=word in used,
            is_selected=not word.rules.isdisjoint(selected),
        )
        for word in suppression.words
    )
    return suppression.replaced(words=words)
