"""The container can read secrets of the host.

`/etc/shadow` holds the hashes of the host's passwords; `~/.aws`, `~/.kube` and
`~/.docker` hold keys to clusters, clouds and registries; `/var/lib/docker` holds the
environment of every container. A read-only mount prevents changes, but an attacker who
runs code in the container can still read the files and send them away. The socket of an
SSH agent (`SSH_AUTH_SOCK`) does not reveal its keys, but signs with them for anyone who
connects. Neither does a read-only mount stop commands to the sockets below it, such as LXD's
below `/var`.

## How to fix

Mount only the file that the service needs, not its directory. Pass credentials as
`secrets` that were created for this service with only the rights it needs, so you can
revoke them without affecting a person's own.
"""

from tightship.rules import Bad, Finding, Findings, Good, HostPath, Mount, Severity, Verified, by_default, holds_secrets, mount_asked_for, rule, socket_below  # fmt: skip

_HOLDING = (HostPath.POWER, HostPath.TIME_AND_CERTIFICATES)


@rule(
    on=Mount,
    severity="error",
    severity_note="warning unless a socket that commands the host lies below it",
    cwe=(200,),
    references=("Compose Specification, secrets", "ssh-agent(1), SSH_AUTH_SOCK"),
    aliases=("CL-0013", "kics:1c1325ff"),
    checked=Verified("""
      - $ docker run --rm -v /etc/shadow:/x:ro busybox head -c 5 /x
      - root:
      + $ docker run --rm busybox head -c 5 /x
      + head: /x: No such file or directory
    """),
    examples=(
        Bad("""
            services:
              shipper:
                image: shipper
                volumes:
                  - «/var/lib/docker/containers:/containers:ro»
                  - type: bind
                    source: «/etc»
                    target: /host/etc
                    read_only: true
        """).at("warning"),
        Bad("""
            services:
              backup:
                image: restic/restic:0.18.1
                volumes: [«"/var:/var:ro"»]
        """),
        Bad("""
            services:
              deploy:
                image: deploy
                volumes:
                  - «${HOME}/.aws:/root/.aws»
                  - «${SSH_AUTH_SOCK}:/agent»
        """).at("warning", "For credentials, a read-only mount makes no difference."),
        Bad("""
            services:
              deploy:
                image: deploy
                configs: [hashes]
                secrets: [engine]
            configs:
              hashes: {file: «/etc/shadow»}
            secrets:
              engine: {file: «/var/lib/docker»}
        """).at("warning", "Compose mounts the file of a config or a secret."),
        Good("""
            services:
              web:
                image: nginx
                volumes:
                  - /etc/passwd:/etc/passwd:ro
                  - ~/.ssh/id_ed25519.pub:/keys/me.pub:ro
                  - ./secrets:/secrets:ro
        """).because("None of these is a secret of the host."),
        Good("""
            services:
              deploy:
                image: deploy
                secrets: [aws]
            secrets:
              aws: {file: ~/.aws/deploy-only}
        """),
    ),
)
def sensitive_host_path_readable(mount: Mount) -> Findings:
    """Point at a mount that holds secrets; a writable one has its own rule."""
    is_held = mount.host is HostPath.POWER and not mount.writable
    socket = socket_below(mount.path) if is_held else None
    if mount.host is HostPath.CREDENTIALS:
        what = f"gets the credentials in `{mount.source}`"
    elif socket is not None:
        what = f"can command {socket} by a socket below `{mount.source}`"
    elif mount.host in _HOLDING and not mount.writable and holds_secrets(mount.source):
        what = f"can read `{mount.source}` of the host, which holds secrets"
    else:
        return
    yield Finding(
        mount.span,
        f"{mount.container.title} {what}{by_default(mount.provenance)}" + mount_asked_for(mount),
        severity=Severity.WARNING if socket is None else None,
        because=mount.because,
    )
