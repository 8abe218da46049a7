"""The settings of a run, and what a kind of host makes less severe.

``LOWERINGS`` has an entry only if the kernel or Docker blocks what the rule is about, and a
source says so. It lowers the severity by one step, and hides nothing. What a host makes
only harder is not here: a privileged container, or the daemon's socket, gives away all
that a rootless daemon has: its containers, and the files of its user.
"""

from __future__ import annotations

from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tightship.syntax.toml import Toml
    from tightship.text import Span


_NO_SEVERITIES: Mapping[str, Severity] = {}


class Provided(Record):
    """What something else than the files provides: names of each kind, with wildcards.

    ``platform`` is the name of a platform, ``auto`` or ``none``. ``place`` is the table, and
    None where there is none.
    """

    place: Span | None = None
    platform: str = "auto"
    services: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Override(Record):
    """Settings for some files or services only, and the reason for them.

    ``place`` is its table in the file. ``paths`` are patterns of a `.gitignore`;
    ``services`` has names with wildcards, and is None in those for files. ``select`` is
    None where it is not set.
    """

    place: Span
    reason: str
    paths: tuple[str, ...] = ()
    services: tuple[str, ...] | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = _NO_SEVERITIES
    provided: Provided | None = None


class ProjectDefinition(Record):
    """Files that make a project together, relative to the configuration's folder."""

    place: Span
    files: tuple[str, ...]
    env_files: tuple[str, ...] = ()
    name: str = ""


class PlatformDefinition(Record):
    """What a platform merges into Compose files, relative to the configuration's folder.

    ``paths`` are patterns of a `.gitignore`; none means all. Each file is merged over those
    ``before`` it, and those ``after`` it over the result.
    """

    place: Span
    paths: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()


class RoleDefinition(Record):
    """The role of some files, as somebody gives it, relative to the configuration's folder.

    ``paths`` are patterns of a `.gitignore`. ``loading`` and ``purpose`` are empty where
    they are not set. ``files`` are merged in their order, and make a project.
    """

    place: Span
    paths: tuple[str, ...] = ()
    loading: str = ""
    purpose: str = ""
    files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    name: str = ""


class ProbeDefinition(Record):
    """A command that has to succeed for a service, in a container of an image."""

    place: Span
    service: str
    command: str
    image: str = ""


class Host(Record):
    """Properties of the host of the containers, as far as they are set."""

    rootless: bool = False
    userns_remap: bool = False
    lsm: str = "unknown"

    def says(self, key: str) -> object:
        """Return the value of a key of the table `[host]`."""
        return {"rootless": self.rootless, "userns-remap": self.userns_remap, "lsm": self.lsm}[key]


class Settings:
    """The settings for the files below a folder.

    ``file`` is the configuration file, and None where there is none.
    Paths and patterns in it are relative to ``folder``, an absolute path.
    ``trusted_registries`` is None where none are named. ``rules`` holds the options of
    rules that are set, by rule. ``table`` leads to the keys within the file.
    """

    def __init__(self, folder: str, file: Toml | None = None, table: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.file = file
        self.table = table
        self.select: tuple[str, ...] = ("default",)
        self.ignore: tuple[str, ...] = ()
        self.severity: Mapping[str, Severity] = {}
        self.fail_on = "warning"
        self.front_ends: tuple[str, ...] = ()
        self.exclude: tuple[str, ...] = ()
        self.trusted_registries: tuple[str, ...] | None = None
        self.require_reason = False
        self.accept_new_suppressions = False
        self.baseline = ""
        self.facts: tuple[str, ...] = ()
        self.policies: tuple[str, ...] = ()
        self.host = Host()
        self.provided = Provided()
        self.target: str | None = None
        self.rules: dict[str, dict[str, object]] = {}
        self.projects: tuple[ProjectDefinition, ...] = ()
        self.platform: tuple[PlatformDefinition, ...] = ()
        self.roles: tuple[RoleDefinition, ...] = ()
        self.probe: tuple[ProbeDefinition, ...] = ()
        self.per_path: tuple[Override, ...] = ()
        self.per_service: tuple[Override, ...] = ()

    @property
    def file_sets(self) -> Sequence[ProjectDefinition]:
        """Return the definitions of projects by their files."""
        given = (one for one in self.roles if one.files)
        made = (ProjectDefinition(one.place, one.files, one.env_files, one.name) for one in given)
        return (*self.projects, *made) if self.roles else self.projects

    def place(self, *path: str | int) -> Span | None:
        """Return where a key is set; None if it has its default."""
        if self.file is None:
            return None
        span = self.file.key(*self.table, *path)
        return span if self.file.has(*self.table, *path) else None


class Lowering(Record):
    """The findings of rules that a kind of host makes less severe.

    ``why`` is the end of a sentence that begins with "the host …:", and ``source``
    says where it is from.

    It counts where ``[host]`` has one of the values.
    """

    key: str
    values: tuple[object, ...]
    rules: tuple[str, ...]
    why: str
    source: str

    @property
    def needs_namespace(self) -> bool:
        """Return whether a service may opt out of it, with ``userns_mode``."""
        return self.key == "userns-remap"


_INITIAL = (
    "the kernel requires this capability in its first user namespace, in which"
    " the container has none"
)
_BY_NAMESPACE = (
    (
        ("root-user", "image-runs-as-root"),
        "root in the container is an ordinary user on the host",
        "user_namespaces(7), User and group ID mappings; Docker documentation, Rootless"
        " mode, and Isolate containers with a user namespace",
    ),
    (
        ("host-clock-control",),
        _INITIAL,
        "user_namespaces(7), Capabilities: changing the system time (CAP_SYS_TIME)",
    ),
    (
        ("audit-control",),
        "the audit system accepts only root of the host",
        "Linux, kernel/audit.c, audit_netlink_ok: only in the initial user namespace",
    ),
    (
        ("kernel-modules-exposed",),
        "only the host's own root can load modules and write their folders",
        "user_namespaces(7), Capabilities: loading a kernel module (CAP_SYS_MODULE)",
    ),
    (
        ("host-memory-device",),
        "the kernel opens these devices only with `CAP_SYS_RAWIO` of the host",
        "Linux, drivers/char/mem.c, open_port: capable(CAP_SYS_RAWIO)",
    ),
)


def _namespace(key: str) -> Iterable[Lowering]:
    for rules, why, source in _BY_NAMESPACE:
        yield Lowering(key, (True,), rules, why, source)


LOWERINGS = (
    *_namespace("rootless"),
    *_namespace("userns-remap"),
    Lowering(
        "rootless",
        (True,),
        ("host-network-namespace",),
        "the network belongs to RootlessKit, not to the host",
        "Docker documentation, Rootless mode, Known limitations and Troubleshooting:"
        " `--net=host` is inside RootlessKit's network namespace",
    ),
    Lowering(
        "rootless",
        (True,),
        ("apparmor-unconfined",),
        "rootless Docker does not support AppArmor",
        "Docker documentation, Rootless mode, Known limitations: AppArmor is not supported",
    ),
    Lowering(
        "lsm",
        ("selinux", "none"),
        ("apparmor-unconfined",),
        "AppArmor is not in use",
        "Docker documentation, AppArmor security profiles: it is loaded where the host"
        " has AppArmor",
    ),
    Lowering(
        "lsm",
        ("apparmor", "none"),
        ("selinux-disabled", "selinux-relabel-system-path"),
        "SELinux is not in use",
        "moby, opencontainers/selinux: labels are set where SELinux is enabled",
    ),
)


def lowering(host: Host, rule: str, *, own_namespace: bool) -> Lowering | None:
    """Return what lowers the findings of a rule on a host.

    ``own_namespace`` tells that all containers in question are left in the user
    namespace that the daemon gives them.
    """
    for one in LOWERINGS:
        if rule not in one.rules or host.says(one.key) not in one.values:
            continue
        if own_namespace or not one.needs_namespace:
            return one
    return None


def lower(severity: Severity) -> Severity:
    """Return the next lower severity; an info stays one."""
    return Severity(max(severity - 1, Severity.INFO))
