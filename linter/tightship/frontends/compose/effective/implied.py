"""Settings that others imply, and the defaults of the key table, for absent keys.

A service without networks is on ``default``; it depends on the services whose
namespaces or volumes it shares; and the names of networks, volumes, configs and secrets
start with that of the project (compose-go, loader/normalize.go).
"""

from __future__ import annotations

from tightship.frontends.compose.effective.paths import clean
from tightship.frontends.compose.effective.value import Effective
from tightship.frontends.compose.specification.keys import FILE
from tightship.frontends.compose.specification.shape import FREE, Shape

_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")
RESOURCES = ("networks", "volumes", "configs", "secrets")


def add_implied(project: Effective, name: str) -> None:
    """Add the implied settings to a project with a name."""
    for service in project.entries_of("services").values():
        _network(project, service)
        _dependencies(service)
        for mount in service.at(("volumes", "*")):
            target = mount.get("target")
            if target is not None:
                target.content = clean(target.text)
        policy = service.get("pull_policy")
        if policy is not None and policy.content == "if_not_present":
            policy.content = "missing"
    for section in RESOURCES:
        for key, resource in project.entries_of(section).items():
            _name(resource, key, name)


def _network(project: Effective, service: Effective) -> None:
    if service.has("network_mode"):
        return
    networks = service.get("networks")
    if networks is None or not networks.entries:
        default = Effective(None, service.source, put="implied")
        networks = Effective({"default": default}, service.source, put="implied")
        service.entries["networks"] = networks
    if "default" in networks.entries:
        known = project.get("networks")
        if known is None or known.content is None:
            known = Effective({}, service.source, put="implied")
            project.entries["networks"] = known
        if "default" not in known.entries:
            network = Effective({}, service.source, put="implied")
            known.entries["default"] = network


def _dependencies(service: Effective) -> None:
    for link in service.at(("links", "*")):
        parts = link.text.split(":")
        name = parts[0] if len(parts) == 2 else link.text
        _depend(service, name, link, restart=True)
    for key in _NAMESPACES:
        shared = service.get(key)
        if shared is not None and shared.text.startswith("service:"):
            name = shared.text.removeprefix("service:")
            _depend(service, name, shared, restart=True)
    for volumes in service.at(("volumes_from", "*")):
        if not volumes.text.startswith("container:"):
            name = volumes.text.partition(":")[0]
            _depend(service, name, volumes, restart=False)


def _depend(service: Effective, name: str, why: Effective, *, restart: bool) -> None:
    known = service.get("depends_on")
    if known is None or known.content is None:
        known = Effective({}, why.source, put="implied")
        service.entries["depends_on"] = known
    if name in known.entries:
        return
    contents: dict[str, str | bool] = {
        "condition": "service_started",
        "restart": restart,
        "required": True,
    }
    entries = {
        key: Effective(content, why.source, put="implied") for key, content in contents.items()
    }
    known.entries[name] = Effective(entries, why.source, put="implied")


def _name(resource: Effective, key: str, project: str) -> None:
    if resource.content is None:
        resource.content = {}
    external = resource.get("external")
    if external is not None and isinstance(external.content, dict):
        named = external.get("name")
        if named is not None and not resource.has("name"):
            resource.entries["name"] = named
        external.content = True
    if not resource.has("name"):
        outside = external is not None and external.content is True
        name = key if outside else f"{project}_{key}"
        resource.entries["name"] = Effective(name, resource.source, put="implied")


# A key that has no default where another one is set.
_UNLESS = {"count": "device_ids", "dockerfile": "dockerfile_inline"}
_MEANINGS: dict[str, bool | int] = {"true": True, "all": -1}


def add_defaults(root: Effective) -> None:
    """Add the defaults to a configuration in canonical form."""
    _below(root, FILE)
    for secret in root.at(("services", "*", "secrets", "*")):
        source = secret.get("source")
        if source is not None and not secret.has("target"):
            target = f"/run/secrets/{source.text}"
            secret.entries["target"] = Effective(target, source.source, put="default")


def _below(value: Effective, shape: Shape) -> None:
    if shape is FREE:
        return
    if value.content is None and shape.required and shape.keys is not None:
        value.content = {}
    if isinstance(value.content, list):
        if shape.items is not None:
            for item in value.content:
                _below(item, shape.items)
    elif isinstance(value.content, dict):
        for name, entry in value.content.items():
            below = shape.below(name)
            # Most are scalars, which get nothing.
            if below is not None and (
                entry.content is None or isinstance(entry.content, (list, dict))
            ):
                _below(entry, below)
        for name, default in shape.defaults:
            other = _UNLESS.get(name, name)
            if not value.has(name) and not value.has(other):
                content = _MEANINGS.get(default, default)
                value.entries[name] = Effective(content, value.source, put="default")
