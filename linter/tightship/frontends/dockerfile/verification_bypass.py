"""The verification bypasses of a step: by a command, the environment, or a file."""

from __future__ import annotations

import posixpath

from tightship.commands.verification_bypass import (
    bypass_by_variable,
    bypasses_by_command,
    bypasses_by_file,
)
from tightship.frontends.dockerfile.steps import (
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Healthcheck,
    Run,
)
from tightship.lazy import TYPE_CHECKING, Record
from tightship.syntax.shell.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands.verification_bypass import Bypass, Verification
    from tightship.frontends.dockerfile.argument import Argument
    from tightship.frontends.dockerfile.steps import Step


class StepBypass(Record):
    """The bypasses of one command, variable or file of a step.

    ``places`` holds at least one. ``value`` is the word that sets a variable of the
    environment.
    """

    places: list[Bypass]
    value: Argument | None = None


def verification_bypasses(step: Step, check: Verification) -> Iterator[StepBypass]:
    """Yield the bypasses of a verification in a step."""
    if isinstance(step, (Run, Cmd, Entrypoint, Healthcheck)):
        for call in step.calls:
            places = [*bypasses_by_command(call, check)]
            if places:
                yield StepBypass(places)
    elif isinstance(step, (Env, Arg)):
        yield from _by_variables(step, check)
    elif isinstance(step, (Add, Copy)) and step.heredocs:
        yield from _by_heredocs(step, check)


def adds_own_packages(off: Bypass, step: Step) -> bool:
    """Return whether all packages that apk adds are files that earlier stages made."""
    program = off.call.program if off.call is not None else None
    if program is None or program.name != "apk" or not isinstance(step, Run):
        return False
    made = tuple(
        f"{one.destination.text.rstrip('/')}/"
        for one in step.stage.effective_steps
        if isinstance(one, Copy) and one.origin and one.destination
        if step.stage.build.stage(one.origin.text) is not None
    )
    words = ([word.value or "" for word in call.command.words] for call in step.calls)
    folder = next((one[1] for one in words if one[:1] == ["cd"] and len(one) == 2), "")
    packages = [word.value or "" for word in program.arguments().operands][1:]
    return bool(packages) and all(posixpath.join(folder, one).startswith(made) for one in packages)


def _by_variables(step: Env | Arg, check: Verification) -> Iterator[StepBypass]:
    """Yield the bypasses by variables; a build argument is a variable of RUN."""
    for pair in step.pairs:
        name = pair.name.text
        if name.upper() not in check.variables:
            continue
        if isinstance(step, Env):
            value = pair.value
            text = value.text if value is not None and value.decided else None
        else:
            variable = step.stage.variable(name, step.index + 1)
            if variable is None or variable.text is None:
                continue
            text = variable.text
        off = bypass_by_variable(name, text, pair.span, check)
        if off is not None:
            yield StepBypass([off], pair.value)


def _by_heredocs(step: Add | Copy, check: Verification) -> Iterator[StepBypass]:
    destination = step.destination
    if destination is None or not destination.decided:
        return
    for heredoc in step.heredocs:
        path = destination.text
        if path.endswith("/"):
            path += heredoc.name
        places = [*bypasses_by_file(path, Text.of(heredoc.body), check)]
        if places:
            yield StepBypass(places)
