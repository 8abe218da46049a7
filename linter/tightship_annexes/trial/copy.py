"""The copy of a project: another name, own networks and volumes, nothing of the original's.

:func:`copied` is a function of what `docker compose config --format json` prints. It starts
nothing and asks nobody, so that tests need no engine.
"""

from __future__ import annotations

import posixpath
from math import ceil
from zlib import crc32

from tightship.lazy import Record, regex
from tightship.values.quantity import parse_duration
from tightship_annexes.trial import items, mapping
from tightship_annexes.trial.bounds import bounded
from tightship_annexes.trial.danger import Danger, dangers, left_out, with_needed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from tightship_annexes.trial import Tree
    from tightship_annexes.trial.sources import Source


LABEL = "tightship.try"
"""The label of everything that a run makes; its value is that of the run."""

NOWHERE = "127.0.0.1"
"""The DNS server of a network without a way out: nothing answers there.

Docker's own server asks that of the host for other names, and so would carry them out.
"""

# Keys of a service that would name something of the original, or act on the host's other
# programs: labels of containers configure proxies, updaters and schedulers that watch them.
_DROPPED = (
    "annotations", "attach", "cgroup_parent", "container_name", "cpu_rt_period", "cpu_rt_runtime",
    "develop", "dns", "dns_opt", "dns_search", "domainname", "env_file", "external_links",
    "label_file", "labels", "logging", "mac_address", "oom_kill_disable", "oom_score_adj",
    "profiles", "pull_policy", "pull_refresh_after", "restart", "scale",
)  # fmt: skip
_REPORTED = {
    "external_links": "a link to a container outside of the project",
    "cgroup_parent": "its parent control group",
    "mac_address": "its hardware address",
}
_REPLACED = ("build", "deploy", "network_mode", "networks", "ports", "volumes")
_OF_BUILD = ("tags", "cache_to", "labels", "platforms")
_OF_DEPLOY = ("limits", "reservations")
_UNSAFE = regex(r"[^a-zA-Z0-9.-]+")  # a comma would begin another option of a mount
_LOGGING = {"driver": "json-file", "options": {"max-size": "64m"}}  # the disk is the user's


class Image(Record):
    """The image of a service, as the engine has it.

    ``volumes`` are the paths of VOLUME, ``health`` is its HEALTHCHECK, and ``environment`` has
    its `NAME=value`.
    """

    name: str
    id: str = ""
    volumes: Sequence[str] = ()
    health: Mapping[str, Any] | None = None
    environment: Sequence[str] = ()


class Choices(Record):
    """What a user chose, and what is there.

    ``name`` is that of the copy, ``run`` the value of its label. ``services`` are those to
    start, without the ones that they depend on; all of them if it is empty. ``images`` are the
    images by service, without those that are not there, which ``pulls`` and ``builds`` get.
    ``source`` finds what a path of the host is. ``subnets`` are free ones, as many as networks
    without a way out; without them, the engine makes these internal ones. ``data`` are the volumes of the user's engine that may be copied.
    ``dangers`` are those that the model of the project knows, and ``bounds`` the keys that bound
    containers.
    """

    name: str
    run: str
    source: Callable[[str], Source]
    services: Sequence[str] = ()
    images: Mapping[str, Image] = {}
    subnets: Sequence[str] = ()
    allowed: frozenset[str] = frozenset()
    has_network: bool = False
    pulls: bool = False
    builds: bool = False
    data: frozenset[str] = frozenset()
    dangers: Sequence[Danger] = ()
    bounds: Mapping[str, int] = {}


class Note(Record):
    """What is different in the copy, in words; ``service`` is empty for the whole project."""

    service: str
    text: str


class ProjectCopy(Record):
    """The configuration of a copy, and what it says.

    ``services`` are those that are to be tried, ``images`` the images by service. ``folders``
    are the folders of the project by the volumes that get their content, and ``data`` the
    volumes of the user that others get it from. ``left_out`` are the services that are wanted
    or needed and not started, and why. ``bounds`` bound the services without limits of their own.
    """

    config: Tree
    labels: Mapping[str, str]
    services: Sequence[str]
    images: Mapping[str, Image]
    folders: Mapping[str, str]
    data: Mapping[str, str]
    changed: Sequence[Note]
    left_out: Sequence[Note]
    bounds: Mapping[str, int] = {}


def copied(config: Tree, choices: Choices) -> ProjectCopy:
    """Return the copy of a project.

    Args:
        config: what Compose prints as JSON, with absolute paths and `$` as `$$`.
        choices: what the user chose, and what the engine and the disk have.

    """
    return _Copying(config, choices).made()


class _Copying:
    """Makes one copy."""

    def __init__(self, config: Tree, choices: Choices) -> None:
        self.given, self.choices = config, choices
        self.volumes: Tree = {}
        self.networks: Tree = {}
        self.folders: dict[str, str] = {}
        self.data: dict[str, str] = {}
        self.changed: list[Note] = []
        self.labels = {LABEL: choices.run}
        self.started: list[str] = []

    def made(self) -> ProjectCopy:
        services: Tree = mapping(self.given, "services")
        found = dangers(self.given, self.choices.source, builds=self.choices.builds)
        every = [*found, *self.choices.dangers]
        refused = [one for one in every if one.word not in self.choices.allowed]
        reasons = left_out(services, refused, self._missing(services))
        wanted = self.choices.services or [*services]
        needed = with_needed(services, wanted)
        self.started = [one for one in needed if one not in reasons]
        made = {name: self.service(name, services[name]) for name in self.started}
        config: Tree = {"name": self.choices.name, "services": made}
        config |= {"networks": self.networks, "volumes": self.volumes}
        for kind in ("secrets", "configs"):
            used = {one["source"] for s in made.values() for one in items(s, kind)}
            config[kind] = {
                k: _without(v, "name") for k, v in mapping(self.given, kind).items() if k in used
            }
        return ProjectCopy(
            config,
            self.labels,
            [one for one in wanted if one in made],
            self.choices.images,
            self.folders,
            self.data,
            self.changed,
            [Note(name, text) for name, text in reasons.items() if name in {*wanted, *needed}],
            self.choices.bounds,
        )

    def _missing(self, services: Tree) -> Iterator[tuple[str, str]]:
        for name in self.choices.services:
            if name not in services:
                yield name, "its profile is not active; --profile activates it"
        for name, service in services.items():
            is_built = bool(service.get("build"))
            if name not in self.choices.images and not (
                self.choices.builds if is_built else self.choices.pulls
            ):
                how = "--build builds it" if is_built else "--pull pulls it"
                yield name, f"its image is not on this engine; {how}"

    def note(self, service: str, text: str) -> None:
        self.changed.append(Note(service, text))

    def service(self, name: str, given: Tree) -> Tree:
        """Return a service of the copy."""
        made = _without(given, *_DROPPED, *_REPLACED)
        for key in _REPORTED.keys() & given.keys():
            self.note(name, f"{_REPORTED[key]} is left out")
        image = self.choices.images.get(name)
        made |= {"restart": "no", "labels": self.labels, "logging": _LOGGING}
        made |= self._image(name, given, image)
        made |= self._network(name, given)
        made |= _deployed(mapping(given, "deploy")) | bounded(given, self.choices.bounds)
        health = checked_often(given.get("healthcheck"), image.health if image else None)
        made |= {"healthcheck": health} if health else {}
        if volumes := [*self._mounts(name, given, image)]:
            made["volumes"] = volumes
        if depends := made.get("depends_on"):
            made["depends_on"] = {k: v for k, v in depends.items() if k in self.started}
        return made

    def _image(self, name: str, given: Tree, image: Image | None) -> Tree:
        if self.choices.builds and given.get("build"):
            build = _without(given["build"], *_OF_BUILD) | {"labels": self.labels}
            return {"build": build, "image": f"{self.choices.name}-{name}", "pull_policy": "never"}
        return {"image": image.name if image else given.get("image"), "pull_policy": "never"}

    def _network(self, name: str, given: Tree) -> Tree:
        """Return the keys about the network, and note the networks that it needs."""
        mode = given.get("network_mode") or ""
        if ":" in mode or mode in ("none", "host"):
            return {"network_mode": mode}
        listed: Tree = given.get("networks") or {mode or "default": None}
        made: Tree = {"networks": {}}
        for network in listed:
            settings, key = mapping(listed, network), self._own_network(network)
            made["networks"][key] = {"aliases": [*items(settings, "aliases")]}
            if {"ipv4_address", "ipv6_address"} & settings.keys():
                self.note(name, f"its fixed address on {network} is left out")
        if not self.choices.has_network:
            made["dns"] = [NOWHERE]
        if ports := given.get("ports"):
            made["ports"] = [
                {
                    "target": one["target"],
                    "protocol": one.get("protocol", "tcp"),
                    "host_ip": "127.0.0.1",
                }
                for one in ports
            ]
        return made

    def _own_network(self, name: str) -> str:
        if name in self.networks:
            return name
        given: Tree = mapping(mapping(self.given, "networks"), name)
        if given.get("external"):
            self.note("", f"the external network {name} is replaced by one of its own")
        made: Tree = {"name": f"{self.choices.name}_{name}", "labels": self.labels}
        if not self.choices.has_network:
            subnets = self.choices.subnets
            made |= without_way_out(subnets[len(self.networks)]) if subnets else {"internal": True}
        self.networks[name] = made
        return name

    def _mounts(self, name: str, given: Tree, image: Image | None) -> Iterator[Tree]:
        """Yield the mounts of a service."""
        taken = {posixpath.normpath(one.partition(":")[0]) for one in items(given, "tmpfs")}
        for mount in items(given, "volumes"):
            target = posixpath.normpath(mount["target"])
            taken.add(target)
            kind, source = mount["type"], mount.get("source")
            if kind == "bind":
                yield from self._bind(name, mount)
            elif kind == "volume":
                yield mount | {"source": self._volume(name, source, target)}
            else:
                yield mount
        for path in image.volumes if image else ():
            if posixpath.normpath(path) not in taken:
                yield {"type": "volume", "target": path, "source": self._volume(name, None, path)}

    def _volume(self, service: str, source: str | None, target: str) -> str:
        """Return the key of the volume that replaces one of the project, or an anonymous one."""
        key = source or volume_key(service, target)
        if key in self.volumes:
            return key
        self.volumes[key] = {"name": f"{self.choices.name}_{key}", "labels": self.labels}
        given: Tree = mapping(mapping(self.given, "volumes"), source or "")
        real = given.get("name")
        is_bind = self.choices.source(mapping(given, "driver_opts").get("device", "")).is_bind
        if real in self.choices.data:
            self.data[key] = real
        elif given.get("external"):
            self.note("", f"the external volume {real} is replaced by an empty one")
        elif given.get("driver_opts") and not is_bind:
            self.note("", f"the volume {source} is an ordinary one, without its driver options")
        return key

    def _bind(self, name: str, mount: Tree) -> Iterator[Tree]:
        """Yield what replaces a bind mount."""
        path, target = mount["source"], mount["target"]
        found = self.choices.source(path)
        # A label for SELinux would be written to the files of the project.
        is_read_only = bool(mount.get("read_only")) and not mapping(mount, "bind").get("selinux")
        as_it_is = {"type": "bind", "source": path, "target": target}
        as_it_is["bind"] = {"create_host_path": False}
        if not found.is_inside:  # and allowed
            self.note(name, f"{path} of the host is mounted as in the project")
            yield as_it_is | {"read_only": bool(mount.get("read_only"))}
        elif found.is_copied(read_only=is_read_only):
            key = self._volume(name, None, target)
            self.folders[key] = path
            self.note(name, f"{path} is {found.as_copy}")
            made = {"type": "volume", "source": key, "target": target, "volume": {"nocopy": True}}
            yield made | ({"read_only": True} if mount.get("read_only") else {})
        else:
            if not mount.get("read_only"):
                self.note(name, f"{path} is read-only: {found.why}")
            yield as_it_is | {"read_only": True}


def volume_key(service: str, target: str) -> str:
    """Return the key of a volume that has none: unique, and safe in options of `docker`."""
    text = f"{service}{target}"
    return f"{_UNSAFE.sub('-', text)[:80]}-{crc32(f'{service} {target}'.encode()):08x}"


def without_way_out(subnet: str) -> Tree:
    """Return the settings of a network whose containers reach one another only.

    The default gateway is an address that nobody has, and nothing is masqueraded. The host still
    reaches the containers, which ports on 127.0.0.1 need, and they reach its programs by the
    address of the bridge (seen on Docker Engine 26.1.5).
    """
    unused = f"{subnet.rpartition('.')[0]}.254"
    return {
        "driver": "bridge",
        "driver_opts": {"com.docker.network.bridge.enable_ip_masquerade": "false"},
        "ipam": {"config": [{"subnet": subnet, "aux_addresses": {"DefaultGatewayIPv4": unused}}]},
    }


def _deployed(deploy: Tree) -> Tree:
    resources = {k: v for k, v in mapping(deploy, "resources").items() if k in _OF_DEPLOY}
    return {"deploy": {"resources": resources}} if resources else {}


def _without(tree: Tree, *keys: str) -> Tree:
    return {k: v for k, v in tree.items() if k not in keys}


_INTERVAL = 1  # seconds between two health checks of a copy
_DEFAULT_INTERVAL, _DEFAULT_RETRIES = 30, 3  # of Docker


def checked_often(given: Tree | None, of_image: Mapping[str, Any] | None) -> Tree | None:
    """Return a health check with a short interval and the same patience."""
    given = given or {}
    if given.get("disable") or (given.get("test") or [""])[0] == "NONE":
        return given
    if not given.get("test") and not (of_image and of_image.get("Test")):
        return None
    of_image = of_image or {}
    own = parse_duration(given.get("interval") or "0s")
    interval = own or of_image.get("Interval", 0) / 1e9 or _DEFAULT_INTERVAL
    retries = given.get("retries") or of_image.get("Retries") or _DEFAULT_RETRIES
    if interval <= _INTERVAL:
        return given
    made = {key: value for key, value in given.items() if key != "start_interval"}
    return made | {"interval": f"{_INTERVAL}s", "retries": ceil(retries * interval / _INTERVAL)}
