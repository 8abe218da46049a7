"""A list has the same item in two files, and Compose rejects the project.

When Compose merges files, or a service onto the one that it extends, it appends
lists. Some of them must not contain the same item twice: `security_opt`, `group_add`,
`device_cgroup_rules`, `volumes_from`, `external_links` and a few more. Compose then
reports that the items must be unique, and starts nothing (verified with
docker-compose 2.26.1; the Compose Specification differs).

Most people see this error first with `no-new-privileges:true` in both a base and its
override.

## How to fix

Remove the item from the override, or from the service that extends the other one: it
inherits the item.
"""

from tightship.rules import Bad, ComposeProject, Edit, Fault, Finding, Findings, Fix, Good, MappingValue, Verified, YamlScalar, remove_entry, remove_item, rule  # fmt: skip

# Real lists are shorter; the time to remove items grows with the square of the length.
_LONGEST = 500


@rule(
    on=ComposeProject,
    when=("faults",),
    severity="error",
    fix="keeps-behaviour",
    references=(
        "Compose Specification, merge and override",
        "compose-go, schema/compose-spec.json (uniqueItems)",
    ),
    tags=("unnecessary",),
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - validating …/compose.override.yaml: services.web.security_opt array items[0,1] must be unique
      + accepted
    """),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                security_opt: ["no-new-privileges:true"]
            ==> compose.override.yaml <==
            services:
              web:
                security_opt:
          -       - «no-new-privileges:true»
                  - seccomp=web.json
        """),
        Bad("""
            services:
              base: {image: "nginx:1.29", group_add: ["1000"]}
              web:
                extends: base
          -     group_add: [«"1000"»]
        """).because("Compose merges an extended service in the same way."),
        Good("""
            ==> compose.yaml <==
            services: {web: {image: nginx, cap_drop: [ALL]}}
            ==> compose.override.yaml <==
            services: {web: {cap_drop: [ALL]}}
        """).because("Compose keeps one of equal capabilities, ports and volumes."),
    ),
)
def duplicate_item_across_files(project: ComposeProject) -> Findings:
    """Point at the later of the two."""
    for fault in project.faults:
        if fault.kind == "item-twice":
            yield Finding(
                fault.span,
                fault.message,
                fix=Fix.corrects("Remove it here", _edits(project, fault)),
                because=fault.because,
            )


def _edits(project: ComposeProject, fault: Fault) -> tuple[Edit, ...]:
    among, item = fault.among, fault.value
    if among is None or item is None or not among.is_own or not item.is_own:
        return ()
    if len(among.node.items) > _LONGEST:
        return ()
    if len(among.node.items) > 1:
        edit = remove_item(among.node, item.node)
        return (edit,) if edit else ()
    # An empty list would look like one that removes the items below it.
    above = project.root.get(*fault.path[:-1]) if project.root else None
    if not isinstance(above, MappingValue):
        return ()
    for key, value in above.node.entries:
        if value is among.node and isinstance(key, YamlScalar):
            edit = remove_entry(above.node, key)
            return (edit,) if edit else ()
    return ()
