"""The facts about a service and its hooks: what its container will be, as far as files decide."""

from __future__ import annotations

from tightship.isolation.container import Container
from tightship.isolation.image_roles import is_data_store
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.items import hooks as hooks_of
from tightship.project_facts.devices import devices
from tightship.project_facts.images import IMAGE, build, of_service
from tightship.project_facts.lifetime import RESTART, health
from tightship.project_facts.mounts import mounts
from tightship.project_facts.ports import networks, peers, ports, reachable
from tightship.project_facts.projects import FILE, PROJECT, Whole, read_files
from tightship.project_facts.security import (
    NAMESPACES,
    USER,
    calls_filtered,
    capabilities,
    cpus,
    limit,
    memory_reservation,
    option,
    privileged,
    profile,
)
from tightship.project_facts.stages import STAGE
from tightship.project_facts.tables import environment, extensions, labels, settings_table
from tightship.project_facts.values import (
    Beyond,
    Fact,
    Facts,
    Group,
    Items,
    Scalar,
    Texts,
    flag,
    maybe,
    scalar,
    setting,
    setting_texts,
    switch,
    texts,
    unknown,
)
from tightship.values import capability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.isolation.loaded_project import Surroundings
    from tightship.model.items import Hook


_KEYS = ("pre_start", "post_start", "pre_stop", "develop")


class HookFact(Record):
    """A hook of a container."""

    owner: Container
    hook: Hook


def hooks(container: Container) -> Items:
    """Return the hooks of a container, in the order in which they run."""
    made = tuple(
        Facts(HOOK, HookFact(container, one), one.table.span)
        for one in hooks_of(container.settings)
    )
    return Items(container.span, made, not any(map(container.may_have, _KEYS)))


def _container(one: HookFact) -> Facts:
    """Return the container of its own that a `pre_start` hook has; others run in the main one."""
    span = one.hook.table.span
    if one.hook.kind != "pre_start":
        return Facts(SERVICE, None, span)
    settings = one.owner.settings.holding(one.hook.table)
    return Facts(SERVICE, Container(settings, None, one.owner.siblings), span)


def own_containers(container: Container) -> Iterator[Facts]:
    """Yield the containers of their own that hooks of a service run in."""
    for one in hooks_of(container.settings):
        found = _container(HookFact(container, one))
        if found.source is not None:
            yield found


HOOK = Group(
    "hook",
    "a command that runs next to the main one",
    {
        "kind": Fact(
            "text",
            "`pre_start`, `post_start`, `pre_stop` or `develop.watch`",
            lambda one: Scalar(one.hook.table.span, one.hook.kind),
            words="pre_start post_start pre_stop develop.watch",
        ),
        "privileged": Fact(
            "flag", "whether it gets all capabilities", lambda one: flag(one.hook.privileged)
        ),
        "user": Fact("text", "its user, if it has its own", lambda one: scalar(one.hook.user)),
        "container": Fact(
            "group",
            "the container of its own that a `pre_start` hook runs in",
            _container,
            "service",
        ),
    },
)


def _keys(container: Container) -> Texts:
    complete = container.settings.complete and not container.settings.elsewhere
    entries = container.settings.table.entries
    places = {
        name: one.key.span
        for name, one in entries.items()
        if name != "extends" and container.value(name) is not None  # it is gone once it is read
    }
    return texts(container.span, places, whole=complete).replaced(places=places)


def _image(container: Container) -> Facts:
    use = of_service(container)
    known = use is not None or not container.may_have("image")
    return Facts(IMAGE, use, container.span if use is None else use.span, known=known)


def _stage(container: Container) -> Facts:
    stage = container.stage
    span = container.span if stage is None else stage.span
    is_pulled = container.value("build") is None and not container.may_have("build")
    return Facts(STAGE, stage, span, known=stage is not None or is_pulled)


def _extensions(container: Container) -> Items:
    settings = container.settings
    return extensions(settings.table, container.span, whole=settings.complete)


def _command(key: str) -> Callable[[Container], Scalar]:
    def read(container: Container) -> Scalar:
        found = container.texts(key)
        if not found.all_decided:
            return unknown(found.span)
        if not found.is_set:
            return Scalar(found.span)
        return Scalar(found.span, " ".join(item.value or "" for item in found.items))

    return read


def _project(container: Container) -> Facts:
    whole = Whole(container.project, tuple(container.siblings.values()))
    return Facts(PROJECT, whole, whole.span)


def _change(asked: tuple[Container, Surroundings]) -> Scalar:
    container, around = asked
    read_files(container)
    found = around.change_of_service(container)
    return Scalar(container.span, found, known=found is not None)


def _is_store(container: Container) -> Scalar:
    image = container.image if container.stage is None else container.stage.image
    if image is None and container.value("build") is not None:
        return maybe(container.span, None)
    is_open = image is None or "repository" in image.undecided
    return maybe(container.span, None if is_open else is_data_store(container))


def _replicas(container: Container) -> Scalar:
    scale = container.number("scale")
    found = scale if scale.is_set or not scale.decided else container.number("deploy", "replicas")
    return Scalar(found.span, 1) if found.surely_absent else scalar(found)


_OF_PROVIDERS = ("name", "project", "file", "keys", "extensions", "profiles", "provider")


def service(container: Container) -> Facts:
    """Return the facts about a service; what the program of a provider does is in no file."""
    found = Facts(SERVICE, container, container.span)
    if container.value("provider") is None:
        return found
    known = {name: found.get(name) for name in _OF_PROVIDERS}
    return Facts(SERVICE, None, container.span, known=False, given=known)


LOGGING = Group(
    "logging",
    "the log of a container",
    {
        "driver": Fact(
            "text", "the driver; the engine decides without one", setting("logging", "driver")
        ),
        "options": Fact(
            "table", "the options of the driver", settings_table("logging", "options"), "entry"
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
        "file": Fact("group", "the file that has it", lambda c: Facts(FILE, c.span, c.span), "file"),
        "change": Beyond(
            "text",
            "whether a change adds it (`added`), edits its lines (`edited`), touches other lines"
            " or files of the project, which may decide it (`affected`), or not (`unchanged`)",
            _change,
            words="added edited affected unchanged",
        ),
        "keys": Fact("set", "the keys that are set, with those of `extends` and `<<`", _keys),
        "extensions": Fact("table", "the keys that begin with `x-`", _extensions, "entry"),
        "image": Fact("group", "the image that it names", _image, "image"),
        "build": Fact("group", "what it builds", build, "build"),
        "stage": Fact("group", "the stage of the Dockerfile that it builds", _stage, "stage"),
        "platform": Fact("text", "the platform", setting("platform")),
        "provider": Fact(
            "text",
            "the program of the host that does its work, in place of a container",
            setting("provider", "type"),
        ),
        "pull-policy": Fact("text", "when the image is pulled", setting("pull_policy")),
        "command": Fact("text", "the words of `command`", _command("command")),
        "entrypoint": Fact("text", "the words of `entrypoint`", _command("entrypoint")),
        "container-name": Fact("text", "the name of the container", setting("container_name")),
        "hostname": Fact("text", "the name of the host in it", setting("hostname")),
        "profiles": Fact("set", "the profiles", setting_texts("profiles")),
        "labels": Fact(
            "table", "the labels that it gives to the container; its image may have more", labels, "entry"
        ),
        "environment": Fact(
            "table", "the variables, by Compose, its files and the Dockerfile that it builds", environment, "variable"
        ),
        "user": Fact("group", "the user that it starts as", lambda c: Facts(USER, c, c.user.span), "user"),
        "groups": Fact("set", "further groups of the user", setting_texts("group_add")),
        "privileged": Fact(
            "flag", "whether it is privileged, or a command that a hook runs in it", privileged
        ),
        "capabilities": Fact(
            "set",
            "the capabilities that any process may have (the bounding set), without `CAP_`",
            capabilities,
            words=" ".join(capability.ALL_CAPABILITIES),
        ),
        "no-new-privileges": Fact(
            "flag",
            "whether no program gains privileges",
            lambda c: flag(c.security.no_new_privileges),
        ),
        "read-only": Fact(
            "flag", "whether its root file system is read-only", switch("read_only")
        ),
        "security-options": Fact(
            "set", "`security_opt` as it is written", setting_texts("security_opt")
        ),
        "seccomp": Fact(
            "text", "the profile that it names; `unconfined` if it is privileged",
            profile("seccomp", "unconfined"),
        ),
        "calls-filtered": Fact(
            "flag",
            "whether seccomp filters system calls, by the default of the engine or a profile"
            " that was read",
            calls_filtered,
        ),
        "apparmor": Fact(
            "text", "the profile that it names; `unconfined` if it is privileged",
            profile("apparmor", "unconfined"),
        ),
        "selinux": Fact(
            "text", "the type that it names, or `disable`", lambda c: option(c.security.selinux)
        ),
        "system-paths": Fact(
            "text",
            "`unconfined` where the paths of `/proc` are not masked",
            lambda c: option(c.security.system_paths),
            words="unconfined",
        ),
        "namespaces": _group(NAMESPACES, "its namespaces"),
        "network-mode": Fact("text", "`network_mode` as it is written", setting("network_mode")),
        "networks": Fact("list", "the networks that it joins", networks, "network"),
        "ports": Fact("list", "the ports that it asks to publish; see `reachable`", ports, "port"),
        "reachable": Fact("flag", "whether other machines reach one of its ports", reachable),
        "peers": Fact(
            "list", "the services of the project that can connect to it", peers, "service"
        ),
        "mounts": Fact("list", "what is mounted in it, by all routes", mounts, "mount"),
        "devices": Fact("list", "the devices of the host that it gets", devices, "device"),
        "device-rules": Fact(
            "set", "rules for devices", setting_texts("device_cgroup_rules")
        ),
        "sysctls": Fact("table", "kernel parameters", settings_table("sysctls"), "entry"),
        "memory": Fact("size", "the limit of memory", limit("memory")),
        "memory-reservation": Fact("size", "the memory that is reserved", memory_reservation),
        "cpus": Fact("number", "the limit of processors", cpus),
        "cpu-shares": Fact(
            "number", "its weight among containers", lambda c: scalar(c.number("cpu_shares"))
        ),
        "processes": Fact("number", "the limit of processes", limit("processes")),
        "open-files": Fact(
            "number", "the limit of open files", lambda c: scalar(c.limits.open_files)
        ),
        "shared-memory": Fact("size", "the size of `/dev/shm`", lambda c: scalar(c.size("shm_size"))),
        "replicas": Fact(
            "number", "the number of containers", _replicas
        ),
        "restart": _group(RESTART, "what happens when it ends"),
        "health": Fact("group", "its health check, or that of its image", health, "health"),
        "logging": _group(LOGGING, "its log"),
        "runtime": Fact("text", "the runtime of the engine", setting("runtime")),
        "init": Fact("flag", "whether an init process runs first", switch("init")),
        "cgroup-parent": Fact("text", "the control group above", setting("cgroup_parent")),
        "hooks": Fact("list", "its hooks", hooks, "hook"),
        "data-store": Fact("flag", "whether its image is one that stores data", _is_store),
    },
)  # fmt: skip
