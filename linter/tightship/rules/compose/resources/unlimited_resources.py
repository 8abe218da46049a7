"""The container can use up the host's memory or process ids.

A control group limits a container only if the file sets a limit: Docker's default is no
limit for memory and for the number of processes (moby 26.1.5, daemon/daemon_unix.go;
`0` and `-1` mean no limit, too). A memory leak, a fork bomb, or a request that makes
the service allocate memory without end stops every other container and the host.

Without a memory limit, the kernel chooses a process to kill when memory runs out, and it
may choose a neighbour. With a limit, the container that took too much is killed.

## How to fix

Set `mem_limit` and `pids_limit`, or `memory` and `pids` below
`deploy.resources.limits`, to somewhat more than the service needs at its busiest;
`docker stats` shows what it uses now. Use one of the two places: Compose rejects a
`mem_limit` that differs from the limit in `deploy.resources.limits`.

The fix gets its number from the image and its settings: several times the memory
with which a well-known image starts, and more than the heap that `-Xmx` and similar
options set. If neither is known, there is no fix, since a limit that is too low stops
the service.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Related, Severity, Verified, best_fix, by_default, memory_limit, process_limit, rule  # fmt: skip


@rule(
    on=Container,
    severity="warning",
    severity_note="info if the file sets no limit and no number is known",
    fix="tightens",
    cwe=(770,),
    references=(
        "Compose Specification, services, mem_limit and pids_limit",
        "Compose Deploy Specification, resources",
        "moby 26.1.5, daemon/daemon_unix.go",
    ),
    aliases=("CL-0026", "kics:bb9ac4f7", "kics:221e0658"),
    measure="limits",
    advice="set `mem_limit` and `pids_limit` above what `docker stats` shows when the service is busy",
    checked=Verified("""
      - $ docker run --rm busybox sh -c 'for i in $(seq 100); do sleep 1 & done; wait; echo all started'
      - all started
      + $ docker run --rm --pids-limit 50 busybox sh -c 'for i in $(seq 100); do sleep 1 & done; wait; echo all started'
      + sh: can't fork: Resource temporarily unavailable
    """),
    examples=(
        Bad("""
            services:
              «web»:
                image: nginx:1.29
          +     mem_limit: 256m
          +     pids_limit: 2048
        """),
        Bad("""
            services:
              «web»:
                image: nginx:1.29
                deploy:
                  resources:
                    limits:
                      memory: 256M
          +           pids: 2048
        """).because("The fix adds the missing limit next to the existing one."),
        Bad("""
            services:
              web:
                image: nginx:1.29
                mem_limit: 256m
          -     pids_limit: «-1»
          +     pids_limit: 2048
        """).because("`-1` is no limit, either; the rule points at the value."),
        Bad("""
            services:
          -   web: {image: nginx, pids_limit: 99, mem_limit: «"${MEM:-0}"»}
          +   web: {image: nginx, pids_limit: 99, mem_limit: "256m"}
        """),
        Bad("""
            services:
              «app»:
                image: example/app:1.2
        """).at("info", "The memory need of this image is unknown, so there is no fix."),
        Good("""
            services:
              web:
                image: nginx:1.29
                mem_limit: 256m
                pids_limit: 100
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                deploy:
                  resources:
                    limits: {memory: 256M, pids: 100}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                mem_limit: ${MEMORY}
                pids_limit: ${PIDS}
        """).because("The value is known only at run time, so the rule reports nothing."),
        Good("""
            services:
              web:
                image: mcr.microsoft.com/windows/nanoserver:ltsc2022
                mem_limit: 512m
        """).because("Windows has no limit on processes."),
    ),
)
def unlimited_resources(container: Container) -> Findings:
    """Name what has no limit, both in one, for one edit sets both."""
    limits = container.limits
    missing = [limit for limit in (limits.memory, limits.processes) if limit.setting.surely_absent]
    if missing and container.runs_windows:
        missing = [limit for limit in missing if limit.name == "memory"]
    if not missing:
        return
    written = [limit.setting for limit in missing if limit.setting.is_set]
    because = tuple(Related(setting.span, "this sets no limit") for setting in written)
    at = written[0] if len(written) == len(missing) else None
    names = [limit.name for limit in missing]
    fix, is_known = best_fix(container, lambda one: _fix(one, names), "limits")
    yield Finding(
        at.span if at else container.span,
        f"nothing limits the {' and '.join(names)} of {container.title}"
        + by_default(at.provenance if at else ()),
        severity=None if is_known or written else Severity.INFO,
        fix=fix,
        because=because[1:] if at else because,
    )


def _fix(container: Container, names: list[str]) -> Fix | None:
    limits = container.limits
    found: dict[str, str] = {}
    sharers = container.reached("mem_limit", "pids_limit", "deploy")
    if sharers is None:
        return None
    for name in names:
        known = memory_limit if name == "memory" else process_limit
        number = known(sharers)
        value = limits.at_least(name, number) if number is not None else None
        if value is None:
            return None
        found[name] = value
    what = " and ".join(f"{name} to {value}" for name, value in found.items())
    return Fix.tightens(
        f"Limit {what}",
        limits.put(found),
        may_break=f"{container.title}, if it needs more under load",
    )
