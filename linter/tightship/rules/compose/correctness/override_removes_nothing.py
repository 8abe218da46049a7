"""An empty value removes nothing: Compose keeps the earlier value.

Compose merges an override onto the earlier files. `cap_add: []` adds nothing to the list
there, and removes nothing. `privileged:` without a value keeps the value there. Compose
reads `!reset` on an item of a list as if the item were not there (Compose Specification,
merge; verified with docker-compose 2.26.1).

The file looks as if the capability, the port or the mount were removed, but the container
still has it. The same is true for a service that extends another one.

## How to fix

Put the tag on the key: `cap_add: !reset []` or `privileged: !reset null`. To remove one
item of several, replace the list with `!override` and the items that should stay.
"""

from tightship.rules import Bad, ComposeProject, Edit, Fault, Finding, Findings, Fix, Good, MappingValue, Related, ScalarValue, SequenceValue, Span, Verified, rule  # fmt: skip

# A key without a value is often left over when its items are commented out. It counts as
# a removal if the value that stays affects isolation.
_TELLING = frozenset(
    (
        *("privileged", "cap_add", "cap_drop", "security_opt", "read_only", "user"),
        *("devices", "device_cgroup_rules", "group_add", "volumes", "volumes_from"),
        *("ports", "networks", "network_mode", "pid", "ipc", "uts", "userns_mode"),
        *("cgroup", "cgroup_parent", "sysctls", "mem_limit", "pids_limit", "cpus"),
        *("oom_kill_disable", "oom_score_adj", "deploy", "ulimits", "tmpfs"),
        *("use_api_socket", "post_start", "pre_stop", "secrets", "configs"),
    )
)

# To remove these weakens isolation, so there is no fix.
_HARDENING = frozenset(
    (
        *("cap_drop", "security_opt", "read_only", "user", "mem_limit", "pids_limit"),
        *("cpus", "cpu_quota", "cpuset", "ulimits", "deploy", "memory", "pids"),
        *("logging", "max-size"),
    )
)


@rule(
    on=ComposeProject,
    when=("faults",),
    severity="warning",
    fix="changes-behaviour",
    references=(
        "Compose Specification, merge and override",
        "compose-go, override/merge.go and loader/reset.go",
    ),
    tags=("unnecessary",),
    checked=Verified("""
        $ docker compose --progress quiet run --rm app sh -c 'chown 1 /tmp && echo changed'
      - changed
      + chown: /tmp: Operation not permitted
        ==> compose.yaml <==
        services:
          app:
            image: busybox
            cap_drop: [ALL]
            cap_add: [CHOWN]
        ==> compose.override.yaml <==
        services:
          app:
      -     cap_add: []
      +     cap_add: !reset []
    """),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                cap_add: [SYS_ADMIN]
                privileged: true
            ==> compose.override.yaml <==
            services:
              web:
          -     «cap_add»: []  # not needed here
          -     «privileged»:
          +     cap_add: !reset []  # not needed here
          +     privileged: !reset null
        """),
        Bad("""
            services:
              base: {image: "nginx:1.29", ports: ["80:80"]}
          -   web: {extends: base, «ports»: []}
          +   web: {extends: base, ports: !reset []}
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              web: {image: "nginx:1.29", cap_add: [SYS_ADMIN, NET_ADMIN]}
            ==> compose.override.yaml <==
            services:
              web: {cap_add: [!reset «SYS_ADMIN»]}
        """).because("Compose looks for the tag on keys, not on items."),
        Bad("""
            ==> compose.yaml <==
            services:
              web: {image: "nginx:1.29", read_only: true}
            ==> compose.override.yaml <==
            services:
              web: {«read_only»: }
        """).because("It does no harm, but it has no effect."),
        Good("""
            ==> compose.yaml <==
            services:
              web: {image: "nginx:1.29", command: [nginx], environment: {A: b}}
            ==> compose.override.yaml <==
            services:
              web:
                command:
                environment:
                  # A: c
        """).because("Commands do become empty, and the other keys have nothing to remove."),
        Good("""
            ==> compose.yaml <==
            services: {web: {image: nginx, cap_add: [BPF]}}
            ==> compose.override.yaml <==
            services: {web: {cap_add: !reset []}}
        """),
    ),
)
def override_removes_nothing(project: ComposeProject) -> Findings:
    """Point at the key with the empty value, or at the item with the tag."""
    for fault in project.faults:
        if fault.kind == "no-effect" and _is_meant(fault):
            stays = Related(fault.lost.span, "this stays") if fault.lost else None
            yield Finding(
                _place(project, fault),
                fault.message,
                fix=_fix(fault),
                because=(stays,) if stays else (),
            )


def _is_meant(fault: Fault) -> bool:
    if isinstance(fault.value, ScalarValue):
        return fault.path[:1] == ("services",) and fault.path[-1] in _TELLING
    return True


def _place(project: ComposeProject, fault: Fault) -> Span:
    above = project.root.get(*fault.path[:-1]) if project.root else None
    entry = above.entries.get(fault.path[-1]) if isinstance(above, MappingValue) else None
    if fault.value is None or entry is None:
        return fault.span
    keys = [
        key.span
        for key in (entry.key, *entry.earlier)
        if key.span.source is fault.span.source and key.span.start < fault.span.start
    ]
    return max(keys, key=lambda span: span.start, default=fault.span)


def _fix(fault: Fault) -> Fix | None:
    value = fault.value
    if value is None or not value.is_own or value.node.tag or value.node.anchor:
        return None
    if fault.path[-1] in _HARDENING:
        return None
    new = "!reset []" if isinstance(fault.lost, SequenceValue) else "!reset null"
    start = value.span
    space = " " if start.text == "" else ""
    return Fix.changes(
        f"Write `{new}` to remove it",
        (Edit(start, space + new),),
        may_break="the service, if it needs the removed setting",
    )
