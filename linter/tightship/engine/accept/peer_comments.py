"""Comments that accept findings of other linters: each holds where it holds there.

What they reach was seen in hadolint 2.15.1, tally 0.45.0, dclint 3.1.0, Checkov 3.3.30 and
Semgrep 1.185.0, and is as documented for BuildKit (dockerfile/1.21), KICS and Trivy. A word
that names nothing here is skipped; the others count. compose-lint has no comments.
"""

from __future__ import annotations

from functools import cache

from tightship.engine.accept.extent import next_line, yaml_extent
from tightship.findings import RuleReference, Suppression
from tightship.lazy import TYPE_CHECKING, regex
from tightship.rules.definition import FINDING
from tightship.text import Span
from tightship.values import quantity
from tightship.values.peer_id import alias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.engine.accept.extent import Extent, Instructions, Reach
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Stream
    from tightship.text import Source

_HADOLINT = regex(
    r"#[ \t]*+hadolint[ \t]++(?:(global|stage)[ \t]++)?ignore[ \t]*+=([^#]*+)#?+(.*+)"
)
# One name with another character, and hadolint does not read the comment.
_HADOLINT_NAMES = regex(r"[DLSC0-9,\s]*+")
_TALLY = regex(
    r"#[ \t]*+tally[ \t]++(global[ \t]++)?ignore[ \t]*+=([^;#]*+)(?:;[ \t]*+reason=)?+(.*+)"
)
_CHECK = regex(r"(?i)#[ \t]*+check[ \t]*+=(.*+)")
_SKIP = regex(r"(?i)(?:^|;)[ \t]*+skip[ \t]*+=([^;]*+)")
_KICS = regex(r"#[ \t]*+kics-scan[ \t]++(ignore-line|ignore-block|ignore|disable=(.*+))")
_TRIVY = regex(r"(?:trivy|tfsec):ignore:([\w*-]++)((?::[a-z]++:[^:\s]++)*+)")
_EXPIRY = regex(r":exp:([0-9]{4}-[0-9]{2}-[0-9]{2})")
_CHECKOV = regex(r"(?:checkov|bridgecrew|cortex):skip= *+([\w,-]++)(?::(.*+))?+")
_NOSEMGREP = regex(r"(?i)[ #](nosem(?:grep)?+)\b(?:[:=][ \t]?([^\n\r]*+))?")
_SHELLCHECK = regex(r"#[ \t]*+shellcheck[ \t]([^#]*+)#?+(.*+)")
_DISABLED = regex(r"\bdisable=(\S++)")
_CODES = regex(r"(?:SC)?([0-9]{4})(?:-(?:SC)?([0-9]{4}))?|all")
_DCLINT_FILE = regex(r"#\s*+dclint\s++disable\s*+(.*+)")
_DCLINT_LINE = regex(r"#\s*+dclint\s++disable-line\s*+(.*+)")
_BETWEEN_COMMAS = regex(r"[^,\s][^,]*")
_BETWEEN_SPACES = regex(r"[^,\s]+")


def in_dockerfile(file: Dockerfile) -> Iterator[Suppression]:
    """Yield the comments for other linters in a Dockerfile."""
    from tightship.engine.accept.extent import Instructions  # not for YAML

    places = Instructions(file)
    yield from _check_directive(file)
    for comment in file.comments:
        yield from _hadolint(comment, places)
        yield from _tally(comment, places)
        yield from _check_comment(comment, places)
        yield from _trivy(comment, places)
        yield from _checkov(comment)
        yield from _shellcheck(comment, places.extent)
    yield from _kics(file.source, file.comments, places.extent)
    yield from _nosemgrep(file.source, places.beside)


def in_yaml(stream: Stream) -> Iterator[Suppression]:
    """Yield the comments for other linters in a Compose file."""
    extent = yaml_extent(stream.documents)
    yield from _dclint(stream)
    for comment in stream.comments:
        yield from _shellcheck(comment, extent)
    yield from _kics(stream.source, stream.comments, extent)
    yield from _nosemgrep(stream.source, extent)


def _made(
    span: Span,
    linter: str,
    listed: tuple[int, str] | None,
    reach: Reach | None,
    *,
    reason: str | None = "",
    spaces: bool = False,
    everything: tuple[int, int] | None = None,
) -> Iterator[Suppression]:
    """Yield a suppression, unless it holds nowhere.

    ``listed`` are the ids in a comment for a linter, and where they begin in it, and ``reach``
    are the offsets between which it holds. ``reason`` is what it says for people. With
    ``spaces``, these are between ids as well as commas. ``everything`` is the place of the
    word that means all checks of the linter, in the comment.
    """
    if reach is None:
        return
    words: list[RuleReference] = []
    if everything is not None:
        place = span.within(*everything)
        words.append(RuleReference(place.text, place, _every_rule(linter)))
    if listed is not None:
        form = _BETWEEN_SPACES if spaces else _BETWEEN_COMMAS
        for match in form.finditer(listed[1]):
            text = match[0].strip()
            start = listed[0] + match.start()
            words.append(_reference(text, span.within(start, start + len(text)), linter))
    reason = (reason or "").strip()
    yield Suppression(span, (*words,), reason, *reach, is_foreign=True)


def _reference(text: str, place: Span, linter: str) -> RuleReference:
    from tightship.engine.settings.selection import named, plain
    from tightship.rules.index import INDEX

    if text.lower() in ("all", "*") and linter in ("buildkit", "tally", "trivy"):
        return RuleReference(text, place, _every_rule(linter))
    word = alias(linter, text)
    rules = named(word, INDEX) if word else []
    names = frozenset(rule.name for rule in rules)
    return RuleReference(text, place, names, word=plain(word))


@cache
def _every_rule(linter: str) -> frozenset[str]:
    """Return the rules that answer to any check of a linter."""
    from tightship.rules.index import INDEX

    prefixes = {"tally": ("tally:", "DL", "buildkit:")}.get(linter, (f"{linter}:",))
    return frozenset(
        rule.name for rule in INDEX if any(one.startswith(prefixes) for one in rule.aliases)
    )


def _whole(source: Source) -> Reach:
    return 0, len(source.text)


def _hadolint(comment: Span, places: Instructions) -> Iterator[Suppression]:
    match = _HADOLINT.match(comment.text)
    if match is None or _HADOLINT_NAMES.fullmatch(match[2]) is None:
        return
    if match[1] == "global":
        inside = places.within(comment.start) is not None
        reach = None if inside else _whole(comment.source)
    elif match[1] == "stage":
        reach = places.stage_below(comment)
        listed = match.start(2), match[2]
        for one in _made(comment, "hadolint", listed, reach, reason=match[3]):
            # Another one for the same stage, further up, reaches all that this one does.
            new = [word for word in one.words if places.is_first(word.word, one.end)]
            yield one.replaced(words=(*new,))
        return
    else:
        reach = places.right_below(comment)
    listed = match.start(2), match[2]
    yield from _made(comment, "hadolint", listed, reach, reason=match[3])


def _tally(comment: Span, places: Instructions) -> Iterator[Suppression]:
    match = _TALLY.match(comment.text)
    if match is None:
        return
    below = places.below(comment)
    reach = None if below is None else (below.span.start, below.span.end)
    if match[1]:
        reach = _whole(comment.source)
    listed = match.start(2), match[2]
    yield from _made(comment, "tally", listed, reach, reason=match[3])


def _check_directive(file: Dockerfile) -> Iterator[Suppression]:
    directive = file.directive("check")
    if directive is None:
        return
    offset = directive.value.span.start - directive.span.start
    for skip in _SKIP.finditer(directive.value.value):
        listed = offset + skip.start(1), skip[1]
        yield from _made(directive.span, "buildkit", listed, _whole(file.source))


def _check_comment(comment: Span, places: Instructions) -> Iterator[Suppression]:
    match = _CHECK.match(comment.text)
    if match is None:
        return
    reach = places.right_below(comment, comments=True)
    for skip in _SKIP.finditer(match[1]):
        listed = match.start(1) + skip.start(1), skip[1]
        yield from _made(comment, "buildkit", listed, reach)


def _kics(source: Source, comments: Sequence[Span], extent: Extent) -> Iterator[Suppression]:
    for comment in comments:
        match = _KICS.match(comment.text)
        if match is None:
            continue
        if match[2] is not None:
            listed = match.start(2), match[2]
            yield from _made(comment, "kics", listed, _whole(source))
            continue
        reach: Reach | None = None
        if match[1] == "ignore":
            reach = _whole(source) if source.point(comment.start)[0] == 0 else None
        elif match[1] == "ignore-line":
            reach = next_line(comment)
        else:
            reach = extent(comment)
        yield from _made(comment, "kics", None, reach, everything=match.span(1))


def _trivy(comment: Span, places: Instructions) -> Iterator[Suppression]:
    for match in _TRIVY.finditer(comment.text):
        expiry = _EXPIRY.search(match[2])
        if expiry is not None and quantity.is_past(expiry[1], quantity.today()):
            continue
        listed = match.start(1), match[1]
        yield from _made(comment, "trivy", listed, places.extent(comment))


def _checkov(comment: Span) -> Iterator[Suppression]:
    match = _CHECKOV.search(comment.text)
    if match is not None:
        listed = match.start(1), match[1]
        reach = _whole(comment.source)
        yield from _made(comment, "checkov", listed, reach, reason=match[2])


def _nosemgrep(source: Source, extent: Extent) -> Iterator[Suppression]:
    """Yield the comments for Semgrep, which looks at lines, in a shell script too."""
    line = -1
    for match in _NOSEMGREP.finditer(source.text):
        start = source.line_start(match.start())
        sign = -1 if start == line else source.text.find("#", start, match.start() + 1)
        line = start
        if sign < 0:
            continue
        span = Span(source, sign, match.end())
        if match[2] is not None:
            listed = match.start(2) - sign, match[2]
            yield from _made(span, "semgrep", listed, extent(span), spaces=True)
        else:
            every = match.start(1) - sign, match.end(1) - sign
            yield from _made(span, "semgrep", None, extent(span), everything=every)


def _shellcheck(comment: Span, extent: Extent) -> Iterator[Suppression]:
    """Yield a directive of ShellCheck that no shell sees, as one between continued lines.

    It holds where a comment of ours would: for the instruction, the value or the line
    below it.
    """
    match = _SHELLCHECK.match(comment.text)
    reach = extent(comment) if match is not None else None
    if match is None or reach is None:
        return
    words: list[RuleReference] = []
    for listed in _DISABLED.finditer(match[1]):
        for word in _BETWEEN_COMMAS.finditer(listed[1]):
            codes = _CODES.fullmatch(word[0])
            if codes is None:
                continue
            start = match.start(1) + listed.start(1) + word.start()
            place = comment.within(start, start + len(word[0]))
            names = {FINDING}
            if codes[1]:
                last = int(codes[2] or codes[1])
                names = {f"SC{code:04}" for code in range(int(codes[1]), last + 1)}
            words.append(RuleReference(word[0], place, frozenset(names)))
    yield Suppression(comment, (*words,), match[2].strip(), *reach, is_foreign=True)


def _dclint(stream: Stream) -> Iterator[Suppression]:
    source = stream.source
    # The first line with more than `---`.
    lines = range(len(source.line_starts))
    first = next((one for one in lines if source.line(one).strip() not in ("", "---")), -1)
    for comment in stream.comments:
        own = not source.text[source.line_start(comment.start) : comment.start].strip()
        number = source.point(comment.start)[0]
        match, reach = _DCLINT_LINE.match(comment.text), None
        if match is not None:
            start = source.line_start(comment.start)
            reach = next_line(comment) if own else (start, source.line_end(start))
        elif number == first:
            match, reach = _DCLINT_FILE.match(comment.text), _whole(source)
        if match is None:
            continue
        if match[1] and not match[1].startswith("-file"):
            listed = match.start(1), match[1]
            yield from _made(comment, "dclint", listed, reach, spaces=True)
        else:
            every = match.start(), match.end()
            yield from _made(comment, "dclint", None, reach, everything=every)
