"""A tmpfs allows programs, set-user-ID files or devices.

Docker mounts a `tmpfs` with `noexec`, `nosuid` and `nodev`, so files written there
can neither run as programs nor act as devices. The options `exec`, `suid` and `dev`
undo that. A scratch directory that allows `exec` is the first place for an attacker's
tools in a service whose root file system is read-only.

## How to fix

Remove the option. A few services run programs that they unpack into `/tmp`; for them,
keep `exec` on that one path.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, by_default, rule, tmpfs_mounts  # fmt: skip

_WEAK = ("exec", "suid", "dev")


@rule(
    on=Container,
    keys=("tmpfs",),
    severity="info",
    strict=True,
    fix="tightens",
    cwe=(732,),
    references=(
        "Compose Specification, services, tmpfs",
        "moby 26.1.5, daemon/oci_linux.go, withMounts",
    ),
    aliases=("CL-0022",),
    examples=(
        Bad("""
            services:
              web:
                image: web
                tmpfs:
                  - /run
          -       - «/tmp:size=64m,exec,suid»
          +       - /tmp:size=64m
        """),
        Bad("""
            services:
          -   web: {image: web, tmpfs: «"/tmp:exec"»}
          +   web: {image: web, tmpfs: "/tmp"}
        """),
        Good("""
            services:
              web:
                image: web
                tmpfs: ["/tmp:exec,noexec,size=64m", "/run:${OPTIONS}"]
        """).because("If both `exec` and `noexec` are set, the last one applies."),
    ),
)
def tmpfs_weakened(container: Container) -> Findings:
    """Point at each tmpfs with a weakening option that its image does not need."""
    needs = container.image_needs if container.value("tmpfs") else None
    needed = {
        (write.path, option)
        for write in (needs.writes or () if needs is not None else ())
        for option in write.options
    }
    for tmpfs in tmpfs_mounts(container):
        weak = [word for word in _WEAK if tmpfs.allows(word) and (tmpfs.path, word) not in needed]
        if not weak:
            continue
        words = " and ".join(f"`{word}`" for word in weak)
        kept = [option for option in tmpfs.options if option not in weak]
        yield Finding(
            tmpfs.span,
            f"tmpfs `{tmpfs.path}` of {container.title} allows"
            f" {words}{by_default(tmpfs.item.provenance)}",
            fix=Fix.tightens(
                f"Leave out {words}",
                tmpfs.with_options(kept),
                may_break=f"{container.title}, if it runs programs that it writes to `{tmpfs.path}`",
            ),
        )
