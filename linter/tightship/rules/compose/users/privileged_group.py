"""The service joins a group that has power on the host.

Group ids are numbers, the same in the container and on the host. Members of a group get
its rights on everything that is mounted into the container: `disk` reads and writes the
raw disks, `docker` commands the daemon through its socket, `shadow` reads the password
hashes, `kvm` uses the virtual machines' device, `adm` and `systemd-journal` read the
logs, and group 0 has whatever root's group has. So `group_add` gives these rights back
to a service that runs as an unprivileged user, and so does the group of `user:
"1000:GROUP"`.

Docker looks up the name of a group in the image, and uses the number there.

## How to fix

Remove the group. If the service must read one file, give the file its own group and
add the number of that group. For the Docker socket, put a filtering proxy in between:
anyone who can talk to the daemon is root on the host, whatever the name of the group.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, by_default, powerful_groups, rule  # fmt: skip


@rule(
    on=Container,
    keys=("group_add", "user"),
    severity="warning",
    fix="tightens",
    cwe=(250,),
    advice="name another group: give the needed files their own, and use its number",
    references=(
        "Compose Specification, services, group_add",
        "Debian, base-passwd, users-and-groups",
        "moby 26.1.5, daemon/oci_linux.go (getUser)",
    ),
    checked=Verified(
        """
      - $ docker run --rm --user 1000 --group-add 42 -v /etc/shadow:/x:ro busybox head -c 5 /x
      - root:
      + $ docker run --rm --user 1000 -v /etc/shadow:/x:ro busybox head -c 5 /x
      + head: /x: Permission denied
        """,
        note="42 is `shadow` on Debian and Ubuntu.",
    ),
    examples=(
        Bad("""
            services:
              agent:
                image: agent:7
                user: "1000"
                group_add:
                  - audio
          -       - «docker»
        """),
        Bad("""
            services:
              agent:
                image: agent:7
          -     group_add: [«6», "2000"]
          +     group_add: ["2000"]
        """).because("Group 6 is `disk` on Debian, Fedora and Alpine."),
        Bad("""
            services:
              agent:
                image: agent:7
                user: «"1000:6"»
        """).because("The group in `user` is the first group of the service's processes."),
        Good("""
            services:
              agent:
                image: agent:7
                group_add: [audio, "${RENDER_GROUP}"]
        """),
    ),
)
def privileged_group(container: Container) -> Findings:
    """Point at each group that has power."""
    for group in powerful_groups(container):
        item, written = group.setting, group.written
        alias = f", which is `{group.name}`," if group.name != written else ""
        yield Finding(
            item.span,
            f"{container.title} joins group `{written}`{alias} and so can"
            f" {group.power}{by_default(item.provenance)}",
            fix=Fix.tightens(
                f"Do not join group `{written}`",
                container.editor.remove_item("group_add", item.source),
                may_break=f"{container.title}, if it has to {group.power}",
            ),
        )
