"""Docker rejects the value of a key.

Compose passes many texts on as they are: `restart: allways`, `stop_signal: SIGTREM`,
`working_dir: app`, `dns: [resolver]`, `image: Nginx`. `docker compose config` accepts the
file. The Docker Engine rejects the value when the service starts, and often nobody sees
it until then.

The rule reports values that no engine on Linux accepts. It ignores values that another
engine, a plug-in or a variable decides.

## How to fix

Write a value of the form that the finding names.
"""

from tightship.rules import Bad, Callable, Container, Finding, Findings, Good, Iterator, Mapping, MappingValue, ScalarValue, Severity, Span, Value, Verified, by_default, engine_value, has_hole, rule  # fmt: skip

_TEXTS: Mapping[tuple[str, ...], Callable[[str], str]] = {
    ("restart",): engine_value.restart,
    ("deploy", "restart_policy", "condition"): engine_value.restart_condition,
    ("stop_signal",): engine_value.stop_signal,
    ("isolation",): engine_value.isolation,
    ("working_dir",): engine_value.working_dir,
    ("hostname",): engine_value.hostname,
    ("cpuset",): engine_value.cpuset,
    ("platform",): engine_value.platform,
    ("image",): engine_value.image,
    ("healthcheck", "interval"): engine_value.interval,
    ("healthcheck", "timeout"): engine_value.interval,
    ("healthcheck", "start_period"): engine_value.interval,
}
# containers-transports(5)
_TRANSPORTS = (
    *("containers-storage:", "dir:", "docker://", "docker-archive:", "docker-daemon:"),
    *("oci:", "oci-archive:"),
)
_PLUGINS = {
    ("logging", "driver"): engine_value.LOGGING_DRIVERS,
    ("runtime",): engine_value.RUNTIMES,
}


@rule(
    on=Container,
    keys=(
        *("restart", "deploy", "stop_signal", "isolation", "working_dir", "hostname"),
        *("cpuset", "platform", "image", "healthcheck", "dns", "extra_hosts"),
        *("devices", "environment", "logging", "runtime"),
    ),
    severity="error",
    severity_note="info for a logging driver or a runtime whose name is nearly a known one,"
    " because the host may have it",
    references=(
        "Docker Engine 26.1.5 and Compose 2.26.1, seen to reject these",
        "moby 26.1.5, daemon/container.go, verifyContainerSettings",
        "distribution/reference, regexp.go",
    ),
    advice="write a value of the form that the finding names",
    checked=Verified("""
        $ docker compose --progress quiet up -d && echo started
      - Error response from daemon: invalid restart policy: unknown policy 'allways'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'
      + started
        ==> compose.yaml <==
        services:
          app:
            image: busybox
      -     restart: allways
      +     restart: always
    """),
    examples=(
        Bad("""
            services:
              web:
                image: «Nginx:1.29»
                restart: «allways»
                stop_signal: «SIGTREM»
                working_dir: «app»
                dns: [«resolver»]
                extra_hosts: [«"db:10.0.0"»]
                devices: [«"/dev/fuse:/dev/fuse:x"»]
                healthcheck: {test: [CMD, "true"], interval: «10us»}
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                runtime: «runsk»
                logging: {driver: «jsonfile»}
        """).at("info", "The host may have plug-ins of these names."),
        Good("""
            services:
              web:
                image: nginx:1.29
                restart: on-failure:3
                stop_signal: SIGQUIT
                working_dir: /app
                dns: [9.9.9.9, "2620:fe::fe"]
                extra_hosts: ["db:10.0.0.5", "host.docker.internal:host-gateway"]
                devices: ["/dev/fuse:/dev/fuse:rw"]
                healthcheck: {test: [CMD, "true"], interval: 10s}
              api:
                image: ${IMAGE}
                restart: ${RESTART}
        """),
        Good(r"""
            services:
              web:
                image: iis
                isolation: hyperv
                working_dir: C:\app
            """).because("An engine on Windows accepts these."),
    ),
)
def invalid_value(container: Container) -> Findings:
    """Point at each value that is rejected."""
    keys = container.service_keys
    for path, check in _TEXTS.items():
        if path[0] in keys and not (path == ("image",) and _is_of_podman(container)):
            yield from _checked(container, path, container.value(*path), check)
    is_podman = container.settings.engine == "Podman"
    for item in (*container.items("dns"), container.value("dns")):
        is_none = is_podman and isinstance(item, ScalarValue) and item.text == "none"
        yield from () if is_none else _checked(container, ("dns",), item, engine_value.address)
    if "expose" in keys and container.settings.program == "Docker":
        for item in container.items("expose"):
            yield from _checked(container, ("expose",), item, engine_value.exposed)
    if "extra_hosts" in keys:
        yield from _hosts(container)
    if "devices" in keys:
        yield from _devices(container)
    if "logging" in keys or "runtime" in keys:
        yield from _plugins(container)
        yield from _log_options(container)
    for pair in container.pairs("environment"):
        if not pair.name and not has_hole(pair.span.text):
            what = "a variable of `environment` has no name; write `NAME=value`"
            yield _finding(container, pair.span, what)


def _is_of_podman(container: Container) -> bool:
    """Return whether Podman finds the image by another transport than a registry's name."""
    image = container.value("image")
    is_from = isinstance(image, ScalarValue) and image.text.startswith(_TRANSPORTS)
    return is_from and container.settings.engine == "Podman"


def _checked(
    container: Container, path: tuple[str, ...], value: Value | None, check: Callable[[str], str]
) -> Findings:
    if not isinstance(value, ScalarValue) or not value.decided or value.content is None:
        return
    text = value.content
    remedy = check(text)
    if remedy:
        shown = text if len(text) <= 40 else f"{text[:37]}..."
        what = f"`{'.'.join(path)}` has the value `{shown}`{by_default(value.provenance)}"
        yield _finding(container, value.span, f"{what}; {remedy}")


def _plugins(container: Container) -> Findings:
    """Yield the names that are nearly one of Docker's: a plug-in may have any name."""
    for path, names in _PLUGINS.items():
        leaf = container.value(*path)
        if not isinstance(leaf, ScalarValue) or not leaf.decided:
            continue
        meant = engine_value.meant(leaf.text, names)
        if meant:
            yield Finding(
                leaf.span,
                f"{container.title} starts only if the host has a plug-in"
                f" `{leaf.text}` for `{'.'.join(path)}`{by_default(leaf.provenance)};"
                f" did you mean `{meant}`?",
                severity=Severity.INFO,
            )


def _log_options(container: Container) -> Findings:
    options, driver = (container.value("logging", "options"), container.text("logging", "driver"))
    if not isinstance(options, MappingValue) or not driver.decided:
        return
    for name, entry in options.entries.items():
        leaf = entry.value
        if not isinstance(leaf, ScalarValue) or not leaf.decided or has_hole(name):
            continue
        remedy = engine_value.log_option(driver.value or "", name, leaf.text)
        if remedy:
            what = f"`logging` has the option `{name}: {leaf.text}`"
            origin = by_default(leaf.provenance)
            span = entry.key.span if "no such" in remedy else leaf.span
            yield _finding(container, span, f"{what}{origin}; {remedy}")


def _hosts(container: Container) -> Findings:
    """Yield the hosts without an address: `name:address`, `name=address` or a mapping."""
    hosts = container.value("extra_hosts")
    entries: Iterator[tuple[str, Value]]
    if isinstance(hosts, MappingValue):
        entries = ((name, entry.value) for name, entry in hosts.entries.items())
    else:
        entries = (("", item) for item in container.items("extra_hosts"))
    for name, value in entries:
        if not isinstance(value, ScalarValue) or not value.decided:
            continue
        text = value.text
        if not name:
            separator = "=" if "=" in text else ":"
            name, found, text = text.partition(separator)
            if not found:
                continue  # Compose rejects it.
        remedy = engine_value.host_address(text)
        if remedy:
            what = f"`{text}` is no address of the host `{name}`"
            origin = by_default(value.provenance)
            yield _finding(container, value.span, f"{what}{origin}; {remedy}")


def _devices(container: Container) -> Findings:
    from tightship.rules import service_devices

    for mapped in service_devices(container.settings):
        value, device = mapped.value, mapped.device
        if device.undecided or device.is_cdi:
            continue
        leaf = value.get("permissions") if isinstance(value, MappingValue) else value
        if not isinstance(leaf, ScalarValue):
            continue
        given = leaf.text
        if leaf is value:
            if given.count(":") != 2:
                continue
            given = given.rpartition(":")[2]
        remedy = engine_value.permissions(given)
        if remedy:
            what = f"a device has no permissions `{given}`"
            yield _finding(container, leaf.span, f"{what}; {remedy}")


def _finding(container: Container, span: Span, what: str) -> Finding:
    return Finding(span, f"{container.title} will not start: {what}")
