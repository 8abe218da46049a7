from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.values.image import parse

Parts = tuple[str | None, str, str | None, str | None]

READ: dict[str, Parts] = {
    "nginx": (None, "nginx", None, None),
    "nginx:1.27": (None, "nginx", "1.27", None),
    "bitnami/redis:7": (None, "bitnami/redis", "7", None),
    "host:5000/x": ("host:5000", "x", None, None),
    "host:5000/x:1": ("host:5000", "x", "1", None),
    "localhost/x": ("localhost", "x", None, None),
    "local/x": (None, "local/x", None, None),
    "Local/x": ("Local", "x", None, None),
    "ghcr.io/a/b/c:v1": ("ghcr.io", "a/b/c", "v1", None),
    "[::1]:5000/x:1": ("[::1]:5000", "x", "1", None),
    "docker.io/library/nginx": ("docker.io", "library/nginx", None, None),
    "x@sha256:ab": (None, "x", None, "sha256:ab"),
    "x:1@sha256:ab": (None, "x", "1", "sha256:ab"),
    "host:5000/x@sha256:ab": ("host:5000", "x", None, "sha256:ab"),
    "x:": (None, "x", None, None),
    "": (None, "", None, None),
}


@pytest.mark.parametrize("ref", READ)
def test_a_reference_is_parsed(ref: str) -> None:
    image = parse(ref)
    assert (image.registry, image.repository, image.tag, image.digest) == READ[ref]
    assert image.undecided == frozenset()


@pytest.mark.parametrize(
    ("ref", "undecided"),
    [
        ("${REG}/x:1", "registry"),
        ("ghcr.io/${ORG}/x:1", "repository"),
        ("${REG}x:1", "registry repository"),
        ("x:${TAG}", "tag digest"),
        ("x:1${SUFFIX}", "tag digest"),
        ("x${REST}", "registry repository tag digest"),
        ("${IMAGE}", "registry repository tag digest"),
        ("${IMAGE}:1", "registry repository"),
        ("x@${DIGEST}", "digest"),
        ("x:${TAG}@sha256:ab", "tag"),
        ("host:${PORT}/x:1", "registry"),
        ("ghcr.io/x/${NAME}", "repository tag digest"),
    ],
)
def test_a_hole_leaves_the_affected_parts_undecided(ref: str, undecided: str) -> None:
    assert parse(ref).undecided == frozenset(undecided.split())


def test_a_hole_is_not_parsed() -> None:
    image = parse("${A:-b/c:d@e}/x:${T:-1}")
    assert image.registry == "${A:-b/c:d@e}"
    assert (image.repository, image.tag) == ("x", "${T:-1}")


@pytest.mark.parametrize(
    ("ref", "familiar", "name"),
    [
        ("docker.io/library/nginx:1", "nginx", "nginx"),
        ("index.docker.io/library/nginx", "nginx", "nginx"),
        ("library/nginx", "nginx", "nginx"),
        ("docker.io/bitnami/redis", "bitnami/redis", "redis"),
        ("ghcr.io/library/x@sha256:ab", "ghcr.io/library/x", "x"),
        ("host:5000/a/b:2", "host:5000/a/b", "b"),
    ],
)
def test_an_image_has_the_name_that_people_use(ref: str, familiar: str, name: str) -> None:
    assert parse(ref).familiar == familiar
    assert parse(ref).name == name


@given(st.text(alphabet="aA.:/@${}-", max_size=30))
def test_the_parts_make_up_the_reference_again(ref: str) -> None:
    image = parse(ref)
    again = image.repository
    if image.registry is not None:
        again = f"{image.registry}/{again}"
    if image.tag is not None:
        again += f":{image.tag}"
    elif ref != again and ref[len(again) : len(again) + 1] == ":":
        again += ":"
    if image.digest is not None:
        again += f"@{image.digest}"
    assert again == ref
