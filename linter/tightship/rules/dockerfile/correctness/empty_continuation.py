"""An instruction continues after a blank line.

BuildKit ignores the blank line and appends the next line, with a warning that this
will become an error. A reader sees the blank line as the end. If the backslash before
it is a mistake, the next instruction becomes a part of this one: if that is a `USER`,
the container stays root.

## How to fix

Delete the blank line, or the backslash before it if the instruction ends there.
"""

from tightship.rules import INSTRUCTION_FORMS, Bad, Build, Edit, Finding, Findings, Fix, Good, Instruction, Source, Span, regex, rule  # fmt: skip

_KEYWORD = regex(r"[ \t]*+([A-Z]++)[ \t]")
_REST = {"\\": regex(r"[ \t]*+\\[ \t]*+(?=\r?\n|\Z)"), "`": regex(r"[ \t]*+`[ \t]*+(?=\r?\n|\Z)")}


@rule(
    on=Build,
    severity="info",
    fix="keeps-behaviour",
    references=("BuildKit, build checks, NoEmptyContinuation",),
    aliases=("buildkit:NoEmptyContinuation",),
    examples=(
        Bad("""
            FROM debian:13
            RUN apt-get update && \\
          - «»
                apt-get install -y curl
        """),
        Bad("""
            FROM debian:13
            RUN apt-get update \\
            «»
            USER 1000
        """).because("This is not a USER instruction: the word is a part of the command."),
        Bad("""
            FROM debian:13
          - RUN apt-get update«» \\
          + RUN apt-get update
        """).because("Nothing follows."),
        Good("""
            FROM debian:13
            RUN apt-get update && \\
                # This is what the health check needs.
                apt-get install -y curl
        """).because("A comment is not a blank line."),
    ),
)
def empty_continuation(build: Build) -> Findings:
    """Point at the first blank line of an instruction, or where nothing follows."""
    if build.file.template is not None:
        return
    for instruction in build.file.instructions:
        if instruction.unfinished:
            yield _unfinished(instruction, build.file.escape)
        elif instruction.gaps:
            yield _gap(instruction)


def _gap(instruction: Instruction) -> Finding:
    first = instruction.gaps[0]
    source, text = first.source, first.source.text
    name = instruction.name
    swallowed = None
    edits: list[Edit] = []
    for gap in instruction.gaps:
        after = _next_line(source, gap.end)
        edits.append(Edit(Span(source, gap.start, after), ""))
        found = _KEYWORD.match(text, after)
        if found is not None and found[1] in INSTRUCTION_FORMS:
            swallowed = swallowed or found[1]
    if swallowed is not None:
        # The backslash is wrong; to delete the line would only hide it.
        message = f"{name} continues after this blank line, so `{swallowed}` is a part of it"
        return Finding(first, message)
    message = f"{name} continues after this blank line"
    fix = Fix.keeps("Delete the blank lines", tuple(edits))
    return Finding(first, message, fix=fix)


def _unfinished(instruction: Instruction, escape: str) -> Finding:
    end = instruction.span.end
    source = instruction.span.source
    fix = None
    found = _REST[escape].match(source.text, end)
    if found is not None and not source.text[found.end() :].strip(" \t\r\n"):
        fix = Fix.keeps("Delete the continuation", (Edit(Span(source, *found.span()), ""),))
    message = f"{instruction.name} ends with a continuation, but nothing follows"
    return Finding(Span(source, end, end), message, fix=fix)


def _next_line(source: Source, offset: int) -> int:
    """Return the start of the next line."""
    end = source.text.find("\n", offset)
    return len(source.text) if end < 0 else end + 1
