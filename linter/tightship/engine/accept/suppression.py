"""Suppressions: comments that accept findings.

``# tightship: ignore[rule] reason`` is at the end of a line or above it, and holds for
all that begins there: a value, a service, an instruction, with FROM a stage.
``# tightship: ignore-file[rule] reason`` holds for the file. The comments of other linters
count as well, by their own names of a rule.
"""

from __future__ import annotations

from functools import cache

from tightship.lazy import TYPE_CHECKING, regex
from tightship.rules.definition import code_of
from tightship.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.engine.accept.extent import Extent
    from tightship.findings import RuleReference, Suppression
    from tightship.model.project import Project
    from tightship.rules.definition import RuleEntry
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Stream
    from tightship.text import Source

_SIGN = "tightship"
_PEERS_IN_YAML = ("dclint", "kics-scan", "nosem", "NOSEM", "shellcheck")
_PEERS_IN_DOCKERFILES = (
    *("hadolint", "tally", "kics-scan", "trivy:", "tfsec:", ":skip="),
    *("nosem", "NOSEM", "shellcheck"),
)
# The colon may be missing where a bracket or another one follows: it is no sentence then.
_NAME = r"(?:#+|//+)[ \t]*+tightship(?::|(?=[ \t]++ignore(?:-file)?+[ \t]*+[\[:]))"
_OWN = regex(_NAME + r"[ \t]*+ignore(-file)?+[ \t]*+(?:\[([^\]]*+)\])?+[ \t:—–-]*+(.*+)")
_COMMENT = regex(_NAME + r"[^\r\n]*+")
_WORD = regex(r"[^,\s][^,]*")
# Each unknown word that is guessed is compared with the names of all rules.
_MOST_GUESSES = 100


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
        from tightship.engine.accept.extent import Instructions

        found += _tightship_comments(source, file.comments, Instructions(file).extent)
    if _has_check(source.text) or any(sign in source.text for sign in _PEERS_IN_DOCKERFILES):
        from tightship.engine.accept.peer_comments import in_dockerfile

        found += in_dockerfile(file)
    return found


def of_commands(project: Project) -> list[Suppression]:
    """Return the suppressions in a file with commands that start containers or build images."""
    found: list[Suppression] = []
    every = (*project.services.values(), *project.images.values())
    for source in project.sources:
        if _SIGN in source.text:
            from tightship.engine.accept.extent import commands_extent

            comments = [Span(source, *one.span()) for one in _COMMENT.finditer(source.text)]
            comments = [*_outside_of_texts(source, comments)]
            extent = commands_extent([one.extent for one in every])
            found += _tightship_comments(source, comments, extent)
    return found


def _outside_of_texts(source: Source, comments: Sequence[Span]) -> Iterator[Span]:
    """Yield those of some comments that are none in a quoted text of a script."""
    from tightship.commands.calls import calls
    from tightship.frontends.invocations.kinds import script_kind_of
    from tightship.syntax.shell.read import read
    from tightship.syntax.shell.text import Text

    every = []
    if script_kind_of(source.name, source.text) == "shell":
        script = read(Text(source, [(source.text, 0, len(source.text))]))
        every = [
            part for one in calls(script) for part in (*one.command.words, *one.command.assignments)
        ]
    texts = [one.span for one in every if "\n" in one.span.text]
    for comment in comments:
        if not any(one.start < comment.start < one.end for one in texts):
            yield comment


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
    from tightship.rules.definition import known_rules

    for match in _WORD.finditer(listed):
        text = match[0].strip()
        span = comment.within(at + match.start(), at + match.start() + len(text))
        names = _rules_of_word(text)
        may_guess = not names and next(guesses, None) is not None
        similar = guess(text, known_rules()) if may_guess else None
        yield RuleReference(text, span, names, similar, word=plain(text))


def _rules_of_word(word: str) -> frozenset[str]:
    """Return the rules of a word: a name, a theme, or an id of another linter."""
    from tightship.engine.settings.selection import plain
    from tightship.rules.definition import known_rules

    word = plain(word)
    code = code_of(word)
    if code:
        return frozenset((code,))
    by_word = _rules_by_word(known_rules())
    prefix, slash, name = word.partition("/")
    if slash and name and prefix not in by_word:
        return frozenset((word,))  # of a package that this run does not use
    return by_word.get(word, frozenset())


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
