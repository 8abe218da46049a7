"""Variants of services that run beside them in the same start."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.trial.copy import volume_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from tightship.trial.copy import ProjectCopy

    Tree = dict[str, Any]
    Variants = Mapping[str, Sequence[Mapping[str, object]]]


class Start(Record):
    """One start of a copy.

    ``volumes`` are the names of its volumes, by their keys; ``original`` are the keys in the
    copy that they come from, where there are any.
    """

    config: Tree
    volumes: Mapping[str, str]
    original: Mapping[str, str]


def with_variants(copy: ProjectCopy, variants: Variants, number: int) -> Start:
    """Return the configuration of a start, whose volumes are named by its number.

    Entry 0 of a service's variants is laid over the service itself. Entry n runs beside it as
    `NAME--n`: with volumes of its own, and without the aliases of the service.
    """
    made = _Start(copy, number)
    for name, entries in variants.items():
        for place, settings in enumerate(entries):
            made.add(name, place, settings)
    config = copy.config | {"services": made.services, "volumes": made.volumes}
    return Start(config, {k: v["name"] for k, v in made.volumes.items()}, made.original)


class _Start:
    def __init__(self, copy: ProjectCopy, number: int) -> None:
        self.services: Tree = dict(copy.config["services"])
        self._copy = copy
        self._given: Tree = copy.config["services"]
        self._known: Tree = copy.config["volumes"]
        self._prefix = f"{copy.config['name']}_{number}"
        self.volumes: Tree = {}
        self.original: dict[str, str] = {}
        for key in self._known:
            self._volume(key, key)

    def _volume(self, key: str, original: str) -> str:
        self.volumes[key] = self._known[original] | {"name": f"{self._prefix}_{key}"}
        self.original[key] = original
        return key

    def add(self, name: str, place: int, settings: Mapping[str, object]) -> None:
        service: Tree = self._given[name]
        made = laid_over(service, settings)
        if place:
            made.pop("build", None)  # it is built for the service itself
            if service.get("networks"):
                made["networks"] = dict.fromkeys(service["networks"])
        key = f"{name}--{place}" if place else name
        if "volumes" in made:
            made["volumes"] = [self._mount(one, key, place) for one in made["volumes"]]
        self.services[key] = made

    def _mount(self, mount: Tree, service: str, place: int) -> Tree:
        if mount["type"] != "volume" or (mount.get("source") and not place):
            return mount
        source = mount.get("source")
        if source:
            return mount | {"source": self._volume(f"{source}--{place}", source)}
        key = volume_key(service, mount["target"])
        settings = {"name": f"{self._prefix}_{key}", "labels": self._copy.labels}
        self.volumes[key] = settings
        return mount | {"source": key}


def laid_over(service: Tree, settings: Mapping[str, object]) -> Tree:
    """Return a service with settings: these lists are joined, and other keys replaced."""
    made: Tree = {**service, **settings}
    for key in ("security_opt", "tmpfs", "volumes"):
        if key in service and key in settings:
            made[key] = [*service[key], *made[key]]
    return made
