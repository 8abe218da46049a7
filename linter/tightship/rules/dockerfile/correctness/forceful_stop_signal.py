"""The signal that stops the container cannot be handled.

`docker stop` and Compose send this signal first. A process can neither catch SIGKILL nor
SIGSTOP: with SIGKILL it ends in the middle of what it does, without writing what it holds in
memory, and with SIGSTOP it sleeps until it is killed after ten seconds.

## How to fix

Remove the line, so that SIGTERM is sent, or name the signal on which the program shuts down
in order: `STOPSIGNAL SIGQUIT` for nginx, `SIGINT` for PostgreSQL. A program that has to
end at once can do so on SIGTERM.
"""

from __future__ import annotations

from tightship.dockerfile.steps import StopSignal
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Severity,
    passed,
    rule,
    with_defaults,
)

_FORCEFUL = {
    "KILL": "SIGKILL ends the program at once, in the middle of what it does",
    "STOP": "SIGSTOP does not end the program: it sleeps until it is killed",
}
_NUMBERS = {"9": "KILL", "19": "STOP"}


@rule(
    on=StopSignal,
    severity=Severity.WARNING,
    references=("Dockerfile reference, STOPSIGNAL", "signal(7)"),
    aliases=("tally:no-ungraceful-stopsignal",),
    examples=(
        Bad(
            """
            FROM postgres:18
            STOPSIGNAL «SIGKILL»
            """,
        ),
        Bad(
            """
            FROM postgres:18
            STOPSIGNAL «9»
            """,
        ),
        Good(
            """
            FROM nginx:1.29
            STOPSIGNAL SIGQUIT
            """,
        ),
    ),
)
def forceful_stop_signal(step: StopSignal) -> Findings:
    """Point at the signal."""
    value = step.value
    if value is None or not value.decided:
        return
    name = value.text.upper().removeprefix("SIG")
    why = _FORCEFUL.get(_NUMBERS.get(name, name))
    if why is not None:
        yield Finding(value.span, f"{why}{with_defaults(value)}", because=passed(value))
