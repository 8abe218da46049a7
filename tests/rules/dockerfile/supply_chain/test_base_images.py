"""Each image that a Dockerfile takes is one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.supply_chain.conftest import DIGEST, composed, messages, names

from tightship.rules.dockerfile.supply_chain.base_image_without_digest import (
    base_image_without_digest,
)
from tightship.rules.dockerfile.supply_chain.latest_base_image import latest_base_image
from tightship.rules.dockerfile.supply_chain.untagged_base_image import untagged_base_image
from tightship.rules.dockerfile.users.image_runs_as_root import image_runs_as_root

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("image", "found"),
    [
        ("nginx", "untagged-base-image"),
        ("library/nginx", "untagged-base-image"),
        ("localhost:5000/nginx", "untagged-base-image"),
        ("localhost/nginx", "untagged-base-image"),
        ("registry.example:5000/team/nginx", "untagged-base-image"),
        ("mcr.microsoft.com/windows/nanoserver", "untagged-base-image"),
        ("nginx:latest", "latest-base-image"),
        ("localhost:5000/nginx:latest", "latest-base-image"),
        ("mcr.microsoft.com/windows/servercore:ltsc2022", "base-image-without-digest"),
        ("nginx:1.29", "base-image-without-digest"),
        ("nginx:latest-alpine", "base-image-without-digest"),
        ("localhost:5000/nginx:1.29", "base-image-without-digest"),
    ],
)
def test_an_image_gives_one_finding(judge: Judge, image: str, found: str) -> None:
    assert names(judge, f"FROM {image}\n") == [f"{found} {image}"]
    flagged = f"from --platform=linux/arm64 {image} AS web\n"
    assert names(judge, flagged) == [f"{found} {image}"]


@pytest.mark.parametrize("tag", ["", ":latest", ":1.29"])
def test_a_digest_pins_an_image(judge: Judge, tag: str) -> None:
    assert names(judge, f"FROM nginx{tag}@{DIGEST}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "FROM scratch\n",
        f"FROM a@{DIGEST} AS Base\nFROM base\nFROM BASE\n",
        f"FROM a@{DIGEST} AS one\nFROM scratch\nCOPY --from=one / /\nCOPY --from=0 / /\n",
        f"FROM a@{DIGEST} AS one\nFROM scratch\nRUN --mount=from=ONE ls\n",
        f"FROM a@{DIGEST}\nRUN --mount=type=tmpfs,target=/tmp ls\n",
        f"FROM a@{DIGEST}\nRUN --mount=type=cache,target=/root/.cache ls\n",
        f"FROM a@{DIGEST}\nCOPY --from=$TOOL /a /a\n",
    ],
)
def test_stages_and_scratch_are_not_images(judge: Judge, text: str) -> None:
    assert names(judge, text) == []


def test_a_stage_of_that_name_further_down_does_not_count_for_from(judge: Judge) -> None:
    text = f"FROM base\nFROM a@{DIGEST} AS base\n"
    assert names(judge, text) == ["untagged-base-image base"]


@pytest.mark.parametrize(
    "base",
    [
        "${IMAGE}",
        "$IMAGE",
        "registry.example/${IMAGE}",
        "nginx:${IMAGE}",
        "nginx${IMAGE}",
        "nginx@${IMAGE}",
        "nginx:1.29@${IMAGE}",
        "nginx:latest${IMAGE}",
    ],
)
def test_undecided_images_are_silent(judge: Judge, base: str) -> None:
    assert names(judge, f"ARG IMAGE\nFROM {base}\n") == []


@pytest.mark.parametrize(
    ("base", "found"),
    [
        ("${X}/nginx", "untagged-base-image"),
        ("${X}/nginx:latest", "latest-base-image"),
        ("nginx:${X}-alpine", "base-image-without-digest"),
        ("python${X}-slim", "base-image-without-digest"),
        ("${X}:1.29", "base-image-without-digest"),
    ],
)
def test_a_hole_does_not_hide_what_it_cannot_change(judge: Judge, base: str, found: str) -> None:
    assert names(judge, f"ARG X\nFROM {base}\n") == [f"{found} {base}"]


def test_the_default_of_a_stage_does_not_count_in_from(judge: Judge) -> None:
    text = f"FROM a@{DIGEST}\nARG TAG=latest\nFROM nginx:${{TAG:-1.29}}\n"
    assert names(judge, text) == ["base-image-without-digest nginx:${TAG:-1.29}"]


def test_build_arguments_of_the_service_decide(judge: Judge) -> None:
    assert messages(judge, composed("{TAG: latest}"), latest_base_image) == [
        "`FROM` uses `nginx:latest` (`TAG` from a build argument), a tag that moves from image to image"
    ]
    assert messages(judge, composed("{TAG: '1.30'}"), latest_base_image) == []
    assert messages(judge, composed("[TAG]"), base_image_without_digest) == []
    pinned = composed(f"{{TAG: '1.30@{DIGEST}'}}")
    assert messages(judge, pinned, base_image_without_digest) == []


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("COPY --from=nginx /a /a", ["untagged-base-image nginx"]),
        ("COPY --from=nginx:latest /a /a", ["latest-base-image nginx:latest"]),
        ("RUN --mount=from=nginx ls", ["untagged-base-image nginx"]),
        (
            "RUN --mount=type=cache,target=/x,from=nginx:latest ls",
            ["latest-base-image nginx:latest"],
        ),
        (
            "RUN --mount=from=a --mount=from=b:1,target=/b ls",
            ["untagged-base-image a", "base-image-without-digest b:1"],
        ),
        ("ONBUILD COPY --from=build /a /a", []),
        ("ONBUILD RUN --mount=from=build ls", []),
        ("ONBUILD COPY --from=nginx:latest /a /a", ["latest-base-image nginx:latest"]),
        ("ONBUILD COPY --from=r.example/a /a /a", ["untagged-base-image r.example/a"]),
    ],
)
def test_images_of_copied_files_count(judge: Judge, step: str, found: list[str]) -> None:
    assert names(judge, f"FROM x@{DIGEST}\n{step}\n") == found


@pytest.mark.parametrize("base", ["{{ image }}", "{{image}}", "%%IMAGE%%", "@IMAGE@", "<image>"])
def test_the_gap_of_a_template_is_no_image(judge: Judge, base: str) -> None:
    assert names(judge, f"FROM {base}\nRUN ls\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "FROM nginx:\n",
        "FROM Nginx\n",
        "ARG TAG=\nFROM nginx:${TAG}\n",
        "FROM nginx:${TAG}\n",
        "FROM scratch\nCOPY --from=nginx: /a /b\n",
        "FROM scratch\nRUN --mount=from=Nginx,target=/a true\n",
    ],
)
def test_an_invalid_name_is_not_pulled(judge: Judge, text: str) -> None:
    assert names(judge, text) == []


@pytest.mark.parametrize("image", ["own", "own:latest", "docker.io/library/own"])
def test_an_image_that_the_project_builds_is_not_pulled(image: str, judge: Judge) -> None:
    files = {
        "compose.yaml": (f"services:\n  a: {{image: {image}, build: ./a}}\n  b: {{build: ./b}}\n"),
        "a/Dockerfile": "FROM debian:13\nUSER 1\n",
        "b/Dockerfile": "FROM own\nCOPY --from=own:2 /a /a\n",
    }
    rules = (untagged_base_image, latest_base_image, base_image_without_digest)
    found = judge(files, [*rules, image_runs_as_root])
    about_b = [one.span.text for one in found if one.span.source.name[0] == "b"]
    assert about_b == ["own:2"]
