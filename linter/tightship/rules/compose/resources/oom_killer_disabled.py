"""The kernel never kills the container's processes when memory runs out.

With `oom_kill_disable: true` a container that reaches its memory limit is not killed:
its processes hang until there is memory again, which may be never. Without a memory
limit it is worse: the host itself runs out of memory, and the kernel has to kill the
processes of others instead.

The setting exists for control groups of version 1. Under version 2 the daemon
discards it with a warning (moby 26.1.5, daemon/daemon_unix.go), so the effect depends
on the host.

## How to fix

Remove `oom_kill_disable`, give the service a `mem_limit` that fits it, and let
`restart: unless-stopped` start it again if it is killed.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, by_default, rule


@rule(
    on=Container,
    keys=("oom_kill_disable",),
    severity="warning",
    fix="tightens",
    cwe=(400,),
    references=(
        "Compose Specification, services, oom_kill_disable",
        "moby 26.1.5, daemon/daemon_unix.go",
    ),
    checked=Verified(
        """
      - $ docker run --rm --memory 64m --oom-kill-disable busybox head -n 1 /sys/fs/cgroup/memory/memory.oom_control
      - oom_kill_disable 1
      + $ docker run --rm --memory 64m busybox head -n 1 /sys/fs/cgroup/memory/memory.oom_control
      + oom_kill_disable 0
        """,
        note="This needs control groups of version 1: with version 2 the engine ignores the option.",
    ),
    examples=(
        Bad("""
            services:
              db:
                image: postgres:17
                mem_limit: 1g
          -     oom_kill_disable: «true»
        """),
        Bad("""
            x-limits: &limits
              mem_limit: 1g
              oom_kill_disable: «"yes"»
            services:
              db:
                <<: *limits
                image: postgres:17
          +     oom_kill_disable: false
        """).because("A service can override a value from an anchor."),
        Good("""
            services:
              db:
                image: postgres:17
                mem_limit: 1g
                oom_kill_disable: false
        """),
        Good("""
            services:
              db:
                image: postgres:17
                oom_kill_disable: ${KEEP_ALIVE}
        """),
    ),
)
def oom_killer_disabled(container: Container) -> Findings:
    """Point at `oom_kill_disable: true`."""
    disabled = container.flag("oom_kill_disable")
    if not disabled.is_surely(True):
        return
    yield Finding(
        disabled.span,
        f"{container.title} is never killed when memory runs out: the"
        " kernel kills others instead" + by_default(disabled.provenance),
        fix=Fix.tightens(
            "Let the kernel kill it",
            container.editor.remove("oom_kill_disable")
            or container.editor.put("oom_kill_disable", "false"),
            may_break=f"{container.title}, if it must not be stopped when memory runs out",
        ),
    )
