"""Which images a Dockerfile takes, and what its build may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.supply_chain.base_image_without_digest import (
    base_image_without_digest,
)
from tightship.rules.dockerfile.supply_chain.host_network_build_step import (
    host_network_build_step,
)
from tightship.rules.dockerfile.supply_chain.insecure_build_step import (
    insecure_build_step,
)
from tightship.rules.dockerfile.supply_chain.latest_base_image import latest_base_image
from tightship.rules.dockerfile.supply_chain.unpinned_syntax_image import (
    unpinned_syntax_image,
)
from tightship.rules.dockerfile.supply_chain.untagged_base_image import (
    untagged_base_image,
)
from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.kit import Rule

IMAGES = (untagged_base_image, latest_base_image, base_image_without_digest)
DIGEST = "sha256:" + "0" * 64


def names(judge: Judge, text: str, rules: tuple[Rule, ...] = IMAGES) -> list[str]:
    """Return what is found in a Dockerfile: rule and place."""
    found = judge({"Dockerfile": text}, rules)
    return [f"{one.rule.name} {one.span.text}" for one in found]


def messages(judge: Judge, files: dict[str, str], rule: Rule) -> list[str]:
    return [one.finding.message for one in judge(files, [rule])]


def without_step(judge: Judge, text: str, rule: Rule) -> str:
    """Return a Dockerfile after the fixes of a rule; there has to be one."""
    edits = [
        edit
        for one in judge({"Dockerfile": text}, [rule])
        for edit in (one.finding.fix.edits if one.finding.fix else ())
    ]
    assert edits
    return apply_edits(edits[0].span.source, edits)


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
def test_a_digest_settles_it(judge: Judge, tag: str) -> None:
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
def test_stages_and_nothing_are_no_images(judge: Judge, text: str) -> None:
    assert names(judge, text) == []


def test_a_stage_of_that_name_further_down_does_not_count_for_from(
    judge: Judge,
) -> None:
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
def test_what_only_a_build_can_tell_is_not_found(judge: Judge, base: str) -> None:
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
def test_a_hole_does_not_hide_what_it_cannot_change(
    judge: Judge, base: str, found: str
) -> None:
    assert names(judge, f"ARG X\nFROM {base}\n") == [f"{found} {base}"]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("ARG T=latest\nFROM nginx:${T}\n", "the default of `ARG T`"),
        ("ARG T=latest\nFROM nginx:$T\n", "the default of `ARG T`"),
        ("ARG A=latest\nARG T=${A}\nFROM nginx:$T\n", "the default of `ARG T`"),
        (
            'ARG I="nginx"\nARG T=latest\nFROM $I:$T\n',
            "the default of `ARG I` and the default of `ARG T`",
        ),
    ],
)
def test_defaults_decide_and_are_named(judge: Judge, text: str, end: str) -> None:
    said = "`FROM` takes whatever was pushed last as `nginx:latest`, with " + end
    assert messages(judge, {"Dockerfile": text}, latest_base_image) == [said]


def test_the_default_of_a_stage_has_no_say_in_from(judge: Judge) -> None:
    text = f"FROM a@{DIGEST}\nARG TAG=latest\nFROM nginx:${{TAG:-1.29}}\n"
    assert names(judge, text) == ["base-image-without-digest nginx:${TAG:-1.29}"]


def composed(arguments: str) -> dict[str, str]:
    service = f"{{build: {{context: web, args: {arguments}}}}}"
    return {
        "compose.yaml": f"services:\n  web: {service}\n",
        "web/Dockerfile": "ARG TAG=1.29\nFROM nginx:${TAG}\n",
    }


def test_what_a_service_passes_decides(judge: Judge) -> None:
    assert messages(judge, composed("{TAG: latest}"), latest_base_image) == [
        "`FROM` takes whatever was pushed last as `nginx:latest`, with `TAG` as the"
        " service passes it"
    ]
    assert messages(judge, composed("{TAG: '1.30'}"), latest_base_image) == []
    assert messages(judge, composed("[TAG]"), base_image_without_digest) == []
    pinned = composed(f"{{TAG: '1.30@{DIGEST}'}}")
    assert messages(judge, pinned, base_image_without_digest) == []


def test_two_services_that_build_differently_are_judged_each(judge: Judge) -> None:
    files = composed("{TAG: latest}")
    files["compose.yaml"] += "  old: {build: {context: web, args: {TAG: '1.28'}}}\n"
    assert sorted(messages(judge, files, base_image_without_digest)) == [
        "`FROM` takes whatever `nginx:1.28` points to, with `TAG` as the service"
        " passes it",
        "`FROM` takes whatever `nginx:latest` points to, with `TAG` as the service"
        " passes it",
    ]


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
def test_images_that_files_are_taken_from_count(
    judge: Judge, step: str, found: list[str]
) -> None:
    assert names(judge, f"FROM x@{DIGEST}\n{step}\n") == found


@pytest.mark.parametrize(
    "base", ["{{ image }}", "{{image}}", "%%IMAGE%%", "@IMAGE@", "<image>"]
)
def test_the_gap_of_a_template_is_no_image(judge: Judge, base: str) -> None:
    assert names(judge, f"FROM {base}\nRUN ls\n") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# syntax=docker/dockerfile:1\n", ["docker/dockerfile:1"]),
        ("#syntax = docker/dockerfile\n", ["docker/dockerfile"]),
        (
            "# escape=`\n# syntax=docker/dockerfile:1-labs\n",
            ["docker/dockerfile:1-labs"],
        ),
        (f"# syntax=docker/dockerfile:1@{DIGEST}\n", []),
        ("# a comment\n# syntax=docker/dockerfile:1\n", []),
    ],
)
def test_a_frontend_is_pinned_by_its_digest(
    judge: Judge, text: str, found: list[str]
) -> None:
    judged = judge({"Dockerfile": text + "FROM a\n"}, [unpinned_syntax_image])
    assert [one.span.text for one in judged] == found


def test_a_frontend_that_a_service_passes_stands_in_for_the_one_of_the_file(
    judge: Judge,
) -> None:
    files = composed("{TAG: '1'}")
    files["web/Dockerfile"] = "# syntax=docker/dockerfile:1\nFROM a\n"
    assert len(messages(judge, files, unpinned_syntax_image)) == 1
    other = composed(f"{{BUILDKIT_SYNTAX: 'docker/dockerfile:1@{DIGEST}'}}")
    files["compose.yaml"] = other["compose.yaml"]
    assert messages(judge, files, unpinned_syntax_image) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN --network=host ls\n", "RUN ls\n"),
        ("RUN   --network=host\t ls\n", "RUN   ls\n"),
        ("ONBUILD RUN --network=host ls\n", "ONBUILD RUN ls\n"),
        ('RUN --network=host ["ls"]\n', 'RUN ["ls"]\n'),
        ("RUN --network=host <<E\nls\nE\n", "RUN <<E\nls\nE\n"),
        ("RUN --network=host \\\n  ls\n", "RUN \\\n  ls\n"),
        ("RUN \\\n  --network=host \\\n  ls\n", "RUN \\\n  ls\n"),
        ("RUN \\\r\n  --network=host \\\r\n  ls\r\n", "RUN \\\r\n  ls\r\n"),
        ("RUN \\\n  --network=host ls\n", "RUN \\\n  ls\n"),
        (
            "RUN --mount=type=cache,target=/c --network=host ls\n",
            "RUN --mount=type=cache,target=/c ls\n",
        ),
    ],
)
def test_the_flag_goes_and_the_rest_stays(
    judge: Judge, before: str, after: str
) -> None:
    base = "FROM a\n"
    fixed = without_step(judge, base + before, host_network_build_step)
    assert fixed == base + after
    insecure = before.replace("--network=host", "--security=insecure")
    assert without_step(judge, base + insecure, insecure_build_step) == base + after
    assert judge({"Dockerfile": fixed}, [host_network_build_step]) == []


def test_the_escape_character_of_windows_files_goes_with_the_line(
    judge: Judge,
) -> None:
    before = "# escape=`\nFROM a\nRUN `\n  --network=host `\n  dir C:\\\n"
    after = "# escape=`\nFROM a\nRUN `\n  dir C:\\\n"
    assert without_step(judge, before, host_network_build_step) == after


def test_a_flag_that_a_continuation_cuts_is_found_and_left(judge: Judge) -> None:
    files = {"Dockerfile": "FROM a\nRUN --netw\\\nork=host ls\n"}
    [found] = judge(files, [host_network_build_step])
    assert found.finding.fix is None


@pytest.mark.parametrize(
    "step",
    [
        "RUN --network=none ls",
        "RUN --network=HOST ls",
        "RUN --network=${NET} ls",
        "RUN docker run --network=host a",
        'RUN ["docker", "run", "--network=host"]',
        "RUN --security=sandbox ls",
        "RUN ls --security=insecure",
    ],
)
def test_other_steps_are_confined(judge: Judge, step: str) -> None:
    rules = (insecure_build_step, host_network_build_step)
    text = f"ARG NET=host\nFROM a\nARG NET\n{step}\n"
    assert names(judge, text, rules) == []


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
def test_nothing_is_pulled_by_a_name_that_docker_refuses(
    judge: Judge, text: str
) -> None:
    assert names(judge, text) == []
