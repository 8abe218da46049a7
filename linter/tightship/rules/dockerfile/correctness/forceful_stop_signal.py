"""The container's stop signal cannot be caught.

`docker stop` and Compose send this signal first. A process can catch neither SIGKILL
nor SIGSTOP: with SIGKILL, it ends at once, without writing data in memory to disk;
with SIGSTOP, it sleeps until Docker kills it after ten seconds.

## How to fix

Remove the line to send SIGTERM, or use the signal for a clean shutdown: `STOPSIGNAL
SIGQUIT` for nginx, `SIGINT` for PostgreSQL. A program that has to end at once can do
so on SIGTERM.
"""

from tightship.rules import Bad, Finding, Findings, Good, StopSignal, passed, rule, with_defaults

_FORCEFUL = {
    "KILL": "SIGKILL ends the program at once, without a clean shutdown",
    "STOP": "SIGSTOP does not end the program: it sleeps until it is killed",
}
_NUMBERS = {"9": "KILL", "19": "STOP"}


@rule(
    on=StopSignal,
    severity="warning",
    references=("Dockerfile reference, STOPSIGNAL", "signal(7)"),
    aliases=("tally:no-ungraceful-stopsignal",),
    advice="remove the line to send SIGTERM, or name the signal for a clean shutdown",
    examples=(
        Bad("""
            FROM postgres:18
            STOPSIGNAL «SIGKILL»
        """),
        Bad("""
            FROM postgres:18
            STOPSIGNAL «9»
        """),
        Good("""
            FROM nginx:1.29
            STOPSIGNAL SIGQUIT
        """),
        Good("""
            FROM mcr.microsoft.com/windows/nanoserver:ltsc2025
            STOPSIGNAL SIGKILL
        """).because("Windows has no signals: `invalid-dockerfile` reports the line."),
    ),
)
def forceful_stop_signal(step: StopSignal) -> Findings:
    """Point at the signal."""
    value = step.value
    if value is None or not value.decided or step.stage.system == "windows":
        return
    name = value.text.upper().removeprefix("SIG")
    why = _FORCEFUL.get(_NUMBERS.get(name, name))
    if why is not None:
        yield Finding(value.span, f"{why}{with_defaults(value)}", because=passed(value))
