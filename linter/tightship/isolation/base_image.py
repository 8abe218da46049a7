"""Facts about the USER of official images of Docker Hub, with sources.

They hold for all tags of the image of that name (``python``,
``docker.io/library/python``), and for no image of another publisher.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.values.image import Image

_ROOT = {
    # Root file systems: FROM scratch, ADD, CMD, and no USER.
    "almalinux": "AlmaLinux/container-images: no USER",
    "alpine": "alpinelinux/docker-alpine, Dockerfile: no USER",
    "amazonlinux": "amazonlinux/container-images, Dockerfile: no USER",
    "archlinux": "archlinux/archlinux-docker, Dockerfile.template: no USER",
    "busybox": "docker-library/busybox, Dockerfile-builder.template: no USER",
    "centos": "CentOS/sig-cloud-instance-images, Dockerfile: no USER",
    "debian": "debuerreotype/docker-debian-artifacts, Dockerfile: no USER",
    "fedora": "fedora-cloud/docker-brew-fedora, Dockerfile: no USER",
    "oraclelinux": "oracle/container-images, Dockerfile: no USER",
    "rockylinux": "rocky-linux/sig-cloud-instance-images, Dockerfile: no USER",
    "ubuntu": "cloud-images/+oci/ubuntu-base, Dockerfile: no USER",
    # Languages and what builds them.
    "amazoncorretto": "corretto/corretto-docker: no USER",
    "bash": "tianon/docker-bash, Dockerfile.template: no USER",
    "buildpack-deps": "docker-library/buildpack-deps: no USER",
    "composer": "composer/docker, Dockerfile: no USER",
    "eclipse-temurin": "adoptium/containers, docker_templates: no USER",
    "elixir": "erlef/docker-elixir, Dockerfile: no USER",
    "erlang": "erlang/docker-erlang-otp, Dockerfile: no USER",
    "gcc": "docker-library/gcc, Dockerfile.template: no USER",
    "golang": "docker-library/golang, Dockerfile-linux.template: no USER",
    "haskell": "haskell/docker-haskell, Dockerfile: no USER",
    "julia": "docker-library/julia, Dockerfile-linux.template: no USER",
    "maven": "carlossg/docker-maven, Dockerfile: no USER",
    "node": "nodejs/docker-node, Dockerfile templates: a user `node`, but no USER",
    "openjdk": "docker-library/openjdk, Dockerfile-linux.template: no USER",
    "perl": "Perl/docker-perl, Dockerfile: no USER",
    "php": "docker-library/php, Dockerfile-linux.template: no USER",
    "pypy": "docker-library/pypy, Dockerfile-linux.template: no USER",
    "python": "docker-library/python, Dockerfile-linux.template: no USER",
    "ruby": "docker-library/ruby, Dockerfile.template: no USER",
    "rust": "rust-lang/docker-rust, Dockerfile templates: no USER",
    "swift": "swiftlang/swift-docker, Dockerfile: no USER",
    # Servers: their first process is root, whatever their workers are.
    "caddy": "caddyserver/caddy-docker, Dockerfile.tmpl: no USER",
    "drupal": "docker-library/drupal, Dockerfile.template: no USER",
    "httpd": "docker-library/httpd, Dockerfile.template: no USER",
    "nginx": "nginxinc/docker-nginx, Dockerfile templates: no USER",
    "tomcat": "docker-library/tomcat, Dockerfile.template: no USER",
    "traefik": "traefik/traefik-library-image, Dockerfile templates: no USER",
}

# Their entrypoint, begun as root, goes on as another user: by gosu, su-exec, setpriv,
# or as the server itself does (docker-entrypoint.sh of each image).
_STEPS_DOWN = frozenset((
    "cassandra", "couchbase", "couchdb", "eclipse-mosquitto", "elasticsearch",
    "flink", "ghost", "influxdb", "mariadb", "mongo", "mysql", "neo4j", "postgres",
    "rabbitmq", "redis", "redmine", "storm", "telegraf", "valkey", "vault",
    "zookeeper",
))  # fmt: skip
# They set a USER, in some tags at least (the Dockerfile of each image).
_SETS_USER = frozenset((
    "gradle", "groovy", "haproxy", "jenkins", "jetty", "kibana", "kong", "logstash",
    "memcached", "mongo-express", "odoo", "percona", "solr", "sonarqube", "varnish",
))  # fmt: skip
_ROOTLESS_WORDS = ("nonroot", "non-root", "rootless", "unprivileged", "nanoserver")

_USERS = frozenset((
    # Debian, base-passwd and what its images add; Ubuntu has `ubuntu` since 23.04.
    "root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news",
    "uucp", "proxy", "www-data", "backup", "list", "irc", "gnats", "nobody",
    "messagebus", "sshd", "uuidd", "ubuntu",
    # Alpine, alpine-baselayout.
    "adm", "shutdown", "halt", "operator", "postmaster", "cron", "ftp", "at", "squid",
    "xfs", "cyrus", "vpopmail", "ntp", "smmsp", "guest", "svn", "utmp", "locate",
    # Fedora and its kin, setup and systemd; Arch, filesystem.
    "dbus", "tss", "polkitd", "unbound", "http", "git", "alpm", "avahi",
))  # fmt: skip


def runs_as_root(image: Image) -> str:
    """Return the source for an image's USER being root, or nothing.

    The tag need not be decided, for all of them are alike in this.
    """
    return "" if _promises_no_root(image) else _ROOT.get(_official_name(image), "")


def steps_down(image: Image) -> bool:
    """Return whether the image's entrypoint switches to another user than root."""
    return _official_name(image) in _STEPS_DOWN


def likely_sets_user(image: Image) -> bool:
    """Return whether an image is likely to set a USER of its own, which is not root."""
    return _official_name(image) in _SETS_USER or _promises_no_root(image)


def _promises_no_root(image: Image) -> bool:
    """Return whether name or tag promise an image without root.

    Windows' nanoserver runs as ContainerUser (Microsoft, Secure Windows containers).
    """
    text = f"{image.repository}:{image.tag or ''}".lower()
    return any(word in text for word in _ROOTLESS_WORDS)


def could_have_user(image: Image, name: str) -> bool:
    """Return whether an image may have a user of some name.

    An image that is not in the table may have any. A user named after the image
    (``node``, ``nginx``) is its own, and packages name theirs with ``_``.
    """
    official = _official_name(image)
    if official not in _ROOT:
        return True
    return name in _USERS or name == official or name.startswith(("_", "systemd-"))


def _official_name(image: Image) -> str:
    """Return ``python`` for ``docker.io/library/python``; nothing for any other.

    A name with an unset variable is in no table.
    """
    name = image.familiar
    return "" if "/" in name else name
