"""The container sees the processes of the host.

With `pid: host` every process of the host is listed in the container's `/proc`, with
the command line it was started with, including passwords in it. Root in the container
can kill them, and with `SYS_PTRACE` read and change their memory; AppArmor's default
profile forbids both where it is active. On hosts with SELinux, Docker then also
switches off the container's own confinement, unless a `label` option is given (moby
26.1.5, daemon/create.go).

A service with `pid: service:NAME` gets what the other service has.

## How to fix

Remove `pid`. A monitor that must see the processes of one service can join that
service with `pid: service:NAME`; treat a monitor that watches the whole
host like root on the host.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, YamlText, asked_for, by_default, documented_grant, rule  # fmt: skip


@rule(
    on=Container,
    keys=("pid",),
    severity="warning",
    fix="tightens",
    cwe=(653,),
    references=(
        "Compose Specification, services, pid",
        "moby 26.1.5, daemon/create.go (generateSecurityOpt)",
    ),
    aliases=("CL-0010", "kics:4f31dd9f"),
    checked=Verified("""
      - $ docker run --rm --pid host busybox ps -o comm | grep -m 1 -x dockerd
      - dockerd
      + $ docker run --rm busybox ps -o comm | grep -m 1 -x dockerd
    """),
    examples=(
        Bad("""
            services:
              monitor:
                image: node-exporter
          -     pid: «host»
                read_only: true
        """),
        Bad("""
            services:
              monitor:
                image: node-exporter
          -     pid: «"host"»
              shell:
                image: debug-tools
          -     pid: «service:monitor»
        """).because("The second service joins the first, and so the host."),
        Good("""
            services:
              app:
                image: app:1.4
              shell:
                image: debug-tools
                pid: service:app
        """),
        Good("""
            services:
              monitor:
                image: node-exporter
                pid: ${PID_MODE}
        """).because("The value is known only at run time, so the rule reports nothing."),
    ),
)
def host_pid_namespace(container: Container) -> Findings:
    """Point at the service's own `pid`."""
    namespace = container.namespace("pid")
    if not namespace.is_host:
        return
    asked = documented_grant(container, "pid", "host")
    yield Finding(
        namespace.span,
        f"{container.title} sees the processes of the"
        f" host{by_default(namespace.setting.provenance)}" + asked_for(asked, container),
        fix=None
        if asked
        else Fix.tightens(
            "Give the service its own process namespace",
            container.editor.remove("pid") or container.editor.put("pid", YamlText("")),
            may_break=f"{container.title}, if it watches, traces or signals other processes",
        ),
        because=namespace.because,
    )
