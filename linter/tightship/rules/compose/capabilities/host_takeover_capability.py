"""The service adds a capability that gives control of the host.

Four capabilities are equivalent to root on the host. With `SYS_ADMIN` a process mounts
file systems, including the host's, and administers nearly everything else; if AppArmor is
active, it denies the mounts, but much of the rest remains. With `SYS_MODULE` it loads its
own code into the kernel that all containers share. With `SYS_RAWIO` it accesses the
hardware directly, without the kernel. With `DAC_READ_SEARCH` it opens files by handle:
any file on a file system of the host from which it has a mount, even outside of the
mounted path. Docker's seccomp profile allows the matching system calls for each of them
(moby 26.1.5, profiles/seccomp/default.json).

A process has them only as root. If `user`, or the USER of the image, is surely another
user, the kernel takes them away as its program starts, and they take effect only in a
program with the setuid bit or with file capabilities: a warning. With
`no-new-privileges` such a program gains nothing either, and the finding is an info:
what remains is that the seccomp filter allows more system calls, such as `mount` and
`unshare` with `SYS_ADMIN`, and that `docker exec -u root` has the capability. A service
that starts as root and then switches to another user counts as root.

`ALL` means these and all others. Dropping `ALL` as well does not help, because
`cap_add` wins; only capabilities that `cap_drop` names one by one are taken back
(moby 26.1.5, oci/caps/utils.go).

## How to fix

Remove the capability. If the service fails without it, grant the access that it really
needs: mount the FUSE file system on the host and pass it in, load the kernel module on
the host, or mount only the directories that a backup saves.
"""

from tightship.rules import CAPABILITY_MEANING, TAKEOVER, AddedCapability, Bad, Finding, Findings, Good, Related, Severity, Verified, asked_for, by_default, documented_grant, rule  # fmt: skip

_KICS = "kics:ce76b7d0"


@rule(
    on=AddedCapability,
    severity="error",
    severity_note="warning if the user is surely not root, and info if"
    " `no-new-privileges` is set as well",
    fix="tightens",
    cwe=(250,),
    references=(
        "Compose Specification, services, cap_add",
        "Linux, capabilities(7)",
        "moby 26.1.5, oci/caps/utils.go, profiles/seccomp/default.json",
    ),
    aliases=("CL-0024", "CL-0027", _KICS),
    advice="remove the capability, or pass only the file, device or mount that the service needs",
    absorbs_here=("kernel-modules-exposed",),
    checked=Verified(
        """
      - $ docker run --rm --cap-add SYS_ADMIN busybox sh -c 'mount -t tmpfs x /tmp && echo mounted'
      - mounted
      + $ docker run --rm busybox sh -c 'mount -t tmpfs x /tmp && echo mounted'
      + mount: permission denied (are you root?)
        """,
        note="On a host with AppArmor, add `--security-opt apparmor=unconfined` to both.",
    ),
    examples=(
        Bad("""
            services:
              backup:
                image: restic
                cap_drop: [ALL]
                cap_add:
                  - CHOWN
          -       - «cap_dac_read_search»  # to read every file
        """).because("Docker accepts names in any case, with or without `CAP_`."),
        Bad("""
            services:
              web:
                image: nginx
          -     cap_add: [«ALL»]
                cap_drop: [ALL]
        """).because("The addition wins: this container has every capability."),
        Bad("""
            x-storage: &storage
              cap_add: [«SYS_ADMIN»]
            services:
              files:
                <<: *storage
                image: rclone
        """).because("There is no fix for a value from an anchor: other services may use it."),
        Bad("""
            services:
              files:
                image: rclone
                user: "1000:1000"
          -     cap_add: [«SYS_ADMIN»]
        """).at("warning", "Only setuid programs, and those with file capabilities, have it."),
        Bad("""
            services:
              files:
                image: rclone
                user: "1000:1000"
          -     cap_add: [«SYS_ADMIN»]
                security_opt: ["no-new-privileges:true"]
        """).at("info", "No process has it."),
        Good("""
            services:
              web:
                image: nginx
                cap_drop: [ALL]
                cap_add: [NET_BIND_SERVICE]
        """),
        Good("""
            services:
              web:
                image: nginx
                cap_add: ["${EXTRA_CAPABILITY}"]
        """).because("The value is known only at run time, so the rule reports nothing."),
    ),
)
def host_takeover_capability(grant: AddedCapability) -> Findings:
    """Point at the item of `cap_add`."""
    if not grant.powers & TAKEOVER:
        return
    container, item = grant.container, grant.setting
    meaning = CAPABILITY_MEANING.get(grant.name)
    if meaning is None:
        what, host, can = "every capability", "and with them the host", ""
        needs = "one: grant only that one"
    else:
        what, host = f"`{grant.name}`", "and with it the host"
        can, needs = f": it can {meaning}", f"to {meaning}"
    effect = f"gets {what}, {host}{grant.if_root}{can}" if grant.is_held else f"adds {what}"
    defeated = () if meaning else container.capabilities.drops("ALL")
    asked = documented_grant(container, "cap_add", grant.name)
    yield Finding(
        grant.span,
        f"{container.title} {effect}{by_default(item.provenance)}"
        + grant.limit
        + asked_for(asked, container),
        severity=grant.severity(Severity.ERROR),
        fix=None if asked else grant.without(may_break=f"{container.title}, if it needs {needs}"),
        because=tuple(Related(drop.span, "this removes none of them") for drop in defeated),
        known_as=(_KICS, "CL-0027" if grant.name == "DAC_READ_SEARCH" else "CL-0024"),
    )
