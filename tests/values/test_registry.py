from __future__ import annotations

import pytest

from tightship.values.image import parse
from tightship.values.registry import Registries, registry_problem


@pytest.mark.parametrize(
    ("pattern", "image", "trusted"),
    [
        ("docker.io", "nginx", True),
        ("docker.io", "bitnami/redis:7", True),
        ("docker.io", "index.docker.io/library/nginx", True),
        ("DOCKER.io", "nginx", True),
        ("docker.io", "ghcr.io/nginx", False),
        ("docker.io/library", "nginx:1.29", True),
        ("docker.io/library", "docker.io/library/nginx", True),
        ("docker.io/library", "docker.io/nginx", True),
        ("docker.io/library", "bitnami/nginx", False),
        ("docker.io/lib", "nginx", False),
        ("ghcr.io/example", "ghcr.io/example/web@sha256:00", True),
        ("ghcr.io/example/", "ghcr.io/example/web/sub:1", True),
        ("ghcr.io/example", "ghcr.io/example-evil/web", False),
        ("ghcr.io/example/*", "ghcr.io/example/web/sub", True),
        ("ghcr.io/example/*", "ghcr.io/example", False),
        ("ghcr.io/*/base", "ghcr.io/any/base:2", True),
        ("ghcr.io/*/base", "ghcr.io/a/b/base:2", False),
        ("*.example.com", "eu.example.com/web", True),
        ("*.example.com", "evil.com/x.example.com", False),
        ("*.example.com", "example.com/web", False),
        ("localhost:5000", "localhost:5000/web", True),
        ("localhost:5000", "localhost:5001/web", False),
        ("docker.io", "${IMAGE}", None),
        ("docker.io", "${REGISTRY}/nginx", None),
        ("docker.io", "docker.io/${IMAGE}", True),
        ("docker.io/library", "docker.io/${IMAGE}", None),
        ("docker.io/library", "ghcr.io/${IMAGE}", False),
        ("docker.io/library", "nginx:${TAG}", True),
    ],
)
def test_an_image_is_trusted_by_where_it_is_from(
    pattern: str, image: str, trusted: bool | None
) -> None:
    assert registry_problem(pattern) == ""
    assert Registries([pattern]).trusts(parse(image)) is trusted


def test_one_of_several_trusted_registries_is_enough() -> None:
    trusted = Registries(["quay.io", "docker.io/library"])
    assert trusted.trusts(parse("quay.io/a/b"))
    assert trusted.trusts(parse("alpine"))
    assert Registries([]).trusts(parse("alpine")) is False


@pytest.mark.parametrize("text", ["nginx", "a b.c", "", "http://a.b", "a.b//c", "ä.de"])
def test_a_pattern_without_a_registry_is_an_error(text: str) -> None:
    assert registry_problem(text)
