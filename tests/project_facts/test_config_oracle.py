"""What facts say is known agrees with recorded runs of docker-compose 2.26.1."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML
from tests.frontends.compose.test_config_oracle import LEFT_OUT, RECORDS, options
from tests.project_facts.views import listed, plain, things

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.load.project import load_project
from tightship.engine.plan.job import ProjectFiles
from tightship.frontends.compose.loading.invocation import invocation
from tightship.project_facts.values import Facts, Items, Texts
from tightship.values.quantity import parse_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = [name for name, one in RECORDS.items() if one["rc"] == 0 and name not in LEFT_OUT]
# What an engine gives without any setting (moby, oci/caps/defaults.go).
USUAL = frozenset(
    [
        "CHOWN",
        "DAC_OVERRIDE",
        "FSETID",
        "FOWNER",
        "MKNOD",
        "NET_RAW",
        "SETGID",
        "SETUID",
        "SETFCAP",
        "SETPCAP",
        "NET_BIND_SERVICE",
        "SYS_CHROOT",
        "KILL",
        "AUDIT_WRITE",
    ]
)


def services(name: str) -> Iterator[tuple[dict[str, Any], Facts]]:
    """Yield the services that Compose printed, each with the facts about it."""
    record = RECORDS[name]
    disk = TextFiles({f"{name}/{path}": text for path, text in record["files"].items()})
    call = invocation(
        disk.path(f"{name}/{record['cwd']}".removesuffix("/.")),
        options(record["args"], record["env"]),
        exists=disk.exists,
        read=disk.read,
        ceiling=disk.root,
    )
    project = load_project(disk, ProjectFiles(call.files, call.directory, call.variables))
    yaml: Any = YAML(typ="safe", pure=True)
    config = yaml.load(record["stdout"].replace("$DIR", f"./{name}").replace("$$", "$"))
    found = {plain(one.get("name")): one for one in things(project, "service")}
    printed = part(config, "services")
    for key in printed:
        yield printed[key], found[key]


def part(table: Any, *path: str) -> Any:
    """Return what is below some keys of what was printed: an empty table for none."""
    for key in path:
        table = table.get(key) or {}
    return table


def same(printed: dict[str, Any], facts: Facts) -> Iterator[tuple[str, object, object]]:
    """Yield what Compose printed, and what the facts say, where these are known."""
    for key in ("labels", "environment"):
        value, written = facts.get(key), part(printed, key)
        assert isinstance(value, Items)
        said = dict(_pairs(value))
        known = {name: one for name, one in said.items() if one is not ...}
        yield key, {name: written.get(name) for name in known}, known
        yield f"names of {key}", (written.keys() <= said.keys()) or not value.known, True
    yield from _mounts(printed, facts)
    yield from _ports(printed, facts)
    networks = facts.get("networks")
    assert isinstance(networks, Items)
    if networks.known and "network_mode" not in printed:
        yield (
            "networks",
            sorted(printed.get("networks") or ()),
            sorted(map(str, listed(networks, "name"))),
        )
    yield from _capabilities(printed, facts)
    yield from _limits(printed, facts)


def _pairs(value: Items) -> Iterator[tuple[str, object]]:
    for one in value.items:
        yield str(plain(one.get("name"))), plain(one.get("value"))


def _mounts(printed: dict[str, Any], facts: Facts) -> Iterator[tuple[str, object, object]]:
    value = facts.get("mounts")
    assert isinstance(value, Items)
    said = [
        tuple(plain(one.get(name)) for name in ("kind", "volume", "source", "target", "read-only"))
        for one in value.items
        if plain(one.get("route")) in ("volumes", "driver_opts")
    ]
    for kind, volume, source, target, read_only in said:
        same_target = [v for v in printed.get("volumes") or () if v["target"].rstrip("/") == target]
        if ... in (kind, volume, source, target, read_only):
            continue
        origin = volume or normal(source)
        # A volume may be read-only by its options.
        printed_mode = [volume is None and bool(one.get("read_only")) for one in same_target]
        printed_source = [normal(one.get("source")) for one in same_target]
        own_mode = volume is None and read_only
        yield (
            f"mount {target}",
            [(origin, own_mode)],
            [*zip(printed_source, printed_mode, strict=True)],
        )
    if value.known:
        yield "count of mounts", len(said), len(printed.get("volumes") or ())


def normal(source: object) -> object:
    """Return a path in the spelling of facts, and the name of a volume as it is."""
    if not isinstance(source, str) or not source.startswith(("/", ".")):
        return source
    path = posixpath.normpath(source.replace("/root", "~", 1))
    path = f"./{path}" if source.startswith("./") else path
    return path.replace("/var/run", "/run", 1) if path.startswith("/var/run") else path


def _ports(printed: dict[str, Any], facts: Facts) -> Iterator[tuple[str, object, object]]:
    value = facts.get("ports")
    assert isinstance(value, Items)
    said = listed(value, "host", "container", "address", "protocol")
    if not value.known or any(... in one for one in said if isinstance(one, tuple)):
        return
    written = [
        (
            int(one["published"]) if one.get("published") else None,
            one["target"],
            "0.0.0.0" if one.get("host_ip") in (None, "::") else one["host_ip"],
            one["protocol"],
        )
        for one in printed.get("ports") or ()
        if "-" not in str(one.get("published", ""))
    ]
    if len(written) == len(printed.get("ports") or ()):
        yield "ports", sorted(map(str, written)), sorted(map(str, said))


def _capabilities(printed: dict[str, Any], facts: Facts) -> Iterator[tuple[str, object, object]]:
    value = facts.get("capabilities")
    assert isinstance(value, Texts)
    added, dropped = (
        {str(one).upper().removeprefix("CAP_") for one in printed.get(key) or ()}
        for key in ("cap_add", "cap_drop")
    )
    is_all = printed.get("privileged") or "ALL" in added or printed.get("post_start")
    if value.possibly != value.surely or is_all:
        return
    kept = frozenset[str]() if "ALL" in dropped else USUAL - dropped
    added = {one for one in added if len(one) > 1}  # the engine refuses others
    yield "capabilities", kept | added, value.surely


def _limits(printed: dict[str, Any], facts: Facts) -> Iterator[tuple[str, object, object]]:
    limits = part(printed, "deploy", "resources", "limits")
    reserved = part(printed, "deploy", "resources", "reservations")
    found: dict[str, Any] = {
        "memory": printed.get("mem_limit") or limits.get("memory"),
        "memory-reservation": printed.get("mem_reservation") or reserved.get("memory"),
        "cpus": printed.get("cpus") or limits.get("cpus"),
        "processes": printed.get("pids_limit") or limits.get("pids"),
        "shared-memory": printed.get("shm_size"),
    }
    for fact, written in found.items():
        said = plain(facts.get(fact))
        if said is not ...:
            is_size = fact in ("memory", "memory-reservation", "shared-memory")
            written = None if written == -1 else written  # no limit
            wanted = (
                None
                if written is None
                else parse_bytes(str(written))
                if is_size
                else float(written)
            )
            yield fact, wanted, said


@pytest.mark.parametrize("name", NAMES)
def test_facts_agree_with_what_compose_printed(name: str) -> None:
    for printed, facts in services(name):
        told = [(what, one, other) for what, one, other in same(printed, facts) if one != other]
        assert told == []
