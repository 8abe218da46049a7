"""A line begins with an unknown instruction.

BuildKit rejects a Dockerfile with an unknown word at the start of a line, and builds
nothing. The old image stays in use, with the problems that the new one should fix.

Usually it is a typo, or the line before lacks a continuation. A character that only looks
like a space, such as a no-break space from a keyboard or a web page, joins an instruction
and its argument into one word.

## How to fix

Correct the instruction, or end the line before with a backslash.
"""

from tightship.rules import Bad, Build, DockerfileProblem, Edit, Finding, Findings, Fix, Good, Span, closest, edit_distance, regex, rule  # fmt: skip

_GLUED = regex(r"([A-Za-z]+)([\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000])")


@rule(
    on=Build,
    severity="error",
    fix="keeps-behaviour",
    references=("Dockerfile reference, overview",),
    when=("file.problems",),
    examples=(
        Bad("""
          - «FORM» debian:13
          - «entrypont» ["/bin/app"]
          + FROM debian:13
          + entrypoint ["/bin/app"]
        """),
        Bad("""
            FROM debian:13
            RUN apt-get update
            «&&» apt-get install -y curl
        """).because("The line before does not end with a backslash."),
        Good("""
            from debian:13
            Run apt-get update
        """).because("Case does not matter."),
    ),
)
def unknown_instruction(build: Build) -> Findings:
    """Point at the word, and say what was probably meant."""
    for problem in build.file.problems:
        if problem.kind == "unknown-instruction":
            yield _finding(problem)


def _finding(problem: DockerfileProblem) -> Finding:
    span = problem.span
    word = span.text
    glued = _GLUED.match(word)
    if glued is not None and glued[1].upper() in problem.choices:
        start, end = glued.span(2)
        space = Span(span.source, span.start + start, span.start + end)
        fix = Fix.corrects("Write a plain space", (Edit(space, " "),))
        return Finding(span, problem.message, fix=fix)
    meant = closest(word, problem.choices)
    if meant is None:
        return Finding(span, problem.message)
    written = meant.lower() if word.islower() else meant
    fix = None
    if edit_distance(word.lower(), meant.lower(), 2) == 1:
        fix = Fix.corrects(f"Write `{written}`", (Edit(span, written),))
    return Finding(span, f"{problem.message}; did you mean `{written}`?", fix=fix)
