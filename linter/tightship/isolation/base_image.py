"""The user of base images: by the facts about well-known images, and by their names."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.images.conditions import Start
    from tightship.images.facts import ImageFamily
    from tightship.values.image import Image

# Official images that nothing else is known about. The entrypoint of these switches to
# another user by gosu, su-exec, setpriv or similar (docker-entrypoint.sh of each).
_STEPS_DOWN = frozenset(("couchbase", "flink", "storm", "valkey"))
# These set a USER, in some tags at least (the Dockerfile of each image).
_SETS_USER = frozenset((
    "gradle", "groovy", "jenkins", "kibana", "kong", "logstash", "sonarqube",
))  # fmt: skip
# Servers whose first process stays root, and only their workers are other users.
WORKERS_ONLY = frozenset((
    "Apache", "apache2", "httpd", "nginx", "php-fpm",
    "the server itself, for its workers",
))  # fmt: skip
_ROOTLESS_WORDS = ("nonroot", "non-root", "rootless", "unprivileged", "nanoserver")

# Official images that have no users but these, and one that is named after the image.
_FEW_USERS = frozenset((
    # Root file systems.
    "almalinux", "alpine", "amazonlinux", "archlinux", "busybox", "centos", "debian",
    "fedora", "oraclelinux", "rockylinux", "ubuntu",
    # Languages and what builds them.
    "amazoncorretto", "bash", "buildpack-deps", "composer", "eclipse-temurin", "elixir",
    "erlang", "gcc", "golang", "haskell", "julia", "maven", "node", "openjdk", "perl",
    "php", "pypy", "python", "ruby", "rust", "swift",
    # Servers.
    "caddy", "drupal", "httpd", "nginx", "tomcat", "traefik",
))  # fmt: skip
_USERS = frozenset((
    # Debian, base-passwd and what its images add; Ubuntu has `ubuntu` since 23.04.
    "root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news",
    "uucp", "proxy", "www-data", "backup", "list", "irc", "gnats", "nobody",
    "messagebus", "sshd", "uuidd", "ubuntu",
    # Alpine, alpine-baselayout.
    "adm", "shutdown", "halt", "operator", "postmaster", "cron", "ftp", "at", "squid",
    "xfs", "cyrus", "vpopmail", "ntp", "smmsp", "guest", "svn", "utmp", "locate",
    # Fedora and similar distributions, setup and systemd; Arch, filesystem.
    "dbus", "tss", "polkitd", "unbound", "http", "git", "alpm", "avahi",
))  # fmt: skip


def runs_as_root(image: Image) -> str:
    """Return the source for an image's first process being root, or nothing.

    It is not, where the entrypoint switches to another user.
    """
    if _promises_no_root(image):
        return ""
    found = _family(image)
    if found is None or steps_down(image):
        return ""
    family, start = found
    # Without a server, nothing of the image runs that could switch.
    if family.steps_down is None and family.programs != ():
        return ""
    from tightship.images.needs import Needs

    user = Needs(family, start).user
    return f"{user.source.where}: no USER" if user and user.name == "root" else ""


def steps_down(image: Image, command: tuple[str, ...] | None = None) -> bool:
    """Return whether the image's entrypoint, begun as root, goes on as another user.

    Most do so for their own server only; ``command`` replaces the CMD of the image.
    """
    found = _family(image)
    if found is None or found[0].steps_down is None:
        return _official_name(image) in _STEPS_DOWN
    from tightship.images.conditions import all_hold

    family, start = found
    if command is not None and not _may_run(family, command):
        return False
    return any(
        all_hold(fact.when, start) is not False
        for fact in family.steps_down or ()
        if fact.by not in WORKERS_ONLY
    )


def _may_run(family: ImageFamily, command: tuple[str, ...]) -> bool:
    from tightship.images.conditions import Start
    from tightship.images.needs import Needs

    return Needs(family, Start(command=command)).runs_the_image is not False


def likely_sets_user(image: Image) -> bool:
    """Return whether an image is likely to set its own USER, which is not root."""
    if _promises_no_root(image):
        return True
    found = _family(image)
    if found is not None:
        from tightship.images.conditions import all_hold

        family, start = found
        users = [fact.name for fact in family.user or () if all_hold(fact.when, start) is not False]
        if users:
            return any(name != "root" for name in users)
    return _official_name(image) in _SETS_USER


def _family(image: Image) -> tuple[ImageFamily, Start] | None:
    """Return the family of an image, and its start as root."""
    from tightship.images.lookup import find, known_tag

    family = find(image)
    if family is None:
        return None
    from tightship.images.conditions import Start

    return family, Start(known_tag(image), is_root=True, more_environment=True)


def _promises_no_root(image: Image) -> bool:
    """Return whether name or tag promise an image without root.

    Windows' nanoserver runs as ContainerUser (Microsoft, Secure Windows containers).
    """
    text = f"{image.repository}:{image.tag or ''}".lower()
    return any(word in text for word in _ROOTLESS_WORDS)


def user_of(image: Image) -> str | None:
    """Return the USER of a well-known image, by name or number."""
    from tightship.images.needs import Needs

    found = _family(image)
    user = Needs(*found).user if found is not None else None
    return user.name if user is not None else None


def surely_has_user(image: Image, name: str) -> bool:
    """Return whether an image has a user of some name, whose ID is not that of root."""
    official, found = _official_name(image), _family(image)
    if official in _FEW_USERS and (name == official or name in _USERS - {"root"}):
        return True
    accounts = found[0].accounts if found is not None else None
    return any(one.name == name and one.uid != 0 for one in accounts or ())


def could_have_user(image: Image, name: str) -> bool:
    """Return whether an image may have a user of some name.

    Most images may have any. A user named after the image (``node``, ``nginx``) is its
    own, and packages name theirs with ``_``.
    """
    official = _official_name(image)
    if official not in _FEW_USERS:
        return True
    return name in _USERS or name == official or name.startswith(("_", "systemd-"))


def _official_name(image: Image) -> str:
    """Return ``python`` for ``docker.io/library/python``; nothing for any other.

    A name with an unset variable is in no list.
    """
    name = image.familiar
    return "" if "/" in name else name
