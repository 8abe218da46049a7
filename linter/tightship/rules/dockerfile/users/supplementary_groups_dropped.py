"""`USER name:group` drops the user's other groups.

With a group after the colon, a process has only that group. The groups in `/etc/group`,
from `usermod -aG`, `useradd -G` or `addgroup USER GROUP`, apply only to a `USER`
without a group. The process then cannot open a device or a folder of its other groups,
and people often use `chmod 777` or root.

## How to fix

Write `USER name`. The account sets the primary group: `useradd -g app -G video app`.
"""

from tightship.rules import VALUED_WHEN_CREATING, Bad, Edit, Finding, Findings, Fix, Good, Iterator, Program, Related, Run, Span, User, rule  # fmt: skip


@rule(
    on=User,
    severity="info",
    fix="changes-behaviour",
    references=("Dockerfile reference, USER", "moby/sys/user: GetExecUser"),
    aliases=("tally:user-explicit-group-drops-supplementary-groups",),
    when=("group",),
    examples=(
        Bad("""
            FROM debian:13
            RUN useradd -m -G video,audio app
          - USER «app:app»
          + USER app
        """),
        Bad("""
            FROM alpine:3.22
            RUN adduser -D app && addgroup app dialout
          - USER «app:app»
          + USER app
        """),
        Good("""
            FROM debian:13
            RUN useradd -m -G video app
            USER app
        """),
        Good("""
            FROM debian:13
            RUN useradd -m -G video app
            USER app:video
        """).because("The account has this group."),
    ),
)
def supplementary_groups_dropped(step: User) -> Findings:
    """Point at the last USER with a group, if a step gave the user others."""
    value = step.value
    if value is None or not value.decided:
        return
    name, _, group = value.text.partition(":")
    if not group or not name or name.isdecimal():
        return
    if step.stage.last(User) is not step:
        return
    lost: list[str] = []
    places: list[Span] = []
    for stage in reversed(step.stage.ancestry):
        for one in stage.effective_steps:
            if one is step:
                break
            if not isinstance(one, Run):
                continue
            for call in one.calls:
                if call.program is None:
                    continue
                for groups, place in _memberships(call.program, name):
                    others = [given for given in groups if given and given != group]
                    lost += others
                    places += [place] * bool(others)
    if lost:
        named = ", ".join(f"`{one}`" for one in dict.fromkeys(lost))
        yield Finding(
            value.span,
            f"with a group, `USER` drops the other groups of `{name}`: {named}",
            fix=None if value.reads else _fix(value.span, name),
            because=tuple(Related(place, "given here") for place in places[:5]),
        )


def _memberships(program: Program, name: str) -> Iterator[tuple[list[str], Span]]:
    """Yield the groups that a command surely adds a user to."""
    if program.name in ("useradd", "usermod"):
        arguments = program.arguments(VALUED_WHEN_CREATING)
        flag = arguments.flag("-G", "--groups")
        user = arguments.operands[-1].value if arguments.operands else None
        if flag is not None and flag.value and user == name:
            yield flag.value.split(","), (flag.source or flag.word).span
    elif program.name == "gpasswd":
        arguments = program.arguments(("-a", "--add"))
        flag = arguments.flag("-a", "--add")
        if flag is not None and flag.value == name and arguments.operands:
            yield [arguments.operands[0].value or ""], arguments.operands[0].span
    elif program.name in ("adduser", "addgroup"):
        operands = program.arguments(VALUED_WHEN_CREATING).operands
        if len(operands) == 2 and operands[0].value == name:
            yield [operands[1].value or ""], operands[1].span


def _fix(place: Span, name: str) -> Fix | None:
    return Fix.changes(
        f"Write `USER {name}`",
        (Edit(place, name),),
        may_break="a program in the image that needs this group as the primary one",
    )
