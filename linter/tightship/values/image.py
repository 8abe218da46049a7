"""Image references: their parts and grammar, official names, moving tags.

A moving tag names no version: ``redis:alpine`` is the newest Redis, ``node:lts`` today's
release for long-term support.
"""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship.text import shortened
from tightship.values.hole import mask

TYPE_CHECKING = False


_HUB = ("docker.io", "index.docker.io")


class Image(Record):
    """The parts of an image reference; a missing part is ``None``.

    ``undecided`` names the parts that a hole may change: ``registry``, ``repository``,
    ``tag``, ``digest``.
    """

    registry: str | None
    repository: str
    tag: str | None
    digest: str | None
    undecided: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return the last part of the repository: ``nginx`` of ``bitnami/nginx``."""
        return self.repository.rpartition("/")[2]

    @property
    def is_by_tag(self) -> bool:
        """Return whether its tag surely decides, or the lack of one: it has no digest."""
        return not self.digest and not self.undecided & {"tag", "digest"}

    @property
    def familiar(self) -> str:
        """Return registry and repository as people write them, without Hub's parts."""
        if self.registry is not None and self.registry not in _HUB:
            return f"{self.registry}/{self.repository}"
        return self.repository.removeprefix("library/")

    def __repr__(self) -> str:
        return (
            f"Image({self.registry}, {self.repository}, {self.tag}, {self.digest}, "
            f"undecided={sorted(self.undecided)})"
        )


def tagged(found: Image) -> str:
    """Return ``name:tag``, with the tag that counts where there is none."""
    return f"{found.familiar}:{found.tag or 'latest'}"


def is_registry(first: str) -> bool:
    """Return whether the part before the first slash is a registry.

    It has a dot or a port, is ``localhost``, or has an upper-case letter
    (distribution/reference, ``splitDockerDomain``).
    """
    return "." in first or ":" in first or first == "localhost" or first != first.lower()


def parse(ref: str) -> Image:
    """Split a reference into its parts; every text has a reading.

    A hole at the end of a reference may hold a tag and a digest.
    """
    masked = mask(ref)
    undecided: set[str] = set()
    end = len(ref)
    digest = tag = registry = None

    at = masked.find("@")
    if at >= 0:
        digest = ref[at + 1 :]
        if "\0" in masked[at:]:
            undecided.add("digest")
        end = at
    elif masked.endswith("\0"):
        undecided |= {"tag", "digest"}
    if masked[:end].endswith("\0"):
        undecided.add("tag")

    slash = masked.rfind("/", 0, end)
    colon = masked.find(":", slash + 1, end)
    if colon >= 0:
        tag = ref[colon + 1 : end] or None
        if "\0" in masked[colon:end]:
            undecided.add("tag")
        end = colon

    start = 0
    slash = masked.find("/", 0, end)
    first = masked[: max(slash, 0)]
    if "\0" in first:
        undecided.add("registry")
    if slash > 0 and (is_registry(first) or first.strip("\0") == ""):
        registry, start = ref[:slash], slash + 1
    if "\0" in masked[start:end]:
        undecided.add("repository")
        if start == 0:
            # The hole may bring a registry too, even if a path follows it.
            undecided.add("registry")
    return Image(registry, ref[start:end], tag, digest, frozenset(undecided))


_PART = r"[a-z0-9]++(?:(?:[._]|__|-++)[a-z0-9]++)*+"
_PATH = regex(rf"{_PART}(?:/{_PART})*+")
_HOST = regex(r"(?:[a-zA-Z0-9_.-]++|\[[a-fA-F0-9:]++\])(?::[0-9]++)?")
_IN_TAG = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_LONGEST_TAG = 128
_HEXADECIMAL = regex(r"[0-9a-f]++")
_ID_LENGTH = 64
_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
_LONGEST = 255


def split_registry(ref: str) -> tuple[str, str]:
    """Return the registry with its slash, or nothing, and the rest."""
    first, slash, rest = ref.partition("/")
    return (first + slash, rest) if slash and is_registry(first) else ("", ref)


def image_problem(ref: str) -> str | None:
    """Return why Docker rejects a reference, or nothing.

    Facts from distribution/reference, ``ParseNormalizedNamed`` and its regular
    expressions; verified with BuildKit 0.13.
    """
    if not ref:
        return "it is empty"
    if len(ref) == _ID_LENGTH and _HEXADECIMAL.fullmatch(ref):
        return "64 hexadecimal digits are an image's id, and no name"
    registry, rest = split_registry(ref)
    named, at, digest = rest.partition("@")
    path, colon, tag = named.partition(":")
    if not path:
        return "the image name is missing"
    if path != path.lower():
        return "the name of an image has no upper-case letters"
    host = registry[:-1]
    if host and _HOST.fullmatch(host) is None:
        return f"`{shortened(host)}` is not a valid registry"
    if len(path) > _LONGEST:
        return f"the name of an image has no more than {_LONGEST} characters"
    is_one_word = path.isascii() and path.isalnum()
    if not is_one_word and _PATH.fullmatch(path) is None:
        return "the name of an image is letters and digits, with `/`, `.`, `_` or `-` between"
    if colon and not tag:
        return "the tag after `:` is missing"
    if colon and not is_tag(tag):
        return f"`{shortened(tag)}` is not a valid tag"
    return _digest_problem(digest) if at else None


def is_tag(text: str) -> bool:
    """Return whether a text has the form of a tag."""
    is_long = len(text) > _LONGEST_TAG
    return _IN_TAG.issuperset(text) and text[:1] not in ("", ".", "-") and not is_long


def _digest_problem(digest: str) -> str | None:
    algorithm, _, digits = digest.partition(":")
    length = _DIGITS.get(algorithm)
    if length is None:
        return "a digest begins with `sha256:`"
    if len(digits) != length or _HEXADECIMAL.fullmatch(digits) is None:
        return f"`{algorithm}:` is followed by {length} hexadecimal digits in lower case"
    return None


_WORDS = """
adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall
arangodb archlinux azul-zulu backdrop bash bonita buildpack-deps busybox caddy
cassandra celery centos chronograf cirros clearlinux clefos clojure composer consul
convertigo couchbase couchdb crate crux dart debian django docker docker-dev drupal
eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx erlang euleros
express-gateway fedora flink fluentd friendica fsharp gazebo gcc geonetwork ghost
glassfish golang gradle groovy haproxy haskell haxe hello-seattle hello-world
hipache hitch hola-mundo httpd hylang ibm-semeru-runtimes ibmjava influxdb iojs
irssi java jenkins jetty jobber joomla jruby julia kaazing-gateway kapacitor kibana
known kong krakend lightstreamer liquibase logstash mageia mariadb matomo maven
mediawiki memcached mongo mongo-express monica mono mysql nats nats-streaming neo4j
neurodebian nextcloud nginx node notary nuxeo odoo open-liberty openjdk opensuse
oraclelinux orientdb owncloud percona perl photon php php-zendserver phpmyadmin
piwik plone postfixadmin postgres pypy python r-base rabbitmq rails rakudo-star
rapidoid redis redmine registry rethinkdb rocket.chat rockylinux ros ruby rust
sapmachine satosa scratch sentry silverpeas sl solr sonarqube sourcemage spark
spiped storm swarm swift swipl teamspeak telegraf thrift tomcat tomee traefik ubuntu
ubuntu-debootstrap ubuntu-upstart unit valkey varnish vault websphere-liberty
wordpress xwiki yourls znc zookeeper
"""

OFFICIAL_IMAGES = frozenset(_WORDS.split())
"""The names under ``library/`` on Docker Hub: every image without a slash.

The list changes slowly (docker-library/official-images). It serves to tell an image
from a typing error, so a missing name costs little.
"""


# The words for the newest of a line: releases, branches, distributions in the making.
_MOVING = frozenset((
    "latest", "stable", "oldstable", "testing", "unstable", "sid", "experimental",
    "rawhide", "rolling", "edge", "lts", "current", "mainline", "main", "master",
    "trunk", "head", "dev", "devel", "develop", "development", "nightly", "daily",
    "canary", "next", "preview", "snapshot", "alpha", "beta", "rc", "release",
))  # fmt: skip
# The words for how an image is built, in tags of official images: the distribution
# below, the size, what is in it.
_VARIANTS = frozenset((
    "slim", "bookworm", "bullseye", "buster", "trixie", "stretch", "jessie", "focal",
    "jammy", "noble", "bionic", "apache", "fpm", "cli", "zts", "jdk", "jre", "perl",
    "management", "dind", "otel", "debian", "ubuntu", "rootless", "onbuild", "fat",
    "full", "minimal", "musl", "glibc", "uclibc", "windowsservercore",
))  # fmt: skip
# Distributions, whose releases have names instead of numbers.
_NAMED_RELEASES = frozenset(("buildpack-deps", "debian", "neurodebian", "ros", "ubuntu"))


def floats(image: Image) -> bool:
    """Return whether an image has a tag, other than `latest`, that names no version.

    The number of a distribution is none: ``nginx:stable-alpine3.22`` moves. A date, a
    commit or any word that is not known keeps a tag in place.
    """
    tag = (image.tag or "").lower()
    if not tag or tag == "latest" or image.digest:
        return False
    if image.undecided & {"tag", "digest"}:
        return False
    first, *rest = tag.split("-")
    if not all(word in _MOVING or _is_variant(word) for word in rest):
        return False
    if first in _MOVING:
        return True
    name = image.familiar
    is_software = name in OFFICIAL_IMAGES and name not in _NAMED_RELEASES
    return is_software and _is_variant(first)


def _is_variant(word: str) -> bool:
    if word.startswith("alpine"):
        return word.removeprefix("alpine").replace(".", "0").isdecimal() or word == "alpine"
    return word in _VARIANTS


# Microsoft's base images, the .NET Framework, and what tags of multi-platform images call them
# (docker-library/official-images, the `windows-` architectures).
_REPOSITORIES = ("mcr.microsoft.com/windows/", "mcr.microsoft.com/dotnet/framework/")
_TAG_WORDS = ("windowsservercore", "nanoserver", "windows")


def names_windows(image: Image) -> bool:
    """Return whether an image is for Windows, by its repository or its tag."""
    repository, tag = image.familiar.lower(), (image.tag or "").lower()
    return f"{repository}/".startswith(_REPOSITORIES) or any(word in tag for word in _TAG_WORDS)
