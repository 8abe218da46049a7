"""`apt` is used where a script should use `apt-get`.

`apt` is for people at a terminal: its manual says that its output and options may
change between versions, and it warns about this if its output is not a terminal.
`apt-get` and `apt-cache` stay stable.

## How to fix

Write `apt-get` (or `apt-cache` for `search` and `show`).
"""

from tightship.rules import Bad, Edit, Finding, Findings, Fix, Good, Program, Run, rule

_OF_APT_GET = frozenset(
    ("install", "update", "upgrade", "remove", "purge", "autoremove", "clean", "autoclean",
     "build-dep", "source", "download")
)  # fmt: skip
_OF_APT_CACHE = frozenset(("search", "show", "policy", "depends", "rdepends"))


@rule(
    on=Run,
    severity="info",
    fix="keeps-behaviour",
    references=("apt(8), script usage",),
    aliases=("DL3027", "checkov:CKV_DOCKER_9", "semgrep:prefer-apt-get", "kics:b84a0b47"),
    examples=(
        Bad("""
            FROM debian:13
          - RUN «apt» update && «apt» install -y curl
          + RUN apt-get update && apt-get install -y curl
        """),
        Good("""
            FROM debian:13
            RUN apt-get update && apt-get install -y apt && apt-cache policy curl
        """),
    ),
)
def apt_in_script(run: Run) -> Findings:
    """Point at each call of `apt`."""
    for call in run.calls:
        program = call.program
        if program is not None and program.name == "apt" and not program.is_of_project:
            yield Finding(
                program.word.span,
                "`apt` is for people: its output and options may change",
                fix=_fix(program),
            )


def _fix(program: Program) -> Fix | None:
    operands = program.arguments(("-o", "-t", "-c")).operands
    verb = operands[0].value if operands else None
    name = "apt-get" if verb in _OF_APT_GET else ""
    if verb in _OF_APT_CACHE:
        name = "apt-cache"
    if not name or program.word.span.text != "apt":
        return None
    return Fix.keeps(f"Write `{name}`", (Edit(program.word.span, name),))
