"""The container shares memory and message queues with the host.

With `ipc: host` the shared memory, semaphores and message queues of the host's
processes are the container's too. Databases, browsers and graphics servers keep their
data there; a process of the same user, or root, reads and changes it. On hosts with
SELinux, Docker then also switches off the container's own confinement, unless a `label`
option is given (moby 26.1.5, daemon/create.go).

A service with `ipc: service:NAME` gets what the other service has.

## How to fix

Remove `ipc`. A service that runs out of shared memory needs `shm_size`, not the
host's. Two services that exchange data in shared memory can do so among themselves:
`ipc: shareable` in one, `ipc: service:NAME` in the other.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, asked_for, by_default, documented_grant, rule  # fmt: skip


@rule(
    on=Container,
    keys=("ipc",),
    severity="warning",
    fix="tightens",
    cwe=(653,),
    references=(
        "Compose Specification, services, ipc",
        "Linux, ipc_namespaces(7)",
        "moby 26.1.5, daemon/create.go (generateSecurityOpt)",
    ),
    aliases=("CL-0010", "kics:baa3890f"),
    checked=Verified("""
      - $ docker run --rm --ipc host busybox sh -c 'echo secret >/dev/shm/seen'
      - $ docker run --rm --ipc host busybox sh -c 'cat /dev/shm/seen && rm /dev/shm/seen'
      - secret
      + $ docker run --rm busybox sh -c 'echo secret >/dev/shm/seen'
      + $ docker run --rm busybox sh -c 'cat /dev/shm/seen && rm /dev/shm/seen'
      + cat: can't open '/dev/shm/seen': No such file or directory
    """),
    examples=(
        Bad("""
            services:
              train:
                image: pytorch
          -     ipc: «host»
        """),
        Bad("""
            services:
              train:
                image: pytorch
          -     ipc: «${IPC:-host}»
        """).because("If the variable is not set, the default applies."),
        Good("""
            services:
              train:
                image: pytorch
                ipc: shareable
                shm_size: 8gb
              watch:
                image: dashboard
                ipc: service:train
        """),
    ),
)
def host_ipc_namespace(container: Container) -> Findings:
    """Point at the service's own `ipc`."""
    namespace = container.namespace("ipc")
    if not namespace.is_host:
        return
    asked = documented_grant(container, "ipc", "host")
    yield Finding(
        namespace.span,
        f"{container.title} shares memory and message queues with the"
        f" host{by_default(namespace.setting.provenance)}" + asked_for(asked, container),
        fix=None
        if asked
        else Fix.tightens(
            "Give the service its own shared memory",
            container.editor.remove("ipc") or container.editor.put("ipc", "private"),
            may_break=f"{container.title}, if it exchanges data with others in shared memory, or"
            " needs more of it than 64 MB: set `shm_size`",
        ),
        because=namespace.because,
    )
