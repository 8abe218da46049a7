"""The container can take over the processes of the host.

`pid: host` shows the container every process of the host, and `SYS_PTRACE` is the right to
read and change the memory of other users' processes. The combination is worse than either:
root in the container traces a process of root on the host and runs code in it, or reaches
the host's file system through `/proc/1/root`. If the host uses AppArmor, only its default
profile still protects processes without that profile.

## How to fix

Trace from the host. To inspect one other service, join only its processes:
`pid: service:app` with `SYS_PTRACE` reaches no other process.
"""

from tightship.rules import TAKEOVER, AddedCapability, Bad, Finding, Findings, Good, Related, Severity, Verified, by_default, rule  # fmt: skip


@rule(
    on=AddedCapability,
    severity="error",
    severity_note="warning if the user is surely not root",
    fix="tightens",
    cwe=(250,),
    references=(
        "Linux, ptrace(2) and pid_namespaces(7)",
        "moby 26.1.5, profiles/apparmor/template.go",
    ),
    absorbs=("host-pid-namespace",),
    absorbs_here=("dangerous-capability",),
    checked=Verified("""
      - $ docker run --rm --pid host --cap-add SYS_PTRACE busybox sh -c 'ls /proc/1/root >/dev/null && echo reached'
      - reached
      + $ docker run --rm --pid host busybox sh -c 'ls /proc/1/root >/dev/null && echo reached'
      + ls: /proc/1/root: Permission denied
    """),
    examples=(
        Bad("""
            services:
              profiler:
                image: profiler
                pid: host
          -     cap_add: [«SYS_PTRACE»]
        """),
        Bad("""
            services:
              profiler:
                image: profiler
                user: "1000"
                pid: host
          -     cap_add: [«SYS_PTRACE»]
        """).at(
            "warning", "Only root has it, or a program with the setuid bit or file capabilities."
        ),
        Good("""
            services:
              app:
                image: app:1.4
              profiler:
                image: profiler
                pid: service:app
                cap_add: [SYS_PTRACE]
              monitor:
                image: monitor
                pid: host
        """),
    ),
)
def host_process_control(grant: AddedCapability) -> Findings:
    """Point at `SYS_PTRACE`, unless another capability takes over the host anyway."""
    container = grant.container
    namespace = container.namespace("pid")
    if not namespace.is_host or "SYS_PTRACE" not in grant.powers:
        return
    if grant.powers & TAKEOVER or container.privileged.is_surely(True):
        return
    # In no process, it adds nothing to the namespace.
    if container.capability_hold == "unobtainable":
        return
    yield Finding(
        grant.span,
        f"{container.title} can read and change every process of the host{grant.if_root}, by"
        f" `{grant.name}` in the host's PID namespace{by_default(grant.setting.provenance)}"
        + grant.limit,
        severity=grant.severity(Severity.ERROR),
        fix=grant.without(may_break=f"{container.title}, if it traces other processes"),
        because=(Related(namespace.span, "these are the host's processes"),),
    )
