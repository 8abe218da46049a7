"""Hardening in an override file does not reach services that extend the hardened one.

Compose resolves `extends` while it reads a file, against the services of that file
only. Values from another file are merged onto the extended service later, and do not
reach the services that extend it (verified with docker-compose 2.26.1).

So a production file with `privileged: false` for `base` changes only `base`, which
often does not run at all: every service that extends it stays privileged. The file
looks as if it solved the problem.

## How to fix

Set it in the file that the services extend, or in each extending service. For a value that depends on the environment, use a variable with a
safe default in the extended file.
"""

from tightship.rules import Bad, ComposeProject, Container, Finding, Findings, Good, Iterator, ProvenanceStep, Related, ScalarValue, Span, Verified, rule  # fmt: skip

# The keys that weaken the isolation of a service.
_GRANTS = frozenset(
    (
        *("privileged", "cap_add", "devices", "device_cgroup_rules", "group_add"),
        *("volumes", "volumes_from", "ports", "use_api_socket", "security_opt"),
        *("pid", "ipc", "uts", "network_mode", "userns_mode", "cgroup"),
    )
)


@rule(
    on=ComposeProject,
    when=("is_layered",),
    severity="warning",
    cwe=(693,),
    references=("Compose Specification, services, extends", "compose-go, loader/loader.go"),
    checked=Verified("""
        $ docker compose --progress quiet run --rm app sh -c 'mount -t tmpfs x /tmp && echo mounted'
      - mounted
      + mount: permission denied (are you root?)
        ==> compose.yaml <==
        services:
          base:
            image: busybox
            privileged: true
          app:
            extends: base
        ==> compose.override.yaml <==
        services:
          base:
            privileged: false
      +   app:
      +     privileged: false
    """),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              base: {image: "app:1.4", privileged: true}
              worker: {extends: base}
            ==> compose.override.yaml <==
            services:
              base: {privileged: «false»}
        """).because("`worker` stays privileged."),
        Bad("""
            ==> compose.yaml <==
            services:
              base:
                image: app:1.4
                cap_add: [SYS_ADMIN]
              web: {extends: {service: base}}
              worker: {extends: {service: base}}
            ==> compose.override.yaml <==
            services:
              base:
                «cap_add»: !reset []
                security_opt: [«"no-new-privileges:true"»]
        """),
        Good("""
            ==> compose.yaml <==
            services:
              base: {image: "app:1.4", read_only: true}
              worker: {extends: base}
            ==> compose.override.yaml <==
            services:
              base: {read_only: false}
        """).because("Here the weaker value is the one without effect."),
        Good("""
            ==> compose.yaml <==
            services:
              base: {image: "app:1.4"}
              worker: {extends: base}
            ==> compose.override.yaml <==
            services:
              base: {read_only: true}
              worker: {read_only: true}
        """),
    ),
)
def override_misses_extending_service(project: ComposeProject) -> Findings:
    """Point at what does not arrive, once for all the services that miss it."""
    missed: dict[Span, _Missed] = {}
    for name in project.services:
        for base, step, file in _extended(project, name):
            for span, what in _not_arriving(project, name, base, file):
                one = missed.setdefault(span, _Missed(base, file, what))
                one.services.append((name, step))
    for span, one in missed.items():
        names = ", ".join(f"`{name}`" for name, _ in one.services)
        verb = "extends" if len(one.services) == 1 else "extend"
        yield Finding(
            span,
            f"{names} {verb} `{one.base}` as it is in `{one.file}`, so"
            f" {one.what} here does not reach {'it' if verb == 'extends' else 'them'}",
            because=tuple(
                Related(step.span, f"`{name}` extends `{one.base}` here")
                for name, step in one.services
            ),
        )


class _Missed:
    def __init__(self, base: str, file: str, what: str) -> None:
        self.base = base
        self.file = file
        self.what = what
        self.services: list[tuple[str, ProvenanceStep]] = []


def _extended(project: ComposeProject, name: str) -> Iterator[tuple[str, ProvenanceStep, str]]:
    """Yield the services that a service extends, directly or not, and their files."""
    if len(project.paths) < 2:
        return
    seen: set[tuple[str, str]] = set()
    for entry in project.services[name].table.entries.values():
        steps = [step for step in entry.value.provenance if step.kind == "extends"]
        file = entry.value.span.source.name
        if steps and file in project.paths:
            base = steps[-1].name
            if base in project.services and base != name and (base, file) not in seen:
                seen.add((base, file))
                yield base, steps[-1], file


def _not_arriving(
    project: ComposeProject, name: str, base: str, file: str
) -> Iterator[tuple[Span, str]]:
    from tightship.rules import hardenings  # few projects get here

    service, above = project.services[name], project.services[base]
    container = Container(service)
    for one in hardenings(Container(above)):
        there = one.span.source.name
        # Settings that the extended service itself extends from a file do arrive.
        if there == file or there not in project.paths:
            continue
        if not one.kept(container):
            own = [service.value(key) for key in one.keys or (one.name,)]
            if not any(
                isinstance(v, ScalarValue) and not _inherited(v.provenance, base) for v in own
            ):
                yield one.span, one.what
    for removal in project.removed_from(base):
        path = removal.path[2:]
        stays = service.value(*path) if path and path[0] in _GRANTS else None
        if stays is None or removal.span.source.name == file:
            continue
        if _inherited(stays.provenance, base):
            yield removal.key, f"the `!{removal.tag}` of `{path[-1]}`"


def _inherited(provenance: tuple[ProvenanceStep, ...], base: str) -> bool:
    return any(step.kind == "extends" and step.name == base for step in provenance)
