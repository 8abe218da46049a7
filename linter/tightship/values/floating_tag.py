"""Tags that name no version, so that they move to the next one.

``redis:alpine`` is the newest Redis, ``node:lts`` today's release for long-term support.
"""

from __future__ import annotations

from tightship.values.official_image import OFFICIAL_IMAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.values.image import Image

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
