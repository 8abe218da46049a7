"""A time zone or certificate of the host is mounted writable.

Services get `/etc/localtime`, `/etc/timezone` and `/etc/ssl/certs` to read them.
Without `:ro`, root in the container can change them for the host as well: the time in the
host's logs, the time of its jobs, and the authorities that it trusts.

## How to fix

Mount them read-only. If only the time zone is needed, `TZ` in the environment often
replaces the mount.
"""

from tightship.rules import Bad, Finding, Findings, Fix, Good, HostPath, Mount, by_default, rule


@rule(
    on=Mount,
    severity="info",
    fix="keeps-behaviour",
    references=("Compose Specification, services, volumes",),
    aliases=("CL-0013",),
    examples=(
        Bad("""
            services:
              home:
                image: home
                volumes:
          -       - «/etc/localtime:/etc/localtime»
          -       - «'/etc/ssl/certs:/etc/ssl/certs:rw'»
          +       - /etc/localtime:/etc/localtime:ro
          +       - '/etc/ssl/certs:/etc/ssl/certs:ro'
                  - type: bind
                    source: «/etc/timezone»
                    target: /etc/timezone
          +         read_only: true
        """),
        Good("""
            services:
              home:
                image: home
                volumes:
                  - /etc/localtime:/etc/localtime:ro
                  - /usr/share/zoneinfo:/zones:${MODE}
                  - {type: bind, source: /etc/timezone, target: /tz, read_only: true}
        """),
    ),
)
def timezone_mount_writable(mount: Mount) -> Findings:
    """Point at the mount that lacks `ro`."""
    if mount.host is not HostPath.TIME_AND_CERTIFICATES or not mount.writable:
        return
    yield Finding(
        mount.span,
        f"{mount.container.title} can write to `{mount.source}` of the host,"
        f" but only needs to read it{by_default(mount.provenance)}",
        fix=Fix.keeps(
            "Mount it read-only",
            mount.container.editor.make_read_only(mount.volume) if mount.volume else (),
        ),
        because=mount.because,
    )
