"""Uses of images: every way that one comes, and its parts."""

from __future__ import annotations

import pytest
from tests.project_facts.views import listed, plain, things

DIGEST = "sha256:" + "a" * 64
DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG B=alpine:3
FROM --platform=linux/arm64 golang:1 AS build
FROM ${B}
COPY --from=build /a /a
COPY --from=nginx:1.29 /b /b
RUN --mount=from=busybox,target=/c ls
"""


def uses(texts: dict[str, str] | str) -> list[tuple[object, object]]:
    return [(plain(one.get("use")), plain(one.get("reference"))) for one in things(texts, "image")]


def test_every_use_in_a_dockerfile_is_one() -> None:
    texts = {"compose.yaml": "services: {s: {build: .}}", "Dockerfile": DOCKERFILE}
    assert uses(texts) == [
        ("syntax", "docker/dockerfile:1"),
        ("from", "golang:1"),
        ("from", "alpine:3"),
        ("copy", "nginx:1.29"),
        ("mount", "busybox"),
    ]
    assert [plain(one.get("platform")) for one in things(texts, "image")][1:3] == [
        "linux/arm64", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("image: x", [("service", "x")]),
        ("image: x, volumes: [{type: image, source: y, target: /t}]", [("service", "x"), ("volume", "y")]),
        ("image: x, pre_start: [{image: y, command: c}]", [("service", "x"), ("hook", "y")]),
        ("image: '${X}'", [("service", ...)]),
        # Nobody has seen what these build.
        ("build: https://example.org/a.git", [("from", ...)]),
        ("build: '${DIR}'", [("from", ...)]),
        ("build: {context: 'https://example.org/a.git', additional_contexts: {a: 'docker-image://y'}}",
         [("context", "y"), ("from", ...)]),
        ("build: {context: 'https://example.org/a.git', additional_contexts: ['a=docker-image://y']}",
         [("context", "y"), ("from", ...)]),
        ("build: {context: 'https://example.org/a.git', additional_contexts: {a: './d', b: '${X}'}}",
         [("context", ...), ("from", ...)]),
    ],
)  # fmt: skip
def test_every_use_in_a_service_is_one(body: str, expected: list[tuple[object, object]]) -> None:
    assert uses(f"services: {{s: {{{body}}}}}") == expected


@pytest.mark.parametrize(
    ("policy", "is_used"),
    [("", True), (", pull_policy: missing", True), (", pull_policy: always", True),
     (", pull_policy: build", False), (", pull_policy: never", False),
     (", pull_policy: '${P}'", True)],
)  # fmt: skip
def test_compose_pulls_an_image_before_it_builds_it(policy: str, is_used: bool) -> None:
    text = f"services: {{s: {{image: x, build: .{policy}}}}}"
    found = things({"compose.yaml": text, "Dockerfile": "FROM scratch\n"}, "image")
    assert [plain(one.get("built")) for one in found] == ([True] if is_used else [])


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("nginx", ("docker.io", "nginx", None, None, "nginx:latest")),
        ("docker.io/library/nginx:1", ("docker.io", "nginx", "1", None, "nginx:1")),
        ("index.docker.io/a/b", ("docker.io", "a/b", None, None, "a/b:latest")),
        ("localhost/a:1", ("localhost", "localhost/a", "1", None, "localhost/a:1")),
        (f"r:5/a@{DIGEST}", ("r:5", "r:5/a", None, DIGEST, "r:5/a:latest")),
        ("${R}/a:1", (..., ..., "1", None, ...)),
        ("r.example/${A}:1", ("r.example", ..., "1", None, ...)),
        ("r.example/a:${T}", ("r.example", "r.example/a", ..., ..., ...)),
    ],
)  # fmt: skip
def test_parts_of_a_reference(reference: str, parts: tuple[object, ...]) -> None:
    [one] = things(f"services: {{s: {{image: '{reference}'}}}}", "image")
    names = ("registry", "name", "tag", "digest", "familiar")
    assert tuple(plain(one.get(name)) for name in names) == parts


def test_the_beginning_of_a_name_is_known() -> None:
    [one] = things("services: {s: {image: 'r.example/team/${A}'}}", "image")
    name = one.get("name")
    assert getattr(name, "beginning", "") == "r.example/team/"


PACKAGES = """\
FROM debian:12 AS build
RUN apt-get update && apt-get install -y curl=8.14.1-2 git make- ./x.deb && apt-get install -s none
RUN pip install -r req.txt flask 'requests>=2' git+https://example.org/x.git@v1
FROM alpine:3.22
ARG V=1
RUN apk add --no-cache jq nginx=$V
COPY --from=build /a /a
"""


def test_packages_are_those_of_all_stages_that_files_come_from() -> None:
    [stage] = things({"Dockerfile": PACKAGES}, "stage")
    found = listed(stage.get("packages"), "name", "version", "manager", "kind", "pinned")
    assert found == [
        ("jq", None, "apk", "package", False),
        ("nginx", "=1", "apk", "package", True),
        ("curl", "=8.14.1-2", "apt", "package", True),
        ("git", None, "apt", "package", False),
        ("./x.deb", None, "apt", "file", True),
        ("req.txt", ..., "pip", "list", ...),
        ("flask", None, "pip", "package", False),
        ("requests", ">=2", "pip", "package", True),
        ("git+https://example.org/x.git", "v1", "pip", "git", True),
    ]
    assert plain(stage.get("packages")) is not ...


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("apk add a $MORE", ["a"]),  # none, one or several
        ("apk add a=$VERSION", [...]),
        ("$TOOL add a", []),
        ('["apk", "add", "a"]', ["a"]),
    ],
)
def test_a_variable_may_bring_more_packages(command: str, expected: list[object]) -> None:
    [stage] = things({"Dockerfile": f"FROM scratch\nRUN {command}\n"}, "stage")
    packages = stage.get("packages")
    assert listed(packages, "name") == expected
    assert (plain(packages) is ...) == ("$" in command)


def test_what_triggers_run_is_in_the_image() -> None:
    text = "FROM scratch AS b\nONBUILD RUN apk add a && wget https://example.org/x\nFROM b\n"
    [stage] = things({"Dockerfile": text}, "stage")
    assert listed(stage.get("packages"), "name") == ["a"]
    assert listed(stage.get("downloads"), "url") == ["https://example.org/x"]
    assert plain(stage.get("instructions")) == {"FROM", "ONBUILD", "RUN"}
    assert plain(stage.get("file-instructions")) == {"FROM", "ONBUILD", "RUN"}


def test_a_repository_by_ssh_is_a_download() -> None:
    [stage] = things({"Dockerfile": "FROM scratch\nADD git@github.com:a/b.git a@b /b\n"}, "stage")
    assert listed(stage.get("downloads"), "url") == ["git@github.com:a/b.git"]
