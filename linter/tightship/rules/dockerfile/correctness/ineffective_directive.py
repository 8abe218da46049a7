"""A comment looks like a parser directive but has no effect.

`# syntax=`, `# escape=` and `# check=` work only above everything else in the file,
in exactly this spelling. BuildKit treats anything else as a comment, without a
message: with `# sytnax=docker/dockerfile:1` or below a comment, BuildKit uses the
engine's own frontend, and `# check=error=true` fails no build.

## How to fix

Correct the name, or move the line to the top of the file.
"""

from tightship.rules import Bad, Build, Edit, Finding, Findings, Fix, Good, Span, edit_distance, regex, rule  # fmt: skip

_DIRECTIVE = regex(r"#[ \t]*+([A-Za-z]{3,12})[ \t]*+[=:][ \t]*+(\S.*)")
_NAMES = ("syntax", "escape", "check")
_VALUES = {
    "syntax": regex(r"[a-z0-9.:-]+(?:/[\w.-]+)+(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?"),
    "escape": regex(r"[\\`]"),
    "check": regex(r"(?:skip|error|experimental)=.+"),
}


@rule(
    on=Build,
    severity="warning",
    fix="changes-behaviour",
    references=("Dockerfile reference, parser directives",),
    examples=(
        Bad("""
          - # «sytnax»=docker/dockerfile:1
          + # syntax=docker/dockerfile:1
            FROM alpine:3.22
        """),
        Bad("""
            # The image of the server.
            # «syntax»=docker/dockerfile:1
            FROM alpine:3.22
        """).because("Below another comment, it is only a comment."),
        Good("""
            # syntax=docker/dockerfile:1
            # check=error=true
            FROM alpine:3.22
        """),
        Good("""
            FROM alpine:3.22
            # sync=true
            RUN true
        """),
    ),
)
def ineffective_directive(build: Build) -> Findings:
    """Point at the name of each comment that looks intended as a directive."""
    file = build.file
    effective = {one.span.start for one in file.directives}
    known = {one.name for one in file.directives}
    reported = {one.span.start for one in file.problems if one.kind == "directive"}
    first = min((one.span.start for one in file.instructions), default=None)
    is_top, end = True, 0
    for comment in file.comments:
        if first is not None and comment.start > first:
            return
        between = comment.source.text[end : comment.start]
        is_top = is_top and between in (("\n", "\r\n") if end else ("",))
        end = comment.end
        if comment.start in effective:
            continue
        yield from _ineffective(comment, known, reported, is_top=is_top)
        is_top = False


def _ineffective(comment: Span, known: set[str], reported: set[int], *, is_top: bool) -> Findings:
    """Report a comment that looks intended as a directive that the file does not have."""
    found = _DIRECTIVE.fullmatch(comment.text)
    name = _meant(found[1]) if found is not None else None
    if found is None or name is None or name in known or comment.start in reported:
        return
    if not _VALUES[name].fullmatch(found[2].strip()):
        return
    written = found[1]
    place = comment.part(written)
    if written.lower() == name and not is_top:
        yield Finding(place, f"`{name}` works only above every other line of the file")
    elif written.lower() != name or ":" in comment.text[: found.start(2)]:
        yield Finding(
            place,
            f"this is a comment, not a directive: `{name}=` looks intended",
            fix=_fix(place, name) if is_top and written.lower() != name else None,
        )


def _meant(word: str) -> str | None:
    word = word.lower()
    return next((name for name in _NAMES if edit_distance(word, name, 3) <= 2), None)


def _fix(place: Span, name: str) -> Fix | None:
    return Fix.changes(
        f"Write `{name}`",
        (Edit(place, name),),
        may_break="the build, if the engine's own frontend reads the file in another way",
    )
