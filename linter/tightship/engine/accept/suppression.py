"""Suppressions: comments that accept findings.

``# tightship: ignore[rule] reason`` is at the end of a line or above it, and holds for
all that begins there: a value, a service, an instruction, with FROM a stage.
``# tightship: ignore-file[rule] reason`` holds for the file. The comments of other linters
count as well, by their own names of a rule.
"""

from __future__ import annotations

from functools import cache

from tightship.engine.settings.selection import means
from tightship.engine.verdict import Accepted
from tightship.lazy import regex
from tightship.rules.codes import code_of, rule_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import RuleReference, Suppression
    from tightship.rules.definition import RuleEntry
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Stream
    from tightship.text import Source, Span

    # The offsets between which a comment holds, or None.
    Extent = Callable[[Span], tuple[int, int] | None]

_SIGN = "tightship:"
_PEERS_IN_YAML = ("dclint", "kics-scan", "nosem", "NOSEM", "shellcheck")
_PEERS_IN_DOCKERFILES = (
    *("hadolint", "tally", "kics-scan", "trivy:", "tfsec:", ":skip="),
    *("nosem", "NOSEM", "shellcheck"),
)
_OWN = regex(r"#+[ \t]*+tightship:[ \t]*+ignore(-file)?+[ \t]*+(?:\[([^\]]*+)\])?+[ \t:—–-]*+(.*+)")
_WORD = regex(r"[^,\s][^,]*")
# Each unknown word that is guessed is compared with the names of all rules.
_MOST_GUESSES = 100

_BLOCK = 4096  # characters
_WIDE = 16  # blocks


def of_yaml(stream: Stream) -> list[Suppression]:
    """Return the suppressions in a Compose file, those of other linters included."""
    source = stream.source
    found: list[Suppression] = []
    if _SIGN in source.text:
        from tightship.engine.accept.extent import yaml_extent

        extent = yaml_extent(stream.documents)
        found += _tightship_comments(source, stream.comments, extent)
    if any(sign in source.text for sign in _PEERS_IN_YAML):
        from tightship.engine.accept.peer_comments import in_yaml

        found += in_yaml(stream)
    return found


def of_dockerfile(file: Dockerfile) -> list[Suppression]:
    """Return the suppressions in a Dockerfile, those of other linters included."""
    source = file.source
    found: list[Suppression] = []
    if _SIGN in source.text:
        from tightship.engine.accept.extent import dockerfile_extent

        found += _tightship_comments(source, file.comments, dockerfile_extent(file))
    if _has_check(source.text) or any(sign in source.text for sign in _PEERS_IN_DOCKERFILES):
        from tightship.engine.accept.peer_comments import in_dockerfile

        found += in_dockerfile(file)
    return found


def _has_check(text: str) -> bool:
    """Return whether a text may have a comment `# check=…`: HEALTHCHECK is none."""
    lower = text.lower()
    return "check" in lower and "#check=" in "".join(lower.split())


def _tightship_comments(
    source: Source, comments: Sequence[Span], extent: Extent
) -> Iterator[Suppression]:
    from tightship.findings import Suppression

    guesses = iter(range(_MOST_GUESSES))
    for comment in comments:
        match = _OWN.match(comment.text)
        if match is None:
            continue
        whole, listed, reason = match.groups()
        place = (0, len(source.text)) if whole else extent(comment)
        start, end = place or (comment.end, comment.end)
        words = tuple(_references(comment, match.start(2), listed or "", guesses))
        yield Suppression(comment, words, reason.strip(), start, end)


def _references(
    comment: Span, at: int, listed: str, guesses: Iterator[int]
) -> Iterator[RuleReference]:
    from tightship.engine.settings.selection import guess, plain
    from tightship.findings import RuleReference
    from tightship.rules.index import INDEX

    for match in _WORD.finditer(listed):
        text = match[0].strip()
        span = comment.within(at + match.start(), at + match.start() + len(text))
        names = _rules_of_word(text)
        may_guess = not names and next(guesses, None) is not None
        similar = guess(text, INDEX) if may_guess else None
        yield RuleReference(text, span, names, similar, word=plain(text))


def _rules_of_word(word: str) -> frozenset[str]:
    """Return the rules of a word: a name, a theme, or an id of another linter."""
    from tightship.engine.settings.selection import plain
    from tightship.rules.index import INDEX

    word = plain(word)
    code = code_of(word)
    return frozenset((code,)) if code else _rules_by_word(INDEX).get(word, frozenset())


@cache
def _rules_by_word(every: tuple[RuleEntry, ...]) -> dict[str, frozenset[str]]:
    """Return the rules of each word, as :func:`plain` writes it; a theme comes last."""
    from tightship.engine.settings.selection import plain

    named, of_theme = dict[str, set[str]](), dict[str, set[str]]()
    for rule in every:
        for word in {rule.name, *map(plain, rule.aliases)}:
            named.setdefault(word, set()).add(rule.name)
        of_theme.setdefault(plain(rule.theme), set()).add(rule.name)
    return {word: frozenset(names) for word, names in {**of_theme, **named}.items()}


def accepted_by_comments(
    findings: Iterable[JudgedFinding], suppressions: Iterable[Suppression]
) -> tuple[list[JudgedFinding], frozenset[RuleReference]]:
    """Return findings with their acceptance, and the references that accept some.

    A finding is accepted with all that it absorbs. A gap needs a reason.
    """
    lookup = CommentLookup(suppressions)
    made: list[JudgedFinding] = []
    used: set[RuleReference] = set()
    for one in findings:
        for absorbed in one.absorbed:
            used.update(lookup.accepting(absorbed)[1])
        accepted, references = lookup.accepting(one)
        used.update(references)
        made.append(one.replaced(accepted=accepted) if accepted is not None else one)
    return made, frozenset(used)


def with_use(
    suppression: Suppression, used: Collection[RuleReference], selected: Set[str]
) -> Suppression:
    """Return a suppression that knows which of its references are used and selected.

    Args:
        suppression: the comment.
        used: the references that accept a finding.
        selected: the names of the rules that the run selects.

    """
    from tightship.findings import RuleReference

    words = tuple(
        RuleReference(
            word.text,
            word.span,
            word.rules,
            word.guess,
            word=word.word,
            is_used=word in used,
            is_selected=not selected.isdisjoint(map(rule_of, word.rules)),
        )
        for word in suppression.words
    )
    return suppression.replaced(words=words)


class _Group:
    """The rule references that accept the same rules at the same place."""

    def __init__(self, suppression: Suppression, reference: RuleReference) -> None:
        self.start = suppression.start
        self.end = suppression.end
        self.reason = suppression.reason
        self.place = suppression.span
        self.rules = reference.rules
        self.word = reference.word
        self.references: list[RuleReference] = []


class _Places:
    """The groups of one source by block of its text; wide groups are kept apart."""

    def __init__(self) -> None:
        self._groups: dict[tuple[int, int, bool, str, frozenset[str]], _Group] = {}
        self._blocks: dict[int, list[_Group]] = {}
        self._wide: list[_Group] = []

    def add(self, suppression: Suppression, reference: RuleReference) -> None:
        start, end = suppression.start, suppression.end
        reason, word = bool(suppression.reason), reference.word
        key = (start, end, reason, word, reference.rules)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(suppression, reference)
            first, last = start // _BLOCK, end // _BLOCK
            if last - first > _WIDE:
                self._wide.append(group)
            else:
                for block in range(first, last + 1):
                    self._blocks.setdefault(block, []).append(group)
        group.references.append(reference)

    def at(self, offset: int) -> Iterable[_Group]:
        for group in (*self._blocks.get(offset // _BLOCK, ()), *self._wide):
            if group.start <= offset <= group.end:
                yield group


class CommentLookup:
    """Finds the comments that accept a finding, by its place."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        """Index comments; one that lacks a required reason accepts nothing."""
        self._sources: dict[Source, _Places] = {}
        for suppression in suppressions:
            if suppression.needs_reason and not suppression.reason:
                continue
            places = self._sources.setdefault(suppression.span.source, _Places())
            for reference in suppression.words:
                if reference.rules:
                    places.add(suppression, reference)

    def accepting(self, one: JudgedFinding) -> tuple[Accepted | None, Sequence[RuleReference]]:
        """Return the acceptance of a finding, and all references that accept it.

        A gap is accepted only with a reason.
        """
        places = self._sources.get(one.span.source)
        if places is None:
            return None, ()
        accepted: Accepted | None = None
        references: list[RuleReference] = []
        for group in places.at(one.span.start):
            name = one.rule.name
            is_named = name in group.rules or rule_of(name) in group.rules
            if not is_named or (one.is_gap and not group.reason):
                continue
            if not means(group.word, one.rule, one.finding):
                continue
            if accepted is None or not accepted.reason:
                accepted = Accepted("comment", group.reason, group.place)
            references += group.references
        return accepted, references
