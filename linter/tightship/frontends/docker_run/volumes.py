"""The volumes that commands create, for containers of the same file that mount them."""

from __future__ import annotations

from tightship.findings import Gap
from tightship.frontends.flags.build_arguments import build_arguments
from tightship.frontends.flags.values import nested, pair_node, text_node
from tightship.frontends.invocations.commands import VOLUME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.flags.flags import Arguments, Given
    from tightship.frontends.invocations.commands import EngineCommand, RunCommand
    from tightship.model.file_project import FileProject
    from tightship.syntax.yaml.nodes import Scalar

_SOURCES = ("source=", "src=")


def define_volumes(
    project: FileProject, commands: Sequence[EngineCommand], runs: Sequence[RunCommand]
) -> list[EngineCommand]:
    """Define the volumes that containers mount; return the commands that say nothing more."""
    mounted = {name for one in runs for given in one.arguments.flags for name in _names(given)}
    known = list["EngineCommand"]()
    for command in commands:
        if command.verb != VOLUME:
            known.append(command)
            continue
        given = build_arguments(command.words, command.engine, "docker_volume")
        name = _name(given)
        if given.unknown is not None:
            reason = "which volume it creates is known only when the command runs"
            project.gaps.append(Gap(command.span, reason))
            known.append(command)
        elif name in mounted:  # else another file may mount it
            known.append(command)
            project.define("volumes", name, nested(command.span, _keys(given)).entries)
    return known


def _names(given: Given) -> list[str]:
    """Return the volume that a flag may mount."""
    if given.flag.path != ("volumes",) or given.value is None:
        return []
    text = text_node(given.value, given.skip).value
    sources = [one.partition("=")[2] for one in text.split(",") if one.startswith(_SOURCES)]
    return [*sources, text.partition(":")[0]]


def _name(given: Arguments) -> str:
    named = [one for one in given.flags if one.flag.name == "name" and one.value is not None]
    if given.image is not None:
        return text_node(given.image).value
    return text_node(named[-1].value, named[-1].skip).value if named and named[-1].value else ""


def _keys(given: Arguments) -> dict[tuple[str, ...], Scalar]:
    """Return the keys of a volume by their paths."""
    found: dict[tuple[str, ...], Scalar] = {}
    for one in given.flags:
        pair = pair_node(one) if one.flag.kind == "pair" else None
        if pair is not None:
            found[*one.flag.path, pair[0].value] = pair[1]
        elif one.flag.kind == "text" and one.value is not None:
            found[one.flag.path] = text_node(one.value, one.skip)
    return found
