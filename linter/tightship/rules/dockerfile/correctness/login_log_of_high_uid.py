"""A user with a high id makes the login logs in the image huge.

`/var/log/lastlog` and `/var/log/faillog` are indexed by user id. On a disk, the gap
before an entry uses no space, but a layer is an archive: `useradd -u 1000000` can add
hundreds of megabytes to the image, and every host that pulls the image writes them.

Systems without these files, such as Debian 13, are not affected; there, the flag does no
harm.

## How to fix

Pass `-l` (`--no-log-init`): then `useradd` creates no entry, and a container needs none.
"""

from tightship.rules import VALUED_WHEN_CREATING, Bad, Edit, Finding, Findings, Fix, Good, Program, Run, Span, rule  # fmt: skip

_HIGH = 100_000


@rule(
    on=Run,
    severity="info",
    fix="keeps-behaviour",
    references=("useradd(8), --no-log-init", "Docker, Building best practices, USER"),
    aliases=("DL3046",),
    when=("program_names:useradd",),
    examples=(
        Bad("""
            FROM ubuntu:24.04
          - RUN «useradd» -m -u 1000650000 app
          + RUN useradd -l -m -u 1000650000 app
        """),
        Good("""
            FROM ubuntu:24.04
            RUN useradd --no-log-init --uid 1000650000 app
            RUN useradd -u 10001 service
        """),
        Good("""
            FROM ubuntu:24.04
            ARG ID
            RUN useradd -u "$ID" app
        """),
    ),
)
def login_log_of_high_uid(run: Run) -> Findings:
    """Point at `useradd`."""
    for call in run.calls:
        program = call.program
        if program is None or program.name != "useradd":
            continue
        uid = _uid(program)
        if uid is not None and uid >= _HIGH:
            yield Finding(
                program.word.span,
                f"`useradd` creates an entry for user id {uid} in the login logs, which"
                " can make the layer hundreds of megabytes large",
                fix=None if run.is_exec_form else _fix(program.word.span),
            )


def _uid(program: Program) -> int | None:
    """Return the user id if it is certain, and nothing leaves the logs alone."""
    arguments = program.arguments(VALUED_WHEN_CREATING)
    if arguments.flag("-l", "--no-log-init") is not None:
        return None
    if any(not word.head for word in program.words):
        return None
    flag = arguments.flag("-u", "--uid")
    value = flag.value if flag is not None else None
    if value is None or not value.isdecimal() or len(value) > 10:
        return None
    return int(value)


def _fix(place: Span) -> Fix | None:
    end = Span(place.source, place.end, place.end)
    return Fix.keeps("Add `-l`", (Edit(end, " -l"),))
