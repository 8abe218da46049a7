"""Compare what the model says of capabilities with the sets that the kernel showed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.lab.capability_matrix import DOCKERFILES, FILE_CAPABILITY, PROGRAMS
from tests.lab.comparison import Disk, rows
from tests.lab.seen import capabilities

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.dockerfile.build import Build
from tightship.isolation.capability_holders import hold_in
from tightship.isolation.containers import containers
from tightship.isolation.weakness import HOST
from tightship.model.items import hooks
from tightship.rules.compose.capabilities.host_takeover_capability import host_takeover_capability
from tightship.rules.compose.capabilities.privileged_container import privileged_container
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.capability_holders import Hold
    from tightship.isolation.container import Container

    Record = dict[str, Any]

# The severity of what hands over the host, by who has it.
_OF_CAPABILITY = {"held": "error", "obtainable": "warning", "unobtainable": "info"}
_OF_PRIVILEGE = {"held": "error", "obtainable": "error", "unobtainable": "warning"}


class Sets:
    """The sets of one program, as they were seen."""

    def __init__(self, header: Record, facts: Record) -> None:
        self.uid: int = facts["uid"]
        (self.effective, self.permitted, self.inheritable, self.bounding, self.ambient) = (
            capabilities(facts[key], header["default"], header["everything"])
            for key in ("eff", "prm", "inh", "bnd", "amb")
        )


def disagreements(header: Record, record: Record) -> list[str]:
    """Return where the model is wrong about a record, one line each."""
    found = list[str]()
    for name, container in _containers(record).items():
        facts = record["services"][name][1]
        found += [
            f"{record['name']} {name}: {one}" for one in _differences(container, facts, header)
        ]
    return found


def undecided(record: Record) -> int:
    """Return of how many services the model leaves the user open."""
    return sum(one.starts_as_root is None for one in _containers(record).values())


def _containers(record: Record) -> dict[str, Container]:
    bodies = {name: body for name, (body, _) in record["services"].items()}
    project = ComposeProject(Loading(Disk(json.dumps({"services": bodies}))), ["compose.yaml"])
    stages = {
        name: Build(
            read(Source("Dockerfile", f"FROM scratch\n{DOCKERFILES[body['image']]}\n"))
        ).target()
        for name, body in bodies.items()
    }
    known = {name: stage for name, stage in stages.items() if stage is not None}
    return {one.name: one for one in containers(project, known)}


def _differences(container: Container, facts: Record, header: Record) -> Iterator[str]:
    every = {
        name: Sets(header, facts[name]) for name in PROGRAMS if not isinstance(facts[name], str)
    }
    first, setuid = every["first"], every["setuid"]
    said = container.capabilities.bounding & frozenset(header["everything"])
    for name, sets in every.items():
        if sets.bounding != said:
            yield f"{name}: bounding {sorted(said)}; seen: {sorted(sets.bounding)}"
        if sets.inheritable or sets.ambient:
            yield f"{name}: a set that is passed on"
        if sets.effective != sets.permitted:
            yield f"{name}: effective and permitted sets differ"
    is_refused = facts["file"] == "EPERM"
    if is_refused == (FILE_CAPABILITY in said):
        yield f"file: {facts['file']}"
    is_root = first.uid == 0
    if container.starts_as_root not in (None, is_root):
        yield f"root: {container.starts_as_root}; seen: {first.uid}"
    hold: Hold = "held" if is_root else "obtainable" if setuid.uid == 0 else "unobtainable"
    yield from _of_hold(container, hold, said, every)
    yield from _of_verdicts(container, hold)
    seen_hooks = [Sets(header, one) for one in facts.get("hooks", ())]
    for hook, sets in zip(hooks(container.settings), seen_hooks, strict=bool(seen_hooks)):
        is_held = hold_in(container, hook) == "held"
        # The text names the user in each of these.
        if is_held != bool(sets.effective):
            yield f"hook of {hook.user.value}: {is_held}; seen: {len(sets.effective)}"


def _of_hold(
    container: Container, hold: Hold, said: frozenset[str], every: dict[str, Sets]
) -> Iterator[str]:
    """Compare who has the capabilities; what may be root may also be another user."""
    known = container.capability_hold
    is_open = container.starts_as_root is None
    # A hook as root has them, too, and it is not among the programs.
    by_hook = known == "obtainable" and hold == "unobtainable" and container.value("post_start")
    if known != hold and not (is_open and known == "held") and not by_hook:
        yield f"{known}; seen: {hold}"
    none = frozenset[str]()
    held = said if hold == "held" else none
    gained = none if hold == "unobtainable" else said
    wanted = {"first": held, "plain": held, "setuid": gained}
    wanted["file"] = held or gained & {FILE_CAPABILITY}
    for name, sets in every.items():
        if sets.effective != wanted[name]:
            yield f"{name}: {sorted(wanted[name])}; seen: {sorted(sets.effective)}"
    if not is_open and container.held_capabilities & said != every["first"].effective:
        yield f"held {len(container.held_capabilities)}"


def _of_verdicts(container: Container, hold: Hold) -> Iterator[str]:
    """Compare severities and the row of the table with who has the capabilities."""
    if container.starts_as_root is None or container.value("post_start"):
        return
    for grant in container.grants:
        for finding in host_takeover_capability.check(grant):
            severity = finding.severity.word if finding.severity else "error"
            if severity != _OF_CAPABILITY[hold]:
                yield f"{grant.name} is an {severity}; it is {hold}"
    for finding in privileged_container.check(container):
        severity = finding.severity.word if finding.severity else "error"
        if severity != _OF_PRIVILEGE[hold]:
            yield f"privileged is an {severity}; its capabilities are {hold}"
    [row] = rows(container, "capabilities")
    hands_over = any(one.points >= HOST for one in row.weaknesses)
    privileged = container.privileged.is_surely(True)
    takes_over = bool(container.capabilities.added_names) or privileged
    wanted = takes_over and (hold == "held" or (privileged and hold == "obtainable"))
    if hands_over != wanted:
        yield f"the table has {row.state}; they are {hold}"
