"""The facts about a service: what its container will be, as far as files decide."""

from __future__ import annotations

from tightship.isolation.image_roles import is_data_store
from tightship.isolation.namespaces import KEYS
from tightship.model.build import BuildSection
from tightship.model.items import hooks
from tightship.model.value import MappingValue, ScalarValue
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.devices import devices
from tightship.project_facts.images import IMAGE, of_service
from tightship.project_facts.lifetime import RESTART, health
from tightship.project_facts.mounts import mounts
from tightship.project_facts.networks import networks, peers
from tightship.project_facts.ports import ports, reachable
from tightship.project_facts.stages import STAGE
from tightship.project_facts.tables import ENTRY, VARIABLE
from tightship.project_facts.users import USER
from tightship.project_facts.values import (
    Facts,
    Items,
    Scalar,
    Texts,
    flag,
    maybe,
    scalar,
    table,
    text,
    texts,
    unknown,
)
from tightship.values import capability

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tightship.isolation.container import Container
    from tightship.model.setting import Pair, Setting, SettingList
    from tightship.text import Span


def _setting(*path: str) -> Callable[[Container], Scalar]:
    return lambda container: scalar(container.text(*path))


def _switch(*path: str) -> Callable[[Container], Scalar]:
    return lambda container: flag(container.flag(*path))


def _set(found: SettingList[str]) -> Texts:
    names = [item.value for item in found.items if item.value is not None]
    return texts(found.span, names, whole=found.all_decided)


def _pairs(group: Group, span: Span, pairs: Iterable[Pair], *, whole: bool) -> Items:
    entries = {pair.name: _given(pair.value) for pair in pairs}
    return table(group, span, entries, whole=whole)


def _given(value: Setting[str]) -> Scalar:
    """Return the value of a variable; one without a value comes from the environment."""
    found = scalar(value)
    return Scalar(found.span, "") if found.known and found.value is None else found


def _table(key: str, *below: str) -> Callable[[Container], Items]:
    def read(container: Container) -> Items:
        found = container.value(key, *below)
        span = container.span if found is None else found.span
        pairs = container.pairs(key, *below)
        return _pairs(ENTRY, span, pairs, whole=not container.may_have(key))

    return read


def _environment(container: Container) -> Items:
    pairs = container.environment.values()
    whole = not any(container.may_have(key) for key in ("environment", "env_file"))
    whole = whole and all(file.source is not None for file in container.env_files)
    return _pairs(VARIABLE, container.span, pairs, whole=whole)


def _keys(container: Container) -> Texts:
    complete = container.settings.complete and not container.settings.elsewhere
    entries = container.settings.table.entries
    places = {
        name: one.key.span for name, one in entries.items() if container.value(name) is not None
    }
    return texts(container.span, places, whole=complete).replaced(places=places)


def _extensions(container: Container) -> Items:
    entries = {
        name: _extension(entry.value)
        for name, entry in container.settings.table.entries.items()
        if name.startswith("x-")
    }
    return table(ENTRY, container.span, entries, whole=container.settings.complete)


def _extension(value: object) -> Scalar:
    """Return the text of an extension; one that is a mapping or a list is there, and empty."""
    if isinstance(value, ScalarValue):
        return text(value.span, value.text)
    assert isinstance(value, MappingValue) or hasattr(value, "span")
    return Scalar(value.span, "")


def _image(container: Container) -> Facts:
    use = of_service(container)
    known = use is not None or not container.may_have("image")
    return Facts(IMAGE, use, container.span if use is None else use.span, known=known)


def _stage(container: Container) -> Facts:
    stage = container.stage
    span = container.span if stage is None else stage.span
    is_pulled = container.value("build") is None and not container.may_have("build")
    return Facts(STAGE, stage, span, known=stage is not None or is_pulled)


def _build(container: Container) -> Facts:
    section = BuildSection.of(container.settings)
    known = section is not None or not container.may_have("build")
    return Facts(BUILD, section, container.span if section is None else section.span, known=known)


def _capabilities(container: Container) -> Texts:
    """Return the bounding set: what is surely in it, and what may be."""
    found = container.capabilities
    span = found.added.span if found.added.is_set else container.span
    adds, drops = found.added_names, found.dropped_names
    if container.privileged.is_surely(True):
        every = capability.bounding((), (), True)
        return Texts(span, every, every)
    lost = drops if found.dropped.all_decided else (*drops, "ALL")
    is_open = not found.added.all_decided or not container.privileged.decided
    possibly = None if is_open else capability.bounding(adds, drops, False)
    return Texts(span, capability.bounding(adds, lost, False), possibly)


def _security(name: str, unconfined: str) -> Callable[[Container], Scalar]:
    """Return what reads a profile; a privileged container has none unless it names one."""

    def read(container: Container) -> Scalar:
        found: Setting[str] = getattr(container.security, name)
        if found.is_set or not found.decided or container.privileged.surely_absent:
            return _option(found)
        if container.privileged.is_surely(True):
            return Scalar(container.privileged.span, unconfined)
        return _option(found) if container.privileged.decided else unknown(found.span)

    return read


def _option(found: Setting[str]) -> Scalar:
    """Return the value of a security option: its text in the file begins with its name."""
    return Scalar(found.span, found.value) if found.decided else unknown(found.span)


def _namespace(kind: str) -> Callable[[Container], Scalar]:
    def read(container: Container) -> Scalar:
        found = container.namespace(kind)
        if found.owner == "unknown":
            return unknown(found.span)
        if found.service is not None and found.owner == "own":
            return Scalar(found.span, f"service:{found.service}")
        is_left_open = found.setting.surely_absent and kind in ("user", "cgroup")
        return text(found.span, "default" if is_left_open else found.owner)

    return read


def _memory_reservation(container: Container) -> Scalar:
    own = container.size("mem_reservation")
    if own.is_set or not own.decided:
        return scalar(own)
    return scalar(container.size("deploy", "resources", "reservations", "memory"))


def _limit(name: str) -> Callable[[Container], Scalar]:
    return lambda container: scalar(getattr(container.limits, name).setting)


def _cpus(container: Container) -> Scalar:
    """Return the processors, as a number; a quota is a part of its period."""
    for path in (("cpus",), ("deploy", "resources", "limits", "cpus")):
        found = container.number(*path)
        if found.is_set or not found.decided:
            return Scalar(found.span, found.value or None, known=found.decided)
    quota = container.number("cpu_quota")
    period = container.number("cpu_period")
    if not quota.decided or not period.decided:
        return unknown(quota.span)
    if quota.value is None or quota.value <= 0:
        return Scalar(quota.span)
    return Scalar(quota.span, quota.value / (period.value or 100_000))


def _command(key: str) -> Callable[[Container], Scalar]:
    def read(container: Container) -> Scalar:
        found = container.texts(key)
        if not found.all_decided:
            return unknown(found.span)
        if not found.is_set:
            return Scalar(found.span)
        return Scalar(found.span, " ".join(item.value or "" for item in found.items))

    return read


def _hooks(container: Container) -> Items:
    made = tuple(Facts(HOOK, one, one.table.span) for one in hooks(container.settings))
    keys = ("pre_start", "post_start", "pre_stop", "develop")
    return Items(container.span, made, not any(map(container.may_have, keys)))


def _project(container: Container) -> Facts:
    from tightship.project_facts.projects import PROJECT, Whole

    whole = Whole(container.project, tuple(container.siblings.values()))
    return Facts(PROJECT, whole, whole.span)


def _file(container: Container) -> Facts:
    from tightship.project_facts.projects import FILE

    return Facts(FILE, container.span, container.span)


def _is_store(container: Container) -> Scalar:
    image = container.image if container.stage is None else container.stage.image
    if image is None and container.value("build") is not None:
        return maybe(container.span, None)
    is_open = image is None or "repository" in image.undecided
    return maybe(container.span, None if is_open else is_data_store(container))


LOGGING = Group(
    "logging",
    "the log of a container",
    {
        "driver": Fact(
            "text", "the driver; the engine decides without one", _setting("logging", "driver")
        ),
        "options": Fact(
            "table", "the options of the driver", _table("logging", "options"), "entry"
        ),
    },
)
NAMESPACES = Group(
    "namespaces",
    "the namespaces of a container",
    {
        kind: Fact(
            "text",
            f"the {kind.upper() if len(kind) == 3 else kind} namespace: `own`, `host`,"
            " `service:NAME`, `container:NAME`"
            + {"network": " or `none`", "user": " or `default`", "cgroup": " or `default`"}.get(
                kind, ""
            ),
            _namespace(kind),
        )
        for kind in KEYS
    },
)
HOOK = Group(
    "hook",
    "a command that runs next to the main one",
    {
        "kind": Fact(
            "text",
            "`pre_start`, `post_start`, `pre_stop` or `develop.watch`",
            lambda hook: Scalar(hook.table.span, hook.kind),
        ),
        "privileged": Fact(
            "flag", "whether it gets all capabilities", lambda hook: flag(hook.privileged)
        ),
        "user": Fact("text", "its user, if it has its own", lambda hook: scalar(hook.user)),
    },
)
BUILD = Group(
    "build",
    "what a service builds",
    {
        "context": Fact(
            "text",
            "the folder or the URL",
            lambda b: text(b.span, b.remote.text if b.remote is not None else b.context or "."),
        ),
        "dockerfile": Fact(
            "text", "the path of the Dockerfile", lambda b: text(b.span, b.dockerfile)
        ),
        "target": Fact("text", "the stage that is named", lambda b: scalar(b.target)),
        "arguments": Fact(
            "table",
            "the build arguments",
            lambda b: _pairs(ENTRY, b.span, b.arguments, whole=True),
            "entry",
        ),
        "entitlements": Fact(
            "set",
            "the rights of the build",
            lambda b: _set(b.service.texts("build", "entitlements")),
        ),
        "privileged": Fact(
            "flag",
            "whether steps run privileged",
            lambda b: flag(b.service.flag("build", "privileged")),
        ),
        "network": Fact(
            "text", "the network of its steps", lambda b: scalar(b.service.text("build", "network"))
        ),
        "platforms": Fact(
            "set", "the platforms", lambda b: _set(b.service.texts("build", "platforms"))
        ),
    },
)


def _group(made: Group, title: str) -> Fact:
    return Fact("group", title, lambda c: Facts(made, c, c.span), made.name)


SERVICE = Group(
    "service",
    "a service, as its container will run",
    {
        "name": Fact("text", "the name of the service", lambda c: Scalar(c.span, c.name)),
        "project": Fact("group", "the project that it is in", _project, "project"),
        "file": Fact("group", "the file that has it", _file, "file"),
        "keys": Fact("set", "the keys that are set, with those of `extends` and `<<`", _keys),
        "extensions": Fact("table", "the keys that begin with `x-`", _extensions, "entry"),
        "image": Fact("group", "the image that it names", _image, "image"),
        "build": Fact("group", "what it builds", _build, "build"),
        "stage": Fact("group", "the stage of the Dockerfile that it builds", _stage, "stage"),
        "platform": Fact("text", "the platform", _setting("platform")),
        "pull-policy": Fact("text", "when the image is pulled", _setting("pull_policy")),
        "command": Fact("text", "the words of `command`", _command("command")),
        "entrypoint": Fact("text", "the words of `entrypoint`", _command("entrypoint")),
        "container-name": Fact("text", "the name of the container", _setting("container_name")),
        "hostname": Fact("text", "the name of the host in it", _setting("hostname")),
        "profiles": Fact("set", "the profiles", lambda c: _set(c.texts("profiles"))),
        "labels": Fact("table", "the labels of the container", _table("labels"), "entry"),
        "environment": Fact(
            "table", "the variables, by Compose, its files and the image", _environment, "variable"
        ),
        "user": Fact("group", "the user that it starts as", lambda c: Facts(USER, c, c.user.span), "user"),
        "groups": Fact("set", "further groups of the user", lambda c: _set(c.texts("group_add"))),
        "privileged": Fact("flag", "whether it is privileged", _switch("privileged")),
        "capabilities": Fact(
            "set",
            "the capabilities that any process may have (the bounding set), without `CAP_`",
            _capabilities,
        ),
        "no-new-privileges": Fact(
            "flag",
            "whether no program gains privileges",
            lambda c: flag(c.security.no_new_privileges),
        ),
        "read-only": Fact(
            "flag", "whether its root file system is read-only", _switch("read_only")
        ),
        "seccomp": Fact(
            "text", "the profile that it names; `unconfined` if it is privileged",
            _security("seccomp", "unconfined"),
        ),
        "apparmor": Fact(
            "text", "the profile that it names; `unconfined` if it is privileged",
            _security("apparmor", "unconfined"),
        ),
        "selinux": Fact(
            "text", "the type that it names, or `disable`", lambda c: _option(c.security.selinux)
        ),
        "system-paths": Fact(
            "text",
            "`unconfined` where the paths of `/proc` are not masked",
            lambda c: _option(c.security.system_paths),
        ),
        "namespaces": _group(NAMESPACES, "its namespaces"),
        "network-mode": Fact("text", "`network_mode` as it is written", _setting("network_mode")),
        "networks": Fact("list", "the networks that it joins", networks, "network"),
        "ports": Fact("list", "the ports that it publishes", ports, "port"),
        "reachable": Fact("flag", "whether other machines reach one of its ports", reachable),
        "peers": Fact(
            "list", "the services of the project that can connect to it", peers, "service"
        ),
        "mounts": Fact("list", "what is mounted in it, by all routes", mounts, "mount"),
        "devices": Fact("list", "the devices of the host that it gets", devices, "device"),
        "device-rules": Fact(
            "set", "rules for devices", lambda c: _set(c.texts("device_cgroup_rules"))
        ),
        "sysctls": Fact("table", "kernel parameters", _table("sysctls"), "entry"),
        "memory": Fact("size", "the limit of memory", _limit("memory")),
        "memory-reservation": Fact("size", "the memory that is reserved", _memory_reservation),
        "cpus": Fact("number", "the limit of processors", _cpus),
        "cpu-shares": Fact(
            "number", "its weight among containers", lambda c: scalar(c.number("cpu_shares"))
        ),
        "processes": Fact("number", "the limit of processes", _limit("processes")),
        "open-files": Fact(
            "number", "the limit of open files", lambda c: scalar(c.limits.open_files)
        ),
        "shared-memory": Fact("size", "the size of `/dev/shm`", lambda c: scalar(c.size("shm_size"))),
        "replicas": Fact(
            "number", "the number of containers", lambda c: scalar(c.number("deploy", "replicas"))
        ),
        "restart": _group(RESTART, "what happens when it ends"),
        "health": Fact("group", "its health check, or that of its image", health, "health"),
        "logging": _group(LOGGING, "its log"),
        "runtime": Fact("text", "the runtime of the engine", _setting("runtime")),
        "init": Fact("flag", "whether an init process runs first", _switch("init")),
        "cgroup-parent": Fact("text", "the control group above", _setting("cgroup_parent")),
        "hooks": Fact("list", "its hooks", _hooks, "hook"),
        "data-store": Fact("flag", "whether its image is one that stores data", _is_store),
    },
)  # fmt: skip
