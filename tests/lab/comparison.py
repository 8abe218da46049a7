"""Compare what the model says of containers with what was seen in them.

Each comparison is a function of a container, of what was seen in it, and of the rest of
the record; it yields a disagreement for each claim that is not so. A claim of the kind
"only a run can tell" is never wrong.
"""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any, Literal

from tests.lab.seen import capabilities

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.isolation.containers import containers
from tightship.isolation.mechanisms import table
from tightship.isolation.user import powerful_groups
from tightship.rules.compose.filesystem.tmpfs_weakened import tmpfs_weakened
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.isolation.container import Container
    from tightship.isolation.weakness import MechanismState

    Facts = dict[str, Any]
    Record = dict[str, Any]
    Comparison = Callable[[Container, Facts, Record, Record], Iterator[str]]

# Kinds of namespaces: the model's names, and those of records.
_KINDS = {
    "pid": "pid",
    "network": "net",
    "ipc": "ipc",
    "uts": "uts",
    "user": "user",
    "cgroup": "cgroup",
}
_WITH_POWER = {"0", "4", "6", "42"}


class Missing:
    """A file that a project does not have."""

    reason: Literal["missing"] = "missing"

    def __init__(self, path: str) -> None:
        self.message = f"`{path}` is missing"


class Disk:
    """A disk that holds one Compose file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> Source | Missing:
        return Source(path, self.text) if path == "compose.yaml" else Missing(path)


def containers_of(record: Record) -> dict[str, Container]:
    """Return the containers of a record by the names of their services."""
    bodies = {name: body for name, (body, _) in record["services"].items()}
    text = json.dumps({"services": bodies, **record["top"]})
    project = ComposeProject(Loading(Disk(text)), ["compose.yaml"])
    return {one.name: one for one in containers(project)}


def disagreements(header: Record, record: Record) -> list[str]:
    """Return where the model is wrong about a record, one line each."""
    found = list[str]()
    for name, container in containers_of(record).items():
        facts = record["services"][name][1]
        if facts is None:
            continue
        for compare in COMPARISONS:
            found += [
                f"{record['name']} {name}: {compare.__name__.strip('_')}: {one}"
                for one in compare(container, facts, record, header)
            ]
    return found


def rows(container: Container, mechanism: str) -> list[MechanismState]:
    """Return the rows of the table about a mechanism."""
    return [row for row in table(container) if row.mechanism == mechanism]


def _capabilities(container: Container, facts: Facts, _: Record, header: Record) -> Iterator[str]:
    everything = frozenset(header["everything"])
    held = capabilities(facts["caps"], header["default"], everything)
    said = container.capabilities.bounding & everything
    if said != held:
        yield f"said but not seen {sorted(said - held)}, not said {sorted(held - said)}"
    [row] = rows(container, "capabilities")
    if held and row.state == "none":
        yield "the table has none"
    if row.mark == "strong" and held - said:
        yield "the table calls it strong"


def _on_or_off(
    mechanism: str, key: str, off: str, container: Container, facts: Facts
) -> Iterator[str]:
    """Compare a row that is weak where a mechanism is off."""
    [row] = rows(container, mechanism)
    is_off = facts.get(key) == off
    if row.mark != "unknown" and is_off != (row.mark == "weak"):
        yield f"{row.mark}, {row.state}; seen: {facts.get(key)}"


def _new_privileges(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    [row] = rows(container, "setuid programs")
    if row.mark != "unknown" and (row.mark == "strong") != ("nnp" in facts):
        yield f"{row.state}; seen: {facts.get('nnp')}"


def _seccomp(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    yield from _on_or_off("seccomp", "seccomp", "off", container, facts)


def _masks(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    mechanism = "masks over /proc and /sys"
    yield from _on_or_off(mechanism, "masks", "off", container, facts)
    if facts.get("masks") == "partly":
        yield "masked and writable"


def _root_filesystem(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    [row] = rows(container, "root file system")
    if row.mark != "unknown" and (row.mark == "strong") != (facts.get("root") == "ro"):
        yield f"{row.state}; seen: {facts.get('root', 'rw')}"


def _user(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    [row] = rows(container, "user")
    if row.mark != "unknown" and (row.mark == "weak") != (facts["uid"] == 0):
        yield f"{row.state}; seen: {facts['uid']}"
    # Only the passwd of an image knows the number of a name.
    name = (container.user.value or "").partition(":")[0]
    is_known = name == "root" or name.isdecimal()
    if row.mark == "unknown" and container.user.decided and is_known:
        yield f"nothing is said of {container.user.value}"


def _groups(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    seen = {str(one) for one in facts.get("groups", ())} & _WITH_POWER
    seen |= {str(facts["gid"])} & (_WITH_POWER - {"0"})
    said = {one.written for one in powerful_groups(container)}
    if seen != said:
        yield f"said {sorted(said)}; seen: {sorted(seen)}"


def _namespaces(container: Container, facts: Facts, record: Record, _: Record) -> Iterator[str]:
    shared = facts.get("shared", {})
    for kind, key in _KINDS.items():
        found, owner = container.namespace(kind), shared.get(key, "own")
        if kind in ("user", "cgroup") and not found.setting.is_set:
            if not any(r.mark == "unknown" for r in rows(container, f"{kind} namespace")):
                yield f"{kind}: the table does not leave it to the daemon"
            continue
        said = found.owner
        if found.service is not None and said in ("own", "none"):
            said = found.service
            other = record["services"][found.service][1]
            said = other.get("shared", {}).get(key, said)
        elif said == "none":
            said = "own"
            if kind == "network" and facts.get("net") != "none":
                yield "a network of none, with routes"
        if said == "unknown" and not found.setting.decided:
            continue
        if kind == "user" and said == "host":
            said = "own"  # of records that map no users
        if said != owner:
            yield f"{kind}: {said}; seen: {owner}"


def _limits(container: Container, facts: Facts, _: Record, header: Record) -> Iterator[str]:
    limits = container.limits
    for one, key in ((limits.memory, "memory"), (limits.processes, "pids")):
        said, seen = one.setting.value, facts.get(key)
        if key == "memory" and said is not None:
            said = said // 4096 * 4096  # the kernel counts pages
        if one.setting.decided and said != seen:
            yield f"{key}: {said}; seen: {seen}"
    said, some = limits.cpu.setting.value, "cpu" in facts or "cpuset" in facts
    if limits.cpu.setting.decided and (said is not None) != some:
        yield f"CPU: {said}; seen: {facts.get('cpu')} {facts.get('cpuset')}"
    if said is not None and "cpu" in facts:
        quota = said / 100_000 if said >= 1000 else said
        if quota != facts["cpu"]:
            yield f"CPU: {said}; seen: {facts['cpu']}"
    files = limits.open_files
    if files.decided and (files.value or header["nofile"]) != facts.get("nofile", header["nofile"]):
        yield f"open files: {files.value}; seen: {facts.get('nofile')}"
    [row] = rows(container, "limits")
    every = some and "memory" in facts and "pids" in facts
    if row.mark != "unknown" and every != (row.mark == "strong"):
        yield f"the table has {row.state}"


def _mounts(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    """Compare the paths of the host: each by its target, with its source and access."""
    seen = {
        target: text.split()
        for target, text in facts.get("mounts", {}).items()
        if text.startswith("/")
    }
    said = {posixpath.normpath(one.target): one for one in container.mounts}
    for target in sorted({*seen, *said}):
        mount, words = said.get(target), seen.get(target)
        if mount is None or words is None:
            yield f"{target}: {mount and mount.source}; seen: {words}"
            continue
        if posixpath.normpath(mount.source) != words[0]:
            yield f"{target}: {mount.source}; seen: {words[0]}"
        if mount.writable and words[1] != "rw":
            yield f"{target}: writable; seen: {words[1]}"
        if not mount.writable and words[1] != "ro":
            yield f"{target}: not writable; seen: {words[1]}"


def _tmpfs(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    """Compare the weakening options of each ``tmpfs`` with those that rules report."""
    reported = {
        finding.span.text.strip("\"'").partition(":")[0]: finding.message
        for finding in tmpfs_weakened.check(container)
    }
    for item in container.texts("tmpfs").items:
        target = (item.value or "").partition(":")[0]
        options = facts.get("mounts", {}).get(target, "").split()
        if not options or options[0] != "tmpfs":
            continue  # another mount is over it
        message = reported.get(target, "")
        for word in ("exec", "suid", "dev"):
            if (f"`{word}`" in message) != (f"no{word}" not in options):
                yield f"{target}: {message or 'strong'}; seen: {options}"


def _devices(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    """Compare the devices that are there, and those that open."""
    nodes = facts.get("devices", [])
    privileged = container.privileged.is_surely(True)
    if privileged != (nodes == "many"):
        yield f"{'all' if privileged else 'some'}; seen: {nodes}"
    said = {one.mapped.device.target: one for one in container.devices if one.mapped}
    if not privileged:
        there = {path.removeprefix("/dev/").partition("/")[0] for path in said}
        if there != set(nodes):
            yield f"{sorted(there)}; seen: {nodes}"
    for path in facts.get("opens", ()):
        if path not in said:
            yield f"{path} is not said"
        elif not said[path].access:
            yield f"{path} has no access; it opens"


def _device_rules(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    """Compare the rules with whether a block device opens that the container made."""
    can_make = "MKNOD" in container.capabilities.bounding and facts["uid"] == 0
    opens = any(
        rule.opened in ("every device", "every block device", "every disk of major number 7")
        or (rule.rule.type, rule.rule.major, rule.rule.minor) == ("b", 7, 0)
        for rule in container.device_rules
    )
    opens = opens or container.privileged.is_surely(True)
    mapped = any(one.source.startswith("/dev/loop0") for one in container.devices)
    # The probe makes it in /tmp.
    can_make = can_make and "root" not in facts and "/tmp" not in facts.get("mounts", {})
    if can_make and not mapped and opens != ("block" in facts):
        yield f"a block device {'opens' if opens else 'stays shut'}; seen otherwise"


def _ports(container: Container, facts: Facts, *_: Record) -> Iterator[str]:
    """Compare the published ports with those that the engine bound."""
    said = set[str]()
    for one in container.ports:
        parsed = one.parsed
        addresses = ("0.0.0.0", "::") if one.host_ip is None else (one.host_ip,)
        for outer, inner in zip(_range(parsed.published or ""), _range(parsed.target), strict=True):
            for address in addresses:
                said.add(f"{address}:{outer}:{inner}/{parsed.protocol}")
    seen = set(facts.get("ports", ()))
    # The engine of the lab has no IPv6 on its networks.
    if {one for one in said if not one.startswith("::")} != {
        one for one in seen if not one.startswith("::")
    }:
        yield f"{sorted(said)}; seen: {sorted(seen)}"


def _range(ports: str) -> range:
    first, _, last = ports.partition("-")
    return range(int(first), int(last or first) + 1)


COMPARISONS: tuple[Comparison, ...] = (
    _capabilities,
    _new_privileges,
    _seccomp,
    _masks,
    _root_filesystem,
    _user,
    _groups,
    _namespaces,
    _limits,
    _mounts,
    _tmpfs,
    _devices,
    _device_rules,
    _ports,
)
"""What is compared."""
