"""Suppressions: comments that accept findings.

``# tightship: ignore[rule] reason`` is at the end of a line or above it, and holds for
all that begins there: a value, a service, an instruction, with FROM a stage.
``# tightship: ignore-file[rule] reason`` holds for the file. The comments of hadolint and
BuildKit count as well, by their own names of a rule.
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

    # The offsets between which a comment holds, or None.
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
    return list(_tightship_comments(source, stream.comments, extent))


def of_dockerfile(file: Dockerfile) -> list[Suppression]:
    """Return the suppressions in a Dockerfile, those of other linters included."""
    source = file.source
    if not any(sign in source.text for sign in _SIGNS):
        return []
    extent = dockerfile_extent(file)
    return [
        *_tightship_comments(source, file.comments, extent),
        *_foreign_comments(file),
    ]


def _tightship_comments(
    source: Source, comments: Sequence[Span], extent: Extent
) -> Iterator[Suppression]:
    for comment in comments:
        match = _OWN.match(comment.text)
        if match is None:
            continue
        whole, listed, reason = match.groups()
        place = (0, len(source.text)) if whole else extent(comment)
        start, end = place or (comment.end, comment.end)
        words = tuple(
            _references(comment, match.start(2), listed or "", _rules_of_word)
        )
        yield Suppression(comment, words, reason.strip(), start, end)


def _foreign_comments(file: Dockerfile) -> Iterator[Suppression]:
    length = len(file.source.text)
    above = {_line(file.source, one.span.start): one for one in file.instructions}
    for comment in file.comments:
        match = _HADOLINT.match(comment.text)
        if match is None:
            continue
        words = tuple(_references(comment, match.start(2), match[2], _rules_of_id))
        # Only a line right above an instruction counts, for that instruction alone.
        below = above.get(_line(file.source, comment.start) + 1)
        if match[1]:
            start, end = 0, length
        elif below is not None:
            start, end = below.span.start, below.span.end
        else:
            continue
        yield Suppression(comment, words, match[3], start, end, is_foreign=True)
    check = file.directive("check")
    if check is not None:
        value = check.value
        for skip in _SKIP.finditer(value.value):
            at = value.span.start - check.span.start + skip.start(1)
            words = tuple(_references(check.span, at, skip[1], _rules_of_check))
            yield Suppression(check.span, words, "", 0, length, is_foreign=True)


def _line(source: Source, offset: int) -> int:
    return source.point(offset)[0]


def _references(
    comment: Span, at: int, listed: str, rules: Callable[[str], frozenset[str]]
) -> Iterator[RuleReference]:
    for match in _WORD.finditer(listed):
        text = match[0].strip()
        span = comment.within(at + match.start(), at + match.start() + len(text))
        names, similar = rules(text), None
        if not names:
            from tightship.engine.settings.selection import guess
            from tightship.rules.index import INDEX

            similar = guess(text, INDEX)
        yield RuleReference(text, span, names, similar)


def _rules_of_word(word: str) -> frozenset[str]:
    """Return the rules of a word: a name, a theme, or an id of another linter."""
    from tightship.engine.settings.selection import named, plain
    from tightship.rules.index import INDEX

    of_theme = (rule for rule in INDEX if plain(rule.theme) == plain(word))
    return frozenset(rule.name for rule in named(word, INDEX) or of_theme)


def _rules_of_id(word: str) -> frozenset[str]:
    from tightship.engine.settings.selection import named
    from tightship.rules.index import INDEX

    return frozenset(rule.name for rule in named(word, INDEX))


def _rules_of_check(word: str) -> frozenset[str]:
    from tightship.rules.index import INDEX

    if word.lower() == "all":
        return frozenset(
            rule.name
            for rule in INDEX
            if any(alias.startswith("buildkit:") for alias in rule.aliases)
        )
    return _rules_of_id(f"buildkit:{word}")


def accepted_by_comments(
    findings: Iterable[Judged], suppressions: Iterable[Suppression]
) -> tuple[list[Judged], frozenset[RuleReference]]:
    """Return findings with their acceptance, and the references that accept some.

    A finding is accepted with all that it absorbs. A gap needs a reason.
    """
    from tightship.engine.accept.lookup import CommentLookup  # few files have comments

    lookup = CommentLookup(suppressions)
    made: list[Judged] = []
    used: set[RuleReference] = set()
    for one in findings:
        for absorbed in one.absorbed:
            used.update(lookup.accepting(absorbed)[1])
        accepted, references = lookup.accepting(one)
        used.update(references)
        made.append(one.replaced(accepted=accepted) if accepted is not None else one)
    return made, frozenset(used)


def with_use(
    suppression: Suppression, used: Collection[RuleReference], selected: Collection[str]
) -> Suppression:
    """Return a suppression that knows which of its references are used and selected.

    Args:
        suppression: the comment.
        used: the references that accept a finding.
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
