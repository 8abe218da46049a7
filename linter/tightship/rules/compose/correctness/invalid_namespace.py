"""Docker rejects a namespace setting.

`pid` and `uts` take `host`, and `ipc` takes `none`, `private`, `shareable` or `host`.
There is no `pid: private`: a private namespace is the default, without the key. The
Docker Engine rejects other values and does not create the container.

A container that shares a network (`network_mode: service:NAME`) cannot publish its
own ports or have its own host name: `ports`, `expose` and `hostname` belong to the
service that owns the network. A container with the host's names (`uts: host`) cannot have a
`hostname`. Only a service with `ipc: shareable` shares its IPC namespace.

The networks `host`, `bridge` and `none` are Docker's own. Compose gives each container
an alias in every network that is listed under `networks`, but these three accept no
aliases, so the container does not start.

## How to fix

For a private namespace, remove the key. Move `ports` and `expose` to the service that
owns the network, and set `ipc: shareable` for the service that shares its namespace. To run in
Docker's own networks, write `network_mode: host`, `bridge` or `none`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Related, ScalarValue, SequenceValue, Setting, Severity, Verified, by_default, joined_networks, real_name, rule  # fmt: skip

_MODES = {"pid": ("host",), "uts": ("host",), "ipc": ("none", "private", "shareable", "host")}
# `container:` and `service:` are followed by a name; `uts` takes neither.
# What Podman takes in addition: podman-run(1).
_OF_PODMAN = ("private", "pod")
_SHARING = ("container:", "service:")
_BUILT_IN = frozenset(("host", "bridge", "none"))


@rule(
    on=Container,
    keys=("pid", "uts", "ipc", "network_mode", "networks", "image", "build"),
    severity="error",
    severity_note="warning if the `default-ipc-mode` of the daemon decides",
    references=(
        "Docker Engine 26.1.5 and Compose 2.26.1, seen to reject these",
        "moby 26.1.5, api/types/container/hostconfig.go, runconfig/hostconfig_unix.go",
        "moby 26.1.5, daemon/container_operations_unix.go, getIPCContainer",
    ),
    advice="remove the key to get a private namespace, or move it to the service that"
    " owns the namespace",
    checked=Verified("""
      - $ docker run --rm --pid private busybox echo started
      - docker: --pid: invalid PID mode.
      + $ docker run --rm busybox echo started
      + started
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                pid: «private»
        """),
        Bad("""
            services:
              vpn: {image: "vpn:1"}
              web:
                image: nginx:1.29
                network_mode: service:vpn
                hostname: «web»
                ports: «["127.0.0.1:8080:80"]»
        """).because("Both belong to `vpn`."),
        Bad("""
            services:
              db: {image: "postgres:17", ipc: private}
              backup: {image: "postgres:17", ipc: «"service:db"»}
        """),
        Bad("""
            services:
              db: {image: "postgres:17"}
              backup: {image: "postgres:17", ipc: «"service:db"»}
        """).at("warning", "The daemon may share by default (`default-ipc-mode`)."),
        Bad("""
            services:
              proxy: {image: "traefik:3.5", networks: [«outside»]}
            networks:
              outside: {name: host, external: true}
        """).because("`host` accepts no alias, so the service does not start."),
        Good("""
            services:
              vpn: {image: "vpn:1", ports: ["127.0.0.1:8080:80"], ipc: shareable}
              web:
                image: nginx:1.29
                network_mode: service:vpn
                ipc: service:vpn
                pid: ${PID_MODE}
                uts: host
        """),
        Good("""
            services:
              web: {image: "nginx:1.29", network_mode: mine, hostname: web}
        """).because("The host may have a network of this name."),
    ),
)
def invalid_namespace(container: Container) -> Findings:
    """Point at each mode, and each setting next to one, that is rejected."""
    yield from _modes(container)
    yield from _beside_shared_network(container)
    yield from _ipc_donor(container)
    yield from _networks(container)


def _modes(container: Container) -> Findings:
    for key, modes in _MODES.items():
        setting = container.text(key)
        text = setting.value
        if not text or text in modes or (key != "uts" and text.startswith(_SHARING)):
            continue
        if container.settings.engine == "Podman" and (
            text in _OF_PODMAN or text.startswith(("ns:", "container:"))
        ):
            continue
        own = key != "ipc" and text.lower() in ("private", "none", "own")
        what = (
            f"remove `{key}` for a private namespace"
            if own
            else f"remove `{key}` or write `{'`, `'.join(modes)}`"
        )
        yield Finding(
            setting.span,
            f"{container.title} will not start: `{key}` has no mode"
            f" `{text}`{by_default(setting.provenance)}; {what}",
        )


def _beside_shared_network(container: Container) -> Findings:
    service, network = container.settings, container.text("network_mode")
    hostname = service.text("hostname")
    uts = service.text("uts")
    if hostname.value and uts.is_surely("host"):
        yield Finding(
            hostname.span,
            f"{container.title} will not start: `hostname` and `uts: host`"
            " exclude one another; remove one of them",
            because=(Related(uts.span, "the host's names are used here"),),
        )
    if not (network.value or "").startswith(_SHARING):
        return
    owner = (network.value or "").partition(":")[2]
    where = (Related(network.span, f"the network of `{owner}` is used here"),)
    for key in ("ports", "expose", "hostname"):
        value = service.value(key)
        if isinstance(value, SequenceValue):
            rejected = any(not isinstance(i, ScalarValue) or i.decided for i in value.items)
        else:
            rejected = isinstance(value, ScalarValue) and value.decided and value.text != ""
        if value is not None and rejected:
            yield Finding(
                value.span,
                f"{container.title} will not start: it shares the network of"
                f" `{owner}`; move `{key}` there",
                because=where,
            )


def _ipc_donor(container: Container) -> Findings:
    setting = container.text("ipc")
    text = setting.value or ""
    name = text.removeprefix("service:")
    donor = container.project.services.get(name) if name != text else None
    if donor is None:
        return
    mode = donor.text("ipc")
    if mode.value in ("private", "none"):
        why = f"`{name}` has `ipc: {mode.value}`, which prevents sharing"
    elif mode.surely_absent:
        why = f"the IPC namespace of `{name}` is private by default"
    else:
        return
    yield Finding(
        setting.span,
        f"{container.title} will not start: {why}; set `ipc: shareable` for `{name}`",
        severity=Severity.WARNING if mode.surely_absent else None,
        because=(Related(mode.span, "this namespace would be shared"),),
    )


def _networks(container: Container) -> Findings:
    project = container.project
    joined = joined_networks(container.settings)
    if not container.service_keys & {"networks", "network_mode"}:
        table = project.table("networks", "default")
        joined = [Setting(table.span, "default")] if table is not None else []
    for entry in joined:
        key = entry.value or ""
        name = real_name(project, key)
        driver = project.text("networks", key, "driver")
        if name in _BUILT_IN:
            what = f"Compose sets aliases, which Docker's own network `{name}` rejects"
        elif driver is not None and driver.text == "host" and name is None:
            name, what = "host", "a host has one network of the driver `host`"
        else:
            continue
        place = "in place of `networks`" if entry.source else "in the service"
        yield Finding(
            entry.span,
            f"{container.title} will not start: {what}; write `network_mode: {name}` {place}",
        )
