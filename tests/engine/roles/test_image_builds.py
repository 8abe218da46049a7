"""Builds of images in scripts and CI: which Dockerfiles, and what becomes of the images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.bounded import within

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.roles.chains import Commands
from tightship.engine.roles.image_builds import sign_of
from tightship.engine.roles.tree import mentions_builds, tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.tree import Tree

IMAGES = ("Dockerfile", "a/Dockerfile", "a/dev.Dockerfile", "b/Containerfile")
CI = ".github/workflows/ci.yml"
_PUSHED = {True: "pushed", None: "maybe", False: ""}


def tree_with(texts: Mapping[str, str]) -> Tree:
    """Return a tree of ``IMAGES`` and other texts."""
    return tree_of(TextFiles(dict.fromkeys(IMAGES, "FROM debian:13\n") | dict(texts)))


def shown(tree: Tree, build: ImageBuild) -> str:
    """Return the Dockerfiles of a build, `?` if they are not certain, and what becomes of it."""
    names = [one[len(tree.root) + 1 :] for one in build.dockerfiles]
    said = [*names, "" if build.is_certain else "?", _PUSHED[build.is_pushed]]
    said += ["open" if build.is_open else ""]
    said += ["over" if build.runs else "", "job" if build.jobs else ""]
    return " ".join(filter(None, said))


def builds(texts: Mapping[str, str]) -> list[str]:
    """Return what the builds of a tree are."""
    tree = tree_with(texts)
    return [shown(tree, one) for one in Commands(tree).builds]


def signs(texts: Mapping[str, str], name: str = "a/dev.Dockerfile") -> list[str]:
    """Return the purposes that the builds of a tree tell of a Dockerfile, with the places."""
    tree = tree_with(texts)
    found = sign_of(tree.path(name), tree.root, Commands(tree).builds, lambda one: texts[one])
    return [f"{one.purpose} {one.evidence.place}" for one in found]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("docker build .", ["Dockerfile"]),
        ("docker build a", ["a/Dockerfile"]),
        ("docker build -f a/dev.Dockerfile -t x .", ["a/dev.Dockerfile"]),
        ("docker build --file=a/dev.Dockerfile .", ["a/dev.Dockerfile"]),
        ("docker image build -qfa/dev.Dockerfile .", ["a/dev.Dockerfile"]),
        ("sudo docker --context far buildx build a --load", ["a/Dockerfile"]),
        ("podman build b", ["b/Containerfile"]),
        ("buildah bud -f a/dev.Dockerfile", ["a/dev.Dockerfile"]),
        ("nerdctl build --build-arg A=b --no-cache a", ["a/Dockerfile"]),
        ("/kaniko/executor --dockerfile a/dev.Dockerfile --no-push", ["a/dev.Dockerfile"]),
        ("/kaniko/executor --context a --destination x", ["a/Dockerfile pushed"]),
        ("cd a && docker build -f dev.Dockerfile ..", ["a/dev.Dockerfile"]),
        ("cd $X && docker build -f a/dev.Dockerfile .", ["a/dev.Dockerfile ?"]),
        ("for d in a .; do docker build $d; done", ["a/Dockerfile", "Dockerfile"]),
        ("for f in a/*.Dockerfile; do docker build -f $f .; done", ["a/dev.Dockerfile"]),
        ('docker build -f "a/$X.Dockerfile" -t x .', ["a/dev.Dockerfile ?"]),
        ('docker build -f "$X" -t x .', [" ".join((*IMAGES, "?"))]),
        ("docker build --pull $OPTIONS a", ["a/Dockerfile open"]),
        ('docker build "$DIR"', ["Dockerfile a/Dockerfile b/Containerfile ?"]),
        ("docker build https://example.com/x.git", []),
        ("docker build -t x - <<END\nFROM x\nEND", []),
        ("docker build c", ["?"]),
        ("docker buildx ls; docker builder prune", []),
        ("make build; apt-get install docker build-essential", []),
        ("$DOCKER build -t x a", ["a/Dockerfile"]),
        ("$GO build a # docker", []),
        ("sh -c 'docker build a'", ["a/Dockerfile"]),
    ],
)  # fmt: skip
def test_a_build_reads_a_dockerfile(script: str, expected: list[str]) -> None:
    assert builds({"build.sh": f"#!/bin/sh\n{script}\n"}) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("docker build -t x a\ndocker push x", "pushed"),
        ("docker build -t x:1 a\ndocker push -q x:2", "pushed"),
        ("docker build -t x a\ndocker push y", ""),
        ("docker build -t x a\ndocker tag x r.example/x\ndocker push r.example/x", "pushed"),
        ("docker build -t x a\nskopeo copy docker-daemon:x docker://x", "pushed"),
        ("docker build -t x a\ndocker save x | gzip > x.tgz", "pushed"),
        ("docker build -t x a\ndocker save x > x.tar\ndocker load < x.tar", ""),
        ("docker buildx build -t x --push a", "pushed"),
        ("docker buildx build -t x --push=false a", ""),
        ("docker buildx build -t x --push=$P a", "maybe"),
        ("docker buildx build -o type=registry -t x a", "pushed"),
        ("docker buildx build -o type=docker -t x a", ""),
        ("docker buildx build $PUSH -t x a", "open"),
        ("docker build -t x a\ndocker push $IMAGE", "maybe"),
        ("docker build -t r/$X:1 a\ndocker push r/x", "maybe"),
        ("docker build -t r/$X:1 a\ndocker push s/x", ""),
        ("docker build a\ndocker push x", ""),
    ],
)
def test_what_is_pushed(script: str, expected: str) -> None:
    assert builds({"build.sh": f"#!/bin/sh\n{script}\n"}) == [f"a/Dockerfile {expected}".strip()]


def test_an_unknown_name_in_another_file_is_no_push_of_a_known_one() -> None:
    texts = {"a.sh": "docker build -t one a\n", "b.sh": "docker push $IMAGE\n"}
    assert builds(texts) == ["a/Dockerfile"]
    assert builds(texts | {"b.sh": "docker push r/$IMAGE-x one\n"}) == ["a/Dockerfile pushed"]


def workflow(steps: str, job: str = "") -> dict[str, str]:
    """Return a workflow with some lines of a job, and some steps."""
    lines = [*job.splitlines(), "steps:", *steps.splitlines()]
    return {CI: "jobs:\n  one:\n" + "".join(f"    {line}\n" for line in lines)}


_STEP = "- uses: docker/build-push-action@v6\n  with:\n    file: a/dev.Dockerfile\n    tags: x\n"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (_STEP, "a/dev.Dockerfile"),
        (_STEP + "    push: true\n", "a/dev.Dockerfile pushed"),
        (_STEP + "    push: false\n", "a/dev.Dockerfile"),
        (_STEP + "    push: ${{ github.ref == 'x' }}\n", "a/dev.Dockerfile maybe"),
        (_STEP + "    outputs: type=image,push=true\n", "a/dev.Dockerfile pushed"),
        (_STEP + "- run: docker push x\n", "a/dev.Dockerfile pushed"),
        (_STEP.replace("@v6", "@v1"), "a/dev.Dockerfile maybe"),
        (_STEP.replace("docker/build-push-action", "else/build"), "a/dev.Dockerfile maybe"),
        (_STEP.replace("file: a/dev.Dockerfile", "context: a"), "a/Dockerfile"),
        (_STEP.replace("file: a/dev.Dockerfile", "context: ${{ github.workspace }}/a"),
         "a/Dockerfile"),
        ("- run: docker build -t x ${{ github.workspace }}/a", "a/Dockerfile"),
        ("- run: cd $GITHUB_WORKSPACE/a && docker build -t x .", "a/Dockerfile"),
    ],
)  # fmt: skip
def test_a_step_builds_an_image(steps: str, expected: str) -> None:
    assert builds(workflow(steps)) == [expected]


@pytest.mark.parametrize(
    "matrix",
    [
        "image: [a/Dockerfile, a/dev.Dockerfile]",
        "include: [{image: a/Dockerfile}, {image: a/dev.Dockerfile}]",
    ],
)
@pytest.mark.parametrize(
    "step",
    [
        "- run: docker build -f ${{ matrix.image }} .",
        "- {uses: docker/build-push-action@v6, with: {file: '${{ matrix.image }}'}}",
    ],
)
def test_a_matrix_names_dockerfiles(matrix: str, step: str) -> None:
    texts = workflow(step, f"strategy:\n  matrix:\n    {matrix}")
    assert builds(texts) == ["a/Dockerfile", "a/dev.Dockerfile"]


def test_a_matrix_has_tables() -> None:
    matrix = "strategy:\n  matrix:\n    image: [{in: a, tag: x}, {in: ., tag: y}]"
    step = "- run: docker build -t ${{ matrix.image.tag }} ${{ matrix.image.in }}"
    assert {*builds(workflow(step, matrix))} == {"a/Dockerfile", "Dockerfile"}
    assert builds(workflow(step)) == ["Dockerfile a/Dockerfile b/Containerfile ?"]


def test_gitlab_runs_jobs_in_what_it_builds() -> None:
    text = (
        "build:\n  parallel:\n    matrix:\n      - FILE: [dev]\n"
        "  script: [docker build -t r.example/x:1 -f $CI_PROJECT_DIR/a/$FILE.Dockerfile .,\n"
        "    docker push r.example/x:1]\n"
        "test:\n  image: r.example/x:1\n  script: [make check]\n"
    )
    assert builds({".gitlab-ci.yml": text}) == ["a/dev.Dockerfile pushed job"]
    assert signs({".gitlab-ci.yml": text}) == ["test .gitlab-ci.yml:8"]


_BUILD = "- run: docker build -t x -f a/dev.Dockerfile .\n"
_JOB = "  two: {container: x, steps: [{run: make check}]}\n"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({}, True),
        ({"README.md": "# Tests\n\n    docker build -f a/dev.Dockerfile .\n"}, True),
        ({"README.md": "# Installation\n\n    docker build -f a/dev.Dockerfile .\n"}, False),
        ({"README.md": "Run `docker build -f a/dev.Dockerfile .` to start.\n"}, False),
        ({"a/dev.Dockerfile": "# docker build -f a/dev.Dockerfile .\nFROM debian:13\n"}, True),
        ({"build.sh": "docker build -t y -f a/dev.Dockerfile .\ndocker push y\n"}, False),
        ({"build.sh": "docker build -t y -f a/dev.Dockerfile .\n"}, True),
        ({"build.sh": 'docker build -t y -f "$1" .\ndocker push y\n'}, False),
        ({"deploy.sh": "docker build -t y -f a/dev.Dockerfile .\n"}, False),
        ({"build.sh": "docker push x\n"}, True),
        ({"docker-bake.hcl": 'target "x" {\n  dockerfile = "a/dev.Dockerfile"\n}\n'}, False),
        (
            {
                "docker-bake.hcl": 'variable "F" { default = "dev.Dockerfile" }\n'
                'target "x" {\n  context = "a"\n  dockerfile = "${F}"\n}\n'
            },
            False,
        ),
        ({"docker-bake.hcl": 'target "x" {\n  context = "b"\n  dockerfile = "c"\n}\n'}, True),
    ],
)
def test_what_ci_runs_its_jobs_in_is_for_tests(others: dict[str, str], expected: bool) -> None:
    texts = workflow(_BUILD) | others
    assert signs(texts) == []
    texts[CI] += _JOB
    assert signs(texts) == ([f"test {CI}:5"] if expected else [])


def test_the_image_of_the_repository_is_its_product() -> None:
    assert signs(workflow("- run: docker build -t x .\n"), "Dockerfile") == []
    texts = {CI: workflow(_BUILD)[CI] + _JOB}
    [build] = Commands(tree_with(texts)).builds
    for tag, number in (("org/shop:1", 0), ("Shop", 0), ("shop:test-1", 1), ("shop-ci", 1)):
        named = build.replaced(dockerfiles=("/home/me/shop/a/Dockerfile",), tags=(tag,))
        found = sign_of(named.dockerfiles[0], "/home/me/shop", [named], lambda one: texts[one])
        assert len([*found]) == number


def test_without_a_dockerfile_nothing_is_looked_at() -> None:
    tree = tree_of(TextFiles({CI: "jobs: {a: {steps: [run: docker build .]}}\n"}))
    commands = Commands(tree)
    assert commands.builds == []


@pytest.mark.parametrize(
    "text",
    ["docker" + " -a" * 30_000, "docker" + " --a b" * 30_000, "docker " * 30_000, "}" * 90_000],
)
def test_a_long_line_is_looked_at_in_linear_time(text: str) -> None:
    with within(1):
        mentions_builds(text.encode() + b"docker")
