"""Single changes of isolation, chosen at random, in real Compose projects.

Each has a direction, which the comparison has to report, at the service that was changed
and at no other one. Run as a program, it makes many and prints those that it misses:

    python -m tests.review.isolation_changes 2000
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from tests.review.refactorings import CommentedSeq, Project, plain, projects
from tests.review.trees import compared, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tightship.isolation.state import Direction

Data: TypeAlias = Any
Random: TypeAlias = random.Random


class Change(NamedTuple):
    """A change of one service: what it does, and the mechanism that it is about."""

    mechanism: str
    direction: Direction
    make: Callable[[Data], bool]
    # Changes of the network are about others, too.
    reaches: bool = False


def _set(key: str, value: object) -> Callable[[Data], bool]:
    """Return what sets a key, unless the service has it."""

    def make(service: Data) -> bool:
        if key in service:
            return False
        service[key] = value
        return True

    return make


def _add(key: str, item: object) -> Callable[[Data], bool]:
    """Return what adds an item to a list, unless something like it is there."""

    def make(service: Data) -> bool:
        listed: Data = service.setdefault(key, CommentedSeq())
        word = str(item).partition(":")[0].partition("=")[0]
        if not isinstance(listed, CommentedSeq) or word in str(listed):
            return False
        listed.append(item)
        return True

    return make


def _limit(key: str, value: object) -> Callable[[Data], bool]:
    """Return what sets a limit, unless `deploy` may set it already."""
    make = _set(key, value)
    return lambda service: "deploy" not in service and make(service)


def _host_network(service: Data) -> bool:
    if "network_mode" in service:
        return False
    service.pop("networks", None)
    service.pop("ports", None)
    service["network_mode"] = "host"
    return True


def _privileged(service: Data) -> bool:
    # An option of its own may be off already.
    return "security_opt" not in service and _set("privileged", True)(service)


def _user(service: Data) -> bool:
    # An image that is built here may have such a user already.
    if "user" in service or "build" in service:
        return False
    service["user"] = "1234:1234"
    return True


def _drop_all(service: Data) -> bool:
    if "cap_drop" in service:
        return False
    service["cap_drop"] = CommentedSeq(["ALL"])
    return True


CHANGES = (
    Change("capabilities", "worse", _set("privileged", True)),
    Change("SELinux", "worse", _privileged),
    Change("capabilities", "worse", _add("cap_add", "SYS_ADMIN")),
    Change("capabilities", "worse", _add("cap_add", "NET_ADMIN")),
    Change("capabilities", "worse", _add("cap_add", "ALL")),
    Change("capabilities", "better", _drop_all),
    Change("seccomp", "worse", _add("security_opt", "seccomp=unconfined")),
    Change("AppArmor", "worse", _add("security_opt", "apparmor=unconfined")),
    Change("SELinux", "worse", _add("security_opt", "label=disable")),
    Change("masks over /proc and /sys", "worse", _add("security_opt", "systempaths=unconfined")),
    Change("setuid programs", "better", _add("security_opt", "no-new-privileges=true")),
    Change("root file system", "better", _set("read_only", True)),
    Change("user", "better", _user),
    Change("pid namespace", "worse", _set("pid", "host")),
    Change("ipc namespace", "worse", _set("ipc", "host")),
    Change("uts namespace", "worse", _set("uts", "host")),
    Change("user namespace", "worse", _set("userns_mode", "host")),
    Change("cgroup namespace", "worse", _set("cgroup", "host")),
    Change("network namespace", "worse", _host_network, reaches=True),
    Change("limits", "better", _limit("pids_limit", 200)),
    Change("limits", "better", _limit("mem_limit", "512m")),
    Change("limits", "better", _limit("cpus", 0.5)),
    Change("host path", "worse", _add("volumes", "/var/run/docker.sock:/var/run/docker.sock")),
    Change("host path", "worse", _add("volumes", "/:/host-of-it")),
    Change("host path", "worse", _add("volumes", "/etc:/host-etc")),
    Change("host path", "worse", _add("volumes", "/root/.ssh:/keys:ro")),
    Change("host device", "worse", _add("devices", "/dev/sda:/dev/sda")),
    Change("host device", "worse", _add("devices", "/dev/kvm")),
    Change("device rule", "worse", _add("device_cgroup_rules", "b *:* rwm")),
    Change("group", "worse", _add("group_add", "docker")),
    Change("published port", "worse", _add("ports", "59999:59999"), reaches=True),
)


def one(seed: int, known: list[tuple[Path, dict[str, str], str]]) -> list[str] | None:
    """Make the change of a number; return what is wrong with its report.

    Return None where it does not apply.
    """
    rng = random.Random(seed)
    folder, tree, main = known[rng.randrange(len(known))]
    project = Project(tree, main)
    project.data = plain(project.data)
    services = project.services
    text = str(project.data)
    free = [
        name
        for name, service in services.items()
        # What others extend or share is theirs too, and nothing is worse than all.
        if f"service:{name}" not in text
        and f"'extends': '{name}'" not in text
        and "volumes_from" not in text
        and not any(key in service for key in ("extends", "network_mode", "privileged"))
    ]
    if not free:
        return None
    name = rng.choice(free)
    change = rng.choice(CHANGES)
    before = project.dumped(random.Random(0))
    if not change.make(services[name]):
        return None
    after = project.dumped(random.Random(0))
    if change.mechanism == "published port" and _is_alone(services[name], project.data):
        return None
    if compared({}, before).gaps:
        return None  # undecided already
    if change.mechanism == "user" and not any(
        row.before is not None and row.before.possible
        for service in compared(before, after).services
        for row in service.rows
        if row.mechanism == "user"
    ):
        return None  # its entrypoint switches to another user by itself
    back: Direction = "worse" if change.direction == "better" else "better"
    wrong = [
        *_wrong(before, after, main, name, change, change.direction),
        *_wrong(after, before, main, name, change, back),
    ]
    if wrong:
        wrong.insert(0, f"{seed}: {change.mechanism} of {name} in {folder}/{main}")
    return wrong


def _is_alone(service: Data, data: Data) -> bool:
    """Return whether all networks of a service are internal: it publishes nothing."""
    networks: dict[str, Data] = dict(data.get("networks") or {})
    bodies: list[Data] = [*networks.values()]
    return any(body and body.get("internal") for body in bodies) or (
        "networks" in service and not service["networks"]
    )


def _wrong(
    before: dict[str, str],
    after: dict[str, str],
    main: str,
    name: str,
    change: Change,
    direction: Direction,
) -> list[str]:
    comparison = compared(before, after)
    found = [project for project in comparison.projects if project.name == main]
    changed = [one for project in found for one in project.services if one.rows]
    if [one.name for one in changed] != [name]:
        return [f"not at {name} alone:", *shown(comparison)]
    if len(found) != 1 or (not change.reaches and found[0].direction != direction):
        return [f"not {direction}:", *shown(comparison)]
    rows = [row for row in changed[0].rows if row.mechanism == change.mechanism]
    if {row.direction for row in rows} != {direction}:
        return [f"{change.mechanism} is not {direction}:", *shown(comparison)]
    return []


def main() -> int:
    """Make as many as the command line says; return whether any was missed."""
    wanted, done, seed, failed = int(sys.argv[1]), 0, 0, 0
    known = projects()
    while done < wanted:
        seed += 1
        found = one(seed, known)
        if found is None:
            continue
        done += 1
        if found:
            failed += 1
            if failed <= 12:
                print("\n".join(found[:9]))
    print(f"{done} changes of {len(known)} projects: {failed} not reported as they are")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
