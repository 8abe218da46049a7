"""Refactorings of equal meaning, chosen at random, of real Compose projects.

Each takes a project and returns one that Compose runs with the same isolation, or None
where it does not apply. Run as a program, it makes many and prints what a comparison
says about them, which should be nothing:

    python -m tests.review.refactorings 10000
"""

from __future__ import annotations

import io
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ruamel.yaml import YAML, comments
from ruamel.yaml.error import YAMLError
from tests.conftest import CORPUS
from tests.review.trees import compared, shown, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable

Data: TypeAlias = Any
# Their types are partial.
CommentedMap: Any = comments.CommentedMap
CommentedSeq: Any = comments.CommentedSeq
Random: TypeAlias = random.Random

PROJECTS = Path(__file__).parents[1] / "projects"
MAIN = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = ("compose.override.yaml", "docker-compose.override.yml")
# What a base of `extends`, or an anchor, may hold without a change of meaning.
SHARED = (
    *("image", "user", "read_only", "cap_drop", "cap_add", "security_opt", "restart"),
    *("privileged", "environment", "pid", "ipc", "mem_limit", "tmpfs", "labels"),
    *("command", "working_dir", "stop_signal", "init", "logging", "ulimits", "shm_size"),
)
# A service that refers to others stays where they are.
BOUND = ("depends_on", "links", "volumes_from", "extends", "network_mode", "pid", "ipc")


class Project:
    """A project as a tree, with its main file as data that keeps anchors."""

    def __init__(self, tree: dict[str, str], name: str) -> None:
        self.tree = dict(tree)
        self.name = name
        self.data: Data = _yaml().load(tree[name])

    @property
    def services(self) -> dict[str, Data]:
        """Return the services that are mappings."""
        return {
            name: one
            for name, one in self.data["services"].items()
            if isinstance(one, CommentedMap)
        }

    @property
    def is_layered(self) -> bool:
        """Return whether other files are merged onto the main one, or a variable says so."""
        return any(name in self.tree for name in OVERRIDES) or "COMPOSE_FILE" in (
            self.tree.get(".env", "")
        )

    def dumped(self, rng: Random) -> dict[str, str]:
        """Return the tree with the data in its main file."""
        return self.tree | {self.name: dump(self.data, rng)}


def _yaml(rng: Random | None = None) -> Data:
    yaml: Data = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    if rng is not None:
        step = rng.choice((2, 4))
        yaml.indent(mapping=step, sequence=step + 2, offset=rng.choice((0, 2)))
    return yaml


def dump(data: Data, rng: Random) -> str:
    """Return a text for data, in one of several layouts."""
    out = io.StringIO()
    _yaml(rng).dump(data, out)
    return out.getvalue()


def plain(data: Data) -> Data:
    """Return data without anchors and merged mappings, as a copy."""
    if isinstance(data, CommentedMap):
        made = CommentedMap()
        for key in data:  # merged keys among them
            made[key] = plain(data[key])
        return made
    if isinstance(data, CommentedSeq):
        return CommentedSeq([plain(one) for one in data])
    return data


# -- refactorings


def shuffled(project: Project, rng: Random) -> dict[str, str] | None:
    """Keys in another order: a merged mapping keeps its place."""
    data = plain(project.data)

    def shuffle(table: Data) -> None:
        keys = [*table]
        rng.shuffle(keys)
        for key in keys:
            table.move_to_end(key)

    shuffle(data)
    shuffle(data["services"])
    for service in data["services"].values():
        if isinstance(service, CommentedMap):
            shuffle(service)
            for key in ("cap_add", "cap_drop", "networks"):
                if isinstance(service.get(key), CommentedSeq):
                    rng.shuffle(service[key])
    project.data = data
    return project.dumped(rng)


def expanded(project: Project, rng: Random) -> dict[str, str] | None:
    """Every alias replaced by what it stands for."""
    project.data = plain(project.data)
    return project.dumped(rng)


def anchored(project: Project, rng: Random) -> dict[str, str] | None:
    """Some settings of a service in a mapping of their own, merged with `<<`."""
    service = _one_with(project, rng, SHARED, without=("extends",))
    if service is None or _merges(service):
        return None
    base = _taken(service, rng)
    base.yaml_set_anchor("shared-settings", always_dump=True)
    project.data["x-shared"] = base
    project.data.move_to_end("x-shared", last=False)
    # Versions of ruamel.yaml differ in how they make a merge.
    service["x-merged"] = "here"
    tree = project.dumped(rng)
    text = tree[project.name].replace("x-merged: here", "<<: *shared-settings")
    return tree | {project.name: text}


def extended(project: Project, rng: Random) -> dict[str, str] | None:
    """Some settings of a service in a base of `extends`, in another file."""
    service = _one_with(project, rng, SHARED, without=("extends",))
    if service is None or "shared/base.yaml" in project.tree:
        return None
    # Relative paths would start in the folder of the base.
    base = plain(_taken(service, rng))
    name = rng.choice(("base.yaml", "common-services.yml"))
    if name in project.tree:
        return None
    service["extends"] = CommentedMap({"file": name, "service": "base"})
    file = CommentedMap({"services": CommentedMap({"base": base})})
    return project.dumped(rng) | {name: dump(file, rng)}


def included(project: Project, rng: Random) -> dict[str, str] | None:
    """A service in a file that is included, with what it refers to."""
    if project.is_layered or "include" in project.data:
        return None
    data = plain(project.data)
    services: Data = data["services"]
    needed = {word for one in services.values() for word in str(one).replace("'", " ").split()}
    free = [
        name
        for name, one in services.items()
        if isinstance(one, CommentedMap)
        and not any(key in one for key in BOUND)
        and f"service:{name}" not in needed
        and not _is_extended(services, name)
    ]
    if not free or len(services) < 2:
        return None
    name = rng.choice(free)
    part = CommentedMap({"services": CommentedMap({name: services.pop(name)})})
    for section in ("networks", "volumes", "secrets", "configs"):
        if section in data:
            part[section] = plain(data[section])
    data["include"] = CommentedSeq([rng.choice(("part.yaml", "./part.yaml"))])
    project.data = data
    return project.dumped(rng) | {"part.yaml": dump(part, rng)}


def overridden(project: Project, rng: Random) -> dict[str, str] | None:
    """Some settings of a service in the override file.

    An overlay is merged onto the main file alone, and would not get them.
    """
    others = [name for name in project.tree if name.endswith((".yml", ".yaml"))]
    if project.is_layered or len(others) > 1:
        return None
    name = rng.choice([*project.services])
    service = project.services[name]
    keys = [key for key in service if key in SHARED and not _is_merged(service, key)]
    if not keys or _is_extended(project.services, name) or service.anchor.value:
        return None
    moved = CommentedMap()
    for key in rng.sample(keys, rng.randint(1, len(keys))):
        # Compose needs an image in each file that it could load alone: not so here.
        moved[key] = plain(service.pop(key))
    if not [*service]:
        return None
    over = CommentedMap({"services": CommentedMap({name: moved})})
    stem, _, ending = project.name.rpartition(".")
    return project.dumped(rng) | {f"{stem}.override.{ending}": dump(over, rng)}


def renamed(project: Project, rng: Random) -> dict[str, str] | None:
    """Another of the four names for the main file, if no other file has it."""
    others = (text for name, text in project.tree.items() if name != project.name)
    if project.is_layered or any(project.name in text for text in others):
        return None
    tree = {**project.tree}
    text = tree.pop(project.name)
    return tree | {rng.choice([name for name in MAIN if name != project.name]): text}


def moved(project: Project, rng: Random) -> dict[str, str] | None:
    """All files in another folder."""
    folder = rng.choice(("deploy", "docker/stack"))
    return {f"{folder}/{name}": text for name, text in project.tree.items()}


def lengthened(project: Project, rng: Random) -> dict[str, str] | None:
    """Short forms written long, and long ones short."""
    data = plain(project.data)
    count = 0
    for service in data["services"].values():
        if not isinstance(service, CommentedMap):
            continue
        for key, change in FORMS.items():
            if key in service and (made := change(service[key])) is not None:
                service[key] = made
                count += 1
    project.data = data
    return project.dumped(rng) if count else None


def with_variables(project: Project, rng: Random) -> dict[str, str] | None:
    """A setting as the default of a variable without a value, or in `.env`."""
    keys = ("user", "pid", "ipc", "image", "network_mode", "userns_mode", "mem_limit")
    service = _one_with(project, rng, keys)
    if service is None:
        return None
    [key] = rng.sample([key for key in keys if key in service], 1)
    value = service[key]
    if not isinstance(value, str) or "$" in value or not value or "'" in value:
        return None
    if ".env" in project.tree or rng.random() < 0.5:
        service[key] = f"${{A_SETTING:-{value}}}" if "}" not in value else value
        return project.dumped(rng)
    service[key] = "${A_SETTING}"
    return project.dumped(rng) | {".env": f"A_SETTING='{value}'\n"}


def _ports(value: Data) -> Data | None:
    made = CommentedSeq()
    for one in value if isinstance(value, CommentedSeq) else ():
        text = str(one)
        parts, _, protocol = text.partition("/")
        numbers = parts.split(":")
        if "$" in text or not all(part.isdecimal() for part in numbers):
            return None
        if len(numbers) > 2:
            return None
        port = CommentedMap({"target": int(numbers[-1])})
        if len(numbers) == 2:
            port["published"] = numbers[0]
        port["protocol"] = protocol or "tcp"
        made.append(port)
    return made or None


def _volumes(value: Data) -> Data | None:
    made = CommentedSeq()
    for one in value if isinstance(value, CommentedSeq) else ():
        if not isinstance(one, str) or "$" in one:
            return None
        parts = one.split(":")
        if len(parts) not in (2, 3) or parts[2:] not in ([], ["ro"], ["rw"]):
            return None
        kind = "bind" if parts[0][:1] in "./~" else "volume"
        mount = CommentedMap({"type": kind, "source": parts[0], "target": parts[1]})
        if parts[2:] == ["ro"]:
            mount["read_only"] = True
        made.append(mount)
    return made or None


def _mapping(value: Data) -> Data | None:
    """Return a list of ``NAME=value`` as a mapping."""
    if not isinstance(value, CommentedSeq) or not all("=" in str(one) for one in value):
        return None
    return CommentedMap(str(one).split("=", 1) for one in value)


def _networks(value: Data) -> Data | None:
    if isinstance(value, CommentedSeq):
        return CommentedMap((one, None) for one in value)
    if isinstance(value, CommentedMap) and not any(value.values()):
        return CommentedSeq(value)
    return None


def _depends_on(value: Data) -> Data | None:
    if not isinstance(value, CommentedSeq):
        return None
    return CommentedMap((one, CommentedMap({"condition": "service_started"})) for one in value)


def _build(value: Data) -> Data | None:
    if isinstance(value, str):
        return CommentedMap({"context": value})
    if isinstance(value, CommentedMap) and [*value] == ["context"]:
        return value["context"]
    return None


def _listed(value: Data) -> Data | None:
    return CommentedSeq([value]) if isinstance(value, str) else None


FORMS: dict[str, Callable[[Data], Data | None]] = {
    "ports": _ports,
    "volumes": _volumes,
    "environment": _mapping,
    "labels": _mapping,
    "networks": _networks,
    "depends_on": _depends_on,
    "build": _build,
    "env_file": _listed,
    "tmpfs": _listed,
}
REFACTORINGS = (
    *(shuffled, expanded, anchored, extended, included, overridden),
    *(renamed, moved, lengthened, with_variables),
)


def _is_merged(service: Data, key: str) -> bool:
    return any(key in one for one in _merges(service))


def _merges(service: Data) -> list[Data]:
    """Return the mappings that are merged; to ask for `merge` itself would make it."""
    found = getattr(service, comments.merge_attrib, ())
    return [one[1] if isinstance(one, tuple) else one for one in found]


def _is_extended(services: Data, name: str) -> bool:
    return any(
        isinstance(one, CommentedMap)
        and (one.get("extends") == name or name in str(one.get("extends", "")))
        for one in services.values()
    )


def _one_with(
    project: Project, rng: Random, keys: tuple[str, ...], without: tuple[str, ...] = ()
) -> Data | None:
    """Return a service with one of some keys of its own, that no other builds upon."""
    found = [
        one
        for name, one in project.services.items()
        if any(key in one and not _is_merged(one, key) for key in keys)
        and not any(key in one for key in without)
        and not one.anchor.value
        and not _is_extended(project.services, name)
    ]
    return rng.choice(found) if found else None


def _taken(service: Data, rng: Random) -> Data:
    keys = [key for key in service if key in SHARED and not _is_merged(service, key)]
    made = CommentedMap()
    for key in rng.sample(keys, rng.randint(1, len(keys))):
        made[key] = service.pop(key)
    return made


# -- projects


def projects() -> list[tuple[Path, dict[str, str], str]]:
    """Return the projects that there are: folder, tree and main file of each."""
    found: list[tuple[Path, dict[str, str], str]] = []
    for top in (CORPUS, PROJECTS):
        for path in sorted(top.rglob("*.y*ml")) if top.is_dir() else ():
            name = next((one for one in MAIN if (path.parent / one).is_file()), "")
            if path.name != name:
                continue
            tree = tree_of(path.parent)
            try:
                data = _yaml().load(tree[name])
            except (YAMLError, KeyError):
                continue
            if isinstance(data, CommentedMap) and isinstance(data.get("services"), CommentedMap):
                found.append((path.parent, tree, name))
    return found


def one(seed: int, known: list[tuple[Path, dict[str, str], str]]) -> list[str] | None:
    """Make the refactoring of a number; return what the comparison says about it.

    Return None where it does not apply.
    """
    rng = random.Random(seed)
    folder, tree, name = known[rng.randrange(len(known))]
    change = rng.choice(REFACTORINGS)
    after = change(Project(tree, name), rng)
    if after is None:
        return None
    every = rng.random() < 0.2
    lines = [*shown(compared(tree, after, every=every)), *shown(compared(after, tree, every=every))]
    # What neither side could judge is no difference.
    lines = [line for line in lines if not line.startswith(("before: ", "after: ", "both: "))]
    if lines:
        lines = [f"{seed}: {change.__name__} of {folder}", *lines]
    return lines


def main() -> int:
    """Make as many as the command line says; return whether any was not silent."""
    wanted, done, seed, failed = int(sys.argv[1]), 0, 0, 0
    known = projects()
    counts: dict[str, int] = {}
    while done < wanted:
        seed += 1
        found = one(seed, known)
        if found is None:
            continue
        done += 1
        if found:
            failed += 1
            kind = found[0].split()[1]
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] <= 3:
                print("\n".join(found[:12]))
    print(f"{done} refactorings of {len(known)} projects: {failed} not silent {counts}")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
