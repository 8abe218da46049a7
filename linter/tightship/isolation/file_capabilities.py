"""The capabilities that a build gives to program files, by `setcap`."""

from __future__ import annotations

from tightship.frontends.dockerfile.steps import Run
from tightship.lazy import regex
from tightship.values import capability

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands.program import Program
    from tightship.frontends.dockerfile.stage import Stage

# cap_from_text(3): names, an operator, and the sets; a list may be absent, for all.
_CLAUSE = regex(r"([a-z_,]*)[+=][eip]*p[eip]*")


def file_capabilities(stage: Stage) -> frozenset[str]:
    """Return the capabilities that steps of the build give to programs.

    A file keeps them when it is copied from another stage.
    """
    found = set[str]()
    for program in _setcap(stage):
        arguments = program.arguments(("-n",))
        if arguments.flag("-r", "-v", "-h"):
            continue
        for word in arguments.operands[::2]:
            for clause in (word.value or "").lower().split():
                match = _CLAUSE.fullmatch(clause)
                names = match[1].split(",") if match else []
                found.update(capability.canonical(name or "all") for name in names)
    return frozenset(capability.ALL_CAPABILITIES if "ALL" in found else found)


def _setcap(stage: Stage) -> Iterator[Program]:
    for one in stage.build.stages:
        for step in one.effective_steps:
            for call in step.calls if isinstance(step, Run) else ():
                if call.program is not None and call.program.name == "setcap":
                    yield call.program
