"""A key next to `<<` replaces hardening from the anchor.

`<<: *hardened` brings whole keys, and a key in the service itself replaces the
anchor's key. YAML merges nothing below the first level (YAML, merge keys; verified
with docker-compose 2.26.1): if the service has its own `security_opt` with one
option, it has only this option, and a `deploy` that sets a memory limit loses the
anchor's process limit.

The anchor still looks as if it applied to every service that names it, and a reviewer
easily misses the gap. Protection such as `no-new-privileges`, a seccomp
profile or a limit is simply missing.

## How to fix

Repeat the lost setting next to the settings of the service. For mappings such as
`deploy`, give the inner mapping its own anchor, and merge it on the same level:
`limits: {<<: *limits, cpus: "2"}`.
"""

from tightship.rules import Bad, Container, Edit, Finding, Findings, Fix, Good, LostHardening, ScalarValue, SequenceValue, Verified, regex, rule, yaml_edit  # fmt: skip

_LIMITS = ("deploy", "resources", "limits")
# The keys of hardening that is lost together with its mapping.
_PATHS: dict[str, tuple[str, ...]] = {
    "memory limit": (*_LIMITS, "memory"),
    "CPU limit": (*_LIMITS, "cpus"),
    "process limit": (*_LIMITS, "pids"),
    "max-size": ("logging", "options", "max-size"),
}
_SIMPLE = regex(r"[0-9.]+[a-zA-Z]*")


@rule(
    on=LostHardening,
    severity="warning",
    fix="tightens",
    cwe=(693,),
    references=("YAML, merge key language-independent type", "Compose Specification, fragments"),
    absorbs_here=(
        "writable-root-filesystem",
        "root-user",
        "host-pid-namespace",
        "host-network-namespace",
        "host-ipc-namespace",
        "host-uts-namespace",
        "host-user-namespace",
        "host-cgroup-namespace",
        "oom-killer-disabled",
        "unlimited-resources",
    ),
    checked=Verified("""
        $ docker compose --progress quiet run --rm app grep NoNewPrivs /proc/self/status
      - NoNewPrivs: 0
      + NoNewPrivs: 1
        ==> compose.yaml <==
        x-hard: &hard
          security_opt: [no-new-privileges]
        services:
          app:
            <<: *hard
            image: busybox
      -     security_opt: [apparmor=unconfined]
      +     security_opt: [no-new-privileges, apparmor=unconfined]
    """),
    examples=(
        Bad("""
            x-hardened: &hardened
              cap_drop: [ALL]
              security_opt: ["no-new-privileges:true"]
            services:
              web:
                <<: *hardened
                image: nginx:1.29
          -     «security_opt»: ["seccomp=web.json"]
          +     security_opt: ["seccomp=web.json", "no-new-privileges:true"]
        """).because("The service has only the seccomp profile."),
        Bad("""
            x-limits: &limits
              deploy:
                resources:
                  limits: {memory: 512m, pids: 100}
            services:
              web:
                <<: *limits
                image: nginx:1.29
                «deploy»:
                  resources:
          -         limits: {memory: 1g}
          +         limits: {memory: 1g, pids: 100}
        """).because("The limit of processes is lost. The memory limit only has another value."),
        Bad("""
            x-hardened: &hardened {read_only: true, user: "1000"}
            services:
              web: {<<: *hardened, image: nginx, read_only: «false»}
        """),
        Good("""
            x-hardened: &hardened
              cap_drop: [ALL]
              security_opt: ["no-new-privileges:true"]
            services:
              web:
                <<: *hardened
                image: nginx:1.29
                security_opt: ["no-new-privileges:true", "seccomp=web.json"]
                cap_drop: [ALL, NET_RAW]
        """),
        Good("""
            x-hardened: &hardened {read_only: true}
            services:
              web: {<<: *hardened, image: nginx, read_only: "${READ_ONLY}"}
        """).because("The value is known only at run time, so the rule reports nothing."),
    ),
)
def hardening_lost_in_merge(loss: LostHardening) -> Findings:
    """Point at the key that takes the place of the anchor's."""
    if loss.how != "merge":
        return
    container = loss.container
    yield Finding(
        loss.span,
        f"{container.title} loses {loss.names} from {loss.origin}: {_now(loss)}",
        fix=Fix.tightens(
            "Repeat it here",
            tuple(_again(container, loss)) or _below(container, loss),
            may_break=f"{container.title}, if it now needs an action that the anchor forbids",
        ),
        because=loss.related,
    )


def _now(loss: LostHardening) -> str:
    if isinstance(loss.now, ScalarValue) and not loss.now.is_null:
        return f"it is `{loss.now.text}` here"
    return f"`{loss.path[-1]}` here replaces the whole value"


def _again(container: Container, loss: LostHardening) -> list[Edit]:
    """Return the edits that add the lost items to the service's own list."""
    now = loss.now
    if not isinstance(now, SequenceValue) or not now.is_own or _is_extended(container):
        return []
    texts = [one.item for one in loss.lost]
    written = {item.text for item in now.items if isinstance(item, ScalarValue)}
    if not all(texts) or written & set(texts):
        return []  # Compose rejects the same item twice
    edits = [yaml_edit.append(now.node, text) for text in texts]
    found = [edit for edit in edits if edit is not None]
    return found if len(found) == len(edits) else []


def _below(container: Container, loss: LostHardening) -> tuple[Edit, ...]:
    """Return the edits that add the lost keys to the service's own mapping."""
    service, depth = container.settings, len(loss.path)
    new: dict[tuple[str, ...], dict[str, yaml_edit.Plain]] = {}
    for one in loss.lost:
        path, written = _PATHS.get(one.name), one.span.text
        if path is None or path[:depth] != loss.path:
            return ()
        if service.value(*path) is not None:
            return ()
        if written[:1] in ("'", '"'):
            written = yaml_edit.Text(written[1:-1])
        if not _SIMPLE.fullmatch(written):
            return ()
        new.setdefault(path[:-1], {})[path[-1]] = written
    edits = [service.editor.set_nested(above, entries) for above, entries in new.items()]
    return tuple(edit for made in edits for edit in made) if all(edits) else ()


def _is_extended(container: Container) -> bool:
    """Return whether another service extends this one: it may have the item too."""
    return any(
        step.kind == "extends" and step.name == container.name
        for service in container.project.services.values()
        for entry in service.table.entries.values()
        for step in entry.value.provenance
    )
