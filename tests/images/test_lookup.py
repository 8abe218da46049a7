"""Under which names an image is known."""

from __future__ import annotations

import pytest

from tightship.images.lookup import find, known_name
from tightship.values.image import parse


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("postgres", "postgres"),
        ("postgres:17@sha256:0", "postgres"),
        ("docker.io/library/postgres", "postgres"),
        ("index.docker.io/library/postgres", "postgres"),
        ("registry-1.docker.io/library/postgres", "postgres"),
        ("mirror.gcr.io/library/postgres:17", "postgres"),
        ("public.ecr.aws/docker/library/postgres:17", "postgres"),
        ("mirror.gcr.io/pgvector/pgvector", "pgvector/pgvector"),
        ("lscr.io/linuxserver/sonarr", "linuxserver/sonarr"),
        ("ghcr.io/linuxserver/sonarr:latest", "linuxserver/sonarr"),
        ("ghcr.io/immich-app/postgres", "ghcr.io/immich-app/postgres"),
        # Somebody else's.
        ("example.com/library/postgres", "example.com/library/postgres"),
        ("example/postgres", "example/postgres"),
        ("public.ecr.aws/example/postgres", "public.ecr.aws/example/postgres"),
        ("${REGISTRY}/postgres", ""),
        ("postgres${SUFFIX}", ""),
    ],
)
def test_a_mirror_has_the_image_under_its_own_name(reference: str, name: str) -> None:
    assert known_name(parse(reference)) == name


def test_only_the_image_of_a_name_is_found() -> None:
    family = find(parse("mirror.gcr.io/library/postgres:17"))
    assert family is not None
    assert "postgres" in family.names
    assert find(parse("example.com/library/postgres:17")) is None
    assert find(parse("postgres${SUFFIX}")) is None
