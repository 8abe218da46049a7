"""The driver rejects the options of a volume.

The `local` driver accepts `type`, `o`, `device` and `size`. If one of the first three
is set, `type` and `device` are required: without them, Docker does not create the
volume, and no service with it starts. Only `o: bind` mounts a directory of the host:
with `type: bind` or `type: none` but without that option, mount(2) looks for a file
system of this name and finds none (all seen on Docker Engine 26.1.5).

The rule does not check whether `device` exists: that depends on the host. Other
drivers have other options.

## How to fix

Set all three options: `{type: none, o: bind, device: /srv/data}` for a directory of
the host, `{type: tmpfs, device: tmpfs, o: size=64m}` for memory.
"""

from tightship.rules import Bad, Finding, Findings, Good, Iterator, LoadedProject, MappingValue, Project, ScalarValue, Span, Verified, rule  # fmt: skip

# moby 26.1.5, volume/local/local_unix.go.
_OPTIONS = ("type", "o", "device", "size")
_NEEDED = ("device", "type")


@rule(
    on=LoadedProject,
    keys=("volumes",),
    severity="error",
    references=(
        "Docker documentation, docker volume create, driver-specific options",
        "moby 26.1.5, volume/local/local_unix.go",
    ),
    advice="set all three options, such as `{type: none, o: bind, device: /srv/data}`",
    checked=Verified("""
      - $ docker volume create -o o=bind -o device=/srv seen
      - Error response from daemon: create seen: missing required option: "type"
      + $ docker volume create -o type=none -o o=bind -o device=/srv seen && docker volume rm seen
      + seen
      + seen
    """),
    examples=(
        Bad("""
            services:
              db:
                image: postgres:17
                volumes: [data:/var/lib/postgresql/data]
            volumes:
              data:
                driver_opts: «{o: bind, device: /srv/data}»
        """),
        Bad("""
            services:
              db:
                image: postgres:17
                volumes: [data:/var/lib/postgresql/data]
            volumes:
              data:
                driver_opts: {type: «bind», device: /srv/data}
        """),
        Good("""
            services:
              db:
                image: postgres:17
                volumes: [data:/var/lib/postgresql/data]
            volumes:
              data:
                driver_opts: {type: none, o: bind, device: /srv/data}
        """),
        Good("""
            services:
              db:
                image: postgres:17
                volumes: [data:/var/lib/postgresql/data]
            volumes:
              data:
                driver: rclone
                driver_opts: {remote: "store:data"}
        """).because("Another driver has its own options."),
    ),
)
def invalid_volume_options(loaded: LoadedProject) -> Findings:
    """Point at the option, or at all of them where one is missing."""
    project = loaded.compose
    if project is None or not project.complete:
        return
    users: dict[str, str] = {}
    for container in loaded.containers:
        for volume in container.volumes:
            if volume.kind == "volume" and volume.source is not None:
                users.setdefault(volume.source, container.name)
    for name, user in users.items():
        for span, what in _faults(project, name):
            yield Finding(span, f"{project.title_of(user)} will not start: {what}")


def _faults(project: Project, name: str) -> Iterator[tuple[Span, str]]:
    """Yield what is wrong about a volume of the local driver, with the place."""
    definition = project.table("volumes", name)
    options = definition.get("driver_opts") if definition is not None else None
    driver = project.text("volumes", name, "driver")
    if not isinstance(options, MappingValue) or not options.entries:
        return
    if driver is not None and driver.text != "local":
        return
    for key, entry in options.entries.items():
        if key not in _OPTIONS:
            yield (
                entry.key.span,
                f"the driver of volume `{name}` has no option `{key}`; remove it",
            )
            return
    missing = [key for key in _NEEDED if key not in options.entries]
    if missing and options.entries.keys() != {"size"}:
        needed = " and ".join(f"`{key}`" for key in missing)
        yield options.span, f"volume `{name}` needs {needed} in `driver_opts` as well"
        return
    kind, words = options.get("type"), options.get("o")
    if not isinstance(kind, ScalarValue) or not kind.decided:
        return
    if kind.text in ("none", "bind") and not _may_bind(words):
        yield (
            kind.span,
            f"volume `{name}` has `type: {kind.text}` and no `o: bind`; write"
            " `type: none` and `o: bind`",
        )


def _may_bind(words: object) -> bool:
    if not isinstance(words, ScalarValue):
        return words is not None
    found = words.text.split(",")
    return not words.decided or "bind" in found or "rbind" in found
