"""Docker rejects an entry of `device_cgroup_rules`.

Compose passes on any text, but the Docker Engine starts the container only if the text has
the form `TYPE MAJOR:MINOR ACCESS` (moby 26.1.5, oci/oci.go). `TYPE` is `b`
for block devices, `c` for character devices or `a` for both, a number may be `*`, and
`ACCESS` is one to three letters of `rwm`: read, write, make a node.

People then often use `privileged: true` instead, which opens every device of the host.

## How to fix

Use this form, with one space between the parts: `c 189:* rmw`. `ls -l` prints the
numbers of a device in place of its size.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Verified, by_default, is_rejected_rule, rule  # fmt: skip


@rule(
    on=Container,
    keys=("device_cgroup_rules",),
    severity="error",
    references=("Compose Specification, services, device_cgroup_rules", "moby 26.1.5, oci/oci.go"),
    checked=Verified("""
        $ docker compose --progress quiet up -d && echo started
      - Error response from daemon: invalid device cgroup rule format: 'c 189 rwm'
      + started
        ==> compose.yaml <==
        services:
          app:
            image: busybox
      -     device_cgroup_rules: ["c 189 rwm"]
      +     device_cgroup_rules: ["c 189:* rwm"]
    """),
    examples=(
        Bad("""
            services:
              home:
                image: home:1
                device_cgroup_rules: [«"c 189 rwm"», «"c 188:*"», «"char 166:* rw"»]
        """),
        Good("""
            services:
              home:
                image: home:1
                device_cgroup_rules: ["c 189:* rmw", "b 8:16 r", "${RULE}"]
        """),
    ),
)
def invalid_device_rule(container: Container) -> Findings:
    """Point at each entry that the engine cannot read."""
    for field in container.texts("device_cgroup_rules").items:
        if field.value is not None and is_rejected_rule(field.value):
            yield Finding(
                field.span,
                f"{container.title} will not start: `{field.value}` is not a"
                " device rule; write its type, numbers and access, as in"
                f" `c 189:* rwm`{by_default(field.provenance)}",
            )
