"""Docker rejects a mount.

The target of a mount must be an absolute path other than `/`. The entry `v:/data` does
not name the volume `v`: a letter and a colon are read as the start of a Windows path,
so the whole entry is a target. A tmpfs accepts the options of mount(8) that the Docker
Engine knows, in lower case. `nocopy` is for volumes: a bind mount with it is rejected.
`volumes_from` fails if the other service has a mount of `type: tmpfs`, because the
engine looks for a volume and finds none.

A config with `content` and a secret from a variable (`environment`) are not mounts:
Compose copies them into the new container. This fails if `read_only` makes the root
file system read-only, even with a mount at the target.

## How to fix

Use an absolute target, a volume name of at least two letters, and options such as
`size=64m,mode=1777`. Write a tmpfs under `tmpfs` in each service. In a read-only
container, give the config or secret a `file`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, MappingValue, Related, ScalarValue, ServiceVolume, Setting, Verified, by_default, clean_path, closest, has_hole, parse_tmpfs, regex, rule  # fmt: skip

# Those of the daemon; each takes no value.
_SWITCHES = frozenset((
    "defaults", "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec",
    "sync", "async", "dirsync", "remount", "mand", "nomand", "atime", "noatime",
    "diratime", "nodiratime", "relatime", "norelatime", "strictatime",
    "nostrictatime", "bind", "rbind", "unbindable", "runbindable", "private",
    "rprivate", "shared", "rshared", "slave", "rslave",
))  # fmt: skip
_VALUED = frozenset(("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"))
_OPTIONS = _SWITCHES | _VALUED
# How the kernel reads their values (Linux, mm/shmem.c, and memparse): a unit is one letter.
_FORMS = {
    "size": (regex(r"(?:0[xX][0-9A-Fa-f]+|[0-9]+)(?:[kKmMgGtTpPeE]|%)?"), "64m"),
    "mode": (regex(r"[0-7]{1,11}"), "1777"),
    "uid": (regex(r"[0-9]+|0[xX][0-9A-Fa-f]+"), "1000"),
    "gid": (regex(r"[0-9]+|0[xX][0-9A-Fa-f]+"), "1000"),
}
_PROPAGATIONS = frozenset(("", "private", "rprivate", "shared", "rshared", "slave", "rslave"))


@rule(
    on=Container,
    keys=("volumes", "volumes_from", "tmpfs", "configs", "secrets"),
    severity="error",
    references=(
        "Docker Engine 26.1.5 and Compose 2.26.1, seen to reject these",
        "compose-go, format/volume.go",
        "moby 26.1.5, volume/mounts/linux_parser.go; moby/sys/mount, flags_unix.go",
        "docker/compose, pkg/compose/secrets.go",
    ),
    advice="use an absolute target, a volume name of two or more letters, and valid options",
    checked=Verified("""
      - $ docker run --rm -v ./html:rw busybox echo started
      - docker: Error response from daemon: invalid volume specification: '…/html:rw'.
      + $ docker run --rm -v ./html:/html:rw busybox echo started
      + started
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                volumes: [«"v:/data"», «"./html:rw"»]
            volumes: {v: {}}
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                tmpfs: [«"/tmp:SIZE=1m"»]
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                read_only: true
                secrets: [«token»]
            secrets:
              token: {environment: TOKEN}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                read_only: true
                volumes: ["vol:/data", "./html:/html", "${WHERE}"]
                tmpfs: ["/tmp:size=64m,mode=1777", "/run:${OPTIONS}"]
                secrets: [token]
            volumes: {vol: {}}
            secrets:
              token: {file: ./token}
        """),
        Good(r"""
            services:
              web:
                image: iis
                volumes: ['C:/data', 'html:C:\html']
            """).because("An engine on Windows accepts these."),
    ),
)
def invalid_mount(container: Container) -> Findings:
    """Point at each mount, config and secret that is rejected."""
    yield from _targets(container)
    yield from _tmpfs(container)
    yield from _long_forms(container)
    yield from _taken(container)
    if container.read_only.is_surely(True):
        yield from _copied(container)


def _targets(container: Container) -> Findings:
    defined = frozenset(container.project.names("volumes"))
    for volume in container.volumes:
        target, first = volume.target, volume.source or volume.target
        if volume.undecided - {"options", "read_only"} or not target:
            continue
        if volume.kind not in ("bind", "volume", "anonymous", "tmpfs"):
            continue
        if isinstance(volume.value, ScalarValue) and _has_drive(first) and first[0] in defined:
            if volume.source is not None and target.startswith("/"):
                continue
            name = first[0]
            what = f"`{name}:` is read as the start of a Windows path"
            remedy = f"give the volume `{name}` a longer name"
        elif target == "/":
            what, remedy = "nothing is mounted at `/`", "write a path below it"
        elif volume.kind == "bind" and _says_nocopy(volume):
            what, remedy = "a bind mount accepts no `nocopy`", "remove it"
        elif _is_misnamed(container, volume):
            name = volume.source or ""
            folder = f"`./{name}` for a folder"
            what, remedy = f"`{name}` is no name of a volume", f"write {folder}"
        elif target.startswith(("/", "\\")) or _has_drive(target):
            continue
        else:
            what = f"the target `{target}` is not an absolute path"
            remedy = "write one that begins with `/`"
        yield _finding(container, volume, f"{what}; {remedy}")


def _is_misnamed(container: Container, volume: ServiceVolume) -> bool:
    """Return whether an engine takes a path for the name of a volume.

    Compose knows its volumes, and reports the others.
    """
    source = volume.source or ""
    is_named = volume.kind == "volume" and not has_hole(source)
    return is_named and container.settings.program != "Compose" and "/" in source


def _long_forms(container: Container) -> Findings:
    """Yield the mounts in long syntax that lack a part, or have one too many."""
    for volume in container.volumes:
        entry = volume.value
        if not isinstance(entry, MappingValue):
            continue
        kind, source = entry.get("type"), entry.get("source") or entry.get("src")
        mode = entry.get("bind", "propagation")
        if not isinstance(kind, ScalarValue) or not kind.decided:
            continue
        if kind.text == "bind" and source is None:
            what = "a bind mount has no `source`; write the path of the host"
        elif kind.text == "tmpfs" and isinstance(source, ScalarValue) and source.content:
            what = "a tmpfs has no `source`; remove it"
        elif (
            kind.text == "bind"
            and isinstance(mode, ScalarValue)
            and mode.decided
            and mode.text not in _PROPAGATIONS
        ):
            meant = closest(mode.text, _PROPAGATIONS) or "rprivate"
            what = f"a bind mount has no propagation `{mode.text}`; write `{meant}`"
        else:
            continue
        yield _finding(container, volume, what)


def _says_nocopy(volume: ServiceVolume) -> bool:
    """Tell whether an entry in short syntax has the option; in long syntax it is lost."""
    return isinstance(volume.value, ScalarValue) and "nocopy" in volume.options


def _taken(container: Container) -> Findings:
    """Yield the services from which a tmpfs would be taken."""
    services = container.project.services
    for item in container.texts("volumes_from").items:
        other = services.get((item.value or "").partition(":")[0])
        mounts = other.volumes if other is not None else ()
        tmpfs = next((mount for mount in mounts if mount.kind == "tmpfs"), None)
        if other is not None and tmpfs is not None:
            yield Finding(
                item.span,
                f"{container.title} will not start: `{other.name}` has a mount"
                " of `type: tmpfs`, which no other service can take; write it under"
                f" `tmpfs`{by_default(item.provenance)}",
                because=(Related(tmpfs.span, "this is the tmpfs"),),
            )


def _has_drive(path: str) -> bool:
    return path[1:2] == ":" and path[:1].isalpha()


def _tmpfs(container: Container) -> Findings:
    for item in container.texts("tmpfs").items:
        path, options = parse_tmpfs(item.value or "")
        if path and not path.startswith("/") and not has_hole(path):
            what = f"the target `{path}` is not an absolute path"
            yield _finding(container, item, f"{what}; write one that begins with `/`")
            continue
        if item.value and clean_path(path) == "/":
            what = "nothing is mounted at `/`; write a path below it"
            yield _finding(container, item, what)
        for option in options:
            key, equals, value = option.partition("=")
            if equals and key in _FORMS and not has_hole(value):
                form, example = _FORMS[key]
                if not form.fullmatch(value):
                    what = f"a tmpfs has no {key} `{value}`; write `{key}={example}`"
                    yield _finding(container, item, what)
                    break
            if option in _SWITCHES or (equals and key in _VALUED):
                continue
            word = key.lower()
            known = word if word in _OPTIONS else closest(word, _OPTIONS)
            meant = f"{known}=" if known in _VALUED else known
            remedy = f"remove it, or write `{meant}`" if known else "remove it"
            what = f"tmpfs has no option `{option}`; {remedy}"
            yield _finding(container, item, what)
            break


def _copied(container: Container) -> Findings:
    for section, keys in (("configs", ("content", "environment")), ("secrets", ("environment",))):
        for item in container.items(section):
            source = item.get("source") if isinstance(item, MappingValue) else item
            if not isinstance(source, ScalarValue) or not source.decided:
                continue
            kind = section[:-1]
            for key in keys:
                found = container.project.text(section, source.text, key)
                if found is None:
                    continue
                yield Finding(
                    source.span,
                    f"{container.title} will not start: its root file system"
                    f" is read-only, and Compose copies the {kind} `{source.text}` into"
                    f" it; give the {kind} a `file` in place of `{key}`",
                    because=(
                        Related(found.span, f"this makes a copy of the {kind}"),
                        Related(container.read_only.span, "read-only is set here"),
                    ),
                )


def _finding(container: Container, setting: ServiceVolume | Setting[str], what: str) -> Finding:
    return Finding(
        setting.span, f"{container.title} will not start: {what}{by_default(setting.provenance)}"
    )
