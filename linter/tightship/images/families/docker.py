"""Docker in a container.

The `dind` tags, and recent tags without a suffix, run a daemon. It needs `privileged`,
so it can do everything that root can do on the host. The `cli` tags only need a daemon
to talk to: if the socket of the host is mounted, any code in the container is root on
the host.
"""

from __future__ import annotations

from tightship.images.conditions import tags, variable
from tightship.images.facts import Grant, OpenPort, Port, User, Volume, derived, documented
from tightship.images.family import Family

_CLI = derived("docker-library/docker@3289af88086d, 29/cli/Dockerfile")
_DIND = derived("docker-library/docker@3289af88086d, 29/dind/Dockerfile")
_ROOTLESS = derived("docker-library/docker@3289af88086d, 29/dind-rootless/Dockerfile")
_ENTRYPOINT = derived("docker-library/docker@3289af88086d, 29/dind/dockerd-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, docker/content.md")
# Recent tags without a word are the image of the daemon, too.
_DAEMON = tags("!cli")

FAMILY = Family(
    names=("docker",),
    summary="Docker's daemon or its client",
    holds_for="18.09 and later",
    programs=("dockerd", "docker"),
    user=(User("rootless", _ROOTLESS, tags("rootless")), User("root", _CLI)),
    ports=(Port(2375, "Docker", _DIND, _DAEMON), Port(2376, "Docker over TLS", _DIND, _DAEMON)),
    volumes=(
        Volume("/home/rootless/.local/share/docker", _ROOTLESS, tags("rootless")),
        Volume("/var/lib/docker", _DIND, _DAEMON, tags("!rootless")),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            2375,
            "the Docker daemon, and with it everything that root may do",
            _ENTRYPOINT,
            tags("dind"),
            variable("DOCKER_TLS_CERTDIR", ""),
        ),
    ),
    grants=(
        Grant(
            "privileged",
            "true",
            "mounting file systems and making networks for its containers",
            _PAGE,
            _DAEMON,
            instead="a `dind-rootless` tag, or BuildKit without a daemon for builds",
        ),
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "commands to the machine's own daemon",
            _PAGE,
            tags("!dind"),
            instead="its own daemon, or a proxy that allows only the needed requests",
        ),
    ),
)
