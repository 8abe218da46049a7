"""The rule `untrusted-registry`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.any.supply_chain.untrusted_registry import untrusted_registry

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

LISTED = ("docker.io/library", "ghcr.io/example", "registry.example:5000")


def compose(image: str, *trusted: str) -> dict[str, str]:
    listed = ", ".join(f'"{name}"' for name in trusted or LISTED)
    return {
        "compose.yaml": f"services: {{s: {{image: '{image}'}}}}\n",
        "tightship.toml": f"trusted-registries = [{listed}]\n",
    }


def dockerfile(text: str, *trusted: str) -> dict[str, str]:
    return {"Dockerfile": text, "tightship.toml": compose("", *trusted)["tightship.toml"]}


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("quay.io/a/b:1", "pulls `quay.io/a/b` from `quay.io`"),
        ("grafana/grafana", "pulls `grafana/grafana` from `docker.io`"),
        ("ghcr.io/exampel/app:1", "from `ghcr.io`"),
        ("ghcr.io/example-evil/app", "from `ghcr.io`"),
        ("ghcr.io.evil/example/app", "from `ghcr.io.evil`"),
        ("registry.example/app", "from `registry.example`"),
        ("localhost/app", "from `localhost`"),
        ("quay.io/library/nginx", "from `quay.io`"),
        ("quay.io/a/b@sha256:" + "0" * 64, "from `quay.io`"),
    ],
)
def test_images_surely_from_another_registry(judge: Judge, image: str, said: str) -> None:
    [one] = judge(compose(image), [untrusted_registry])
    assert (one.severity.word, one.span.text) == ("warning", f"'{image}'")
    assert one.finding.message.startswith("service `s` pulls `")
    assert said in one.finding.message
    assert one.finding.message.endswith("is not among the `trusted-registries`")
    assert one.finding.fix is None


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        "library/nginx:1",
        "docker.io/nginx",
        "index.docker.io/library/nginx",
        "ghcr.io/example/app",
        "GHCR.IO/example/app",
        "ghcr.io/example/a/b:2",
        "registry.example:5000/a/b",
        "${REGISTRY}/app",
        "${IMAGE}",
        "ghcr.io/${OWNER}/app",
        "",
    ],
)
def test_trusted_and_undecided_images(found: Found, image: str) -> None:
    assert found(compose(image), untrusted_registry) == []


def test_a_default_decides_and_is_named(judge: Judge) -> None:
    [one] = judge(compose("${R:-quay.io}/a"), [untrusted_registry])
    assert one.finding.message.endswith("among the `trusted-registries` (default of `${R}`)")


@pytest.mark.parametrize(("settings", "count"), [("", 0), ("[]", 1)])
def test_an_empty_list_trusts_no_registry_and_no_list_all(
    found: Found, settings: str, count: int
) -> None:
    listed = f"trusted-registries = {settings}\n" if settings else ""
    files = compose("nginx") | {"tightship.toml": listed}
    assert len(found(files, untrusted_registry)) == count


def test_a_built_image_is_not_pulled(found: Found) -> None:
    files = compose("quay.io/a/b")
    text = "services: {s: {image: quay.io/a/b, build: .}, t: {image: quay.io/a/b}}\n"
    files |= {"compose.yaml": text, "Dockerfile": "FROM alpine\n"}
    assert found(files, untrusted_registry) == []


def test_every_source_of_a_build_counts(found: Found) -> None:
    text = (
        "# syntax=quay.io/f:1\nARG BASE=quay.io/b:1\nFROM $BASE AS base\n"
        "COPY --from=quay.io/c:1 /c /c\nRUN --mount=from=quay.io/d:1,target=/d true\n"
        "FROM base\nCOPY --from=base /x /x\nFROM scratch\nCOPY --from=0 /x /x\n"
    )
    assert found(dockerfile(text), untrusted_registry) == [
        ("warning", "quay.io/f:1"),
        ("warning", "$BASE"),
        ("warning", "quay.io/c:1"),
        ("warning", "quay.io/d:1"),
    ]


def test_the_message_names_the_instruction(judge: Judge) -> None:
    text = "FROM quay.io/a:1\nCOPY --from=quay.io/b:1 /b /b\n"
    base, copied = judge(dockerfile(text), [untrusted_registry])
    assert base.finding.message.startswith("`FROM` pulls `quay.io/a` from `quay.io`")
    assert copied.finding.message.startswith("`COPY --from` pulls `quay.io/b`")
