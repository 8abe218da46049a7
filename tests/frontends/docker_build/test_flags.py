"""The table of flags, and the words of a command as flags and a context."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.frontends.docker_build.builds_of import build_of, builds_of

from tightship.frontends.compose.specification.section_keys import BUILD
from tightship.frontends.flags.flags import FACTS, flag_of
from tightship.lazy.modules import facts

TABLE = facts(FACTS)
KINDS = ("switch", "text", "items", "commas", "file", "hides", "value", "flag")
CONTEXT = {"context": "."}
CASES: list[tuple[str, dict[str, Any]]] = [
    (".", CONTEXT),
    ("-t a/b:1 --tag c .", {"tags": ["a/b:1", "c"], **CONTEXT}),
    (". -ta", {"tags": ["a"], **CONTEXT}),
    ("-qt a -- .", {"tags": ["a"], **CONTEXT}),
    ("--build-arg A=b --build-arg=C --build-arg 'D=e f' .", {
        "args": ["A=b", "C", "D=e f"], **CONTEXT,
    }),
    ("--target=x --target y .", {"target": "y", **CONTEXT}),
    ("--network host --allow security.insecure .", {
        "network": "host", "entitlements": ["security.insecure"], **CONTEXT,
    }),
    ("--build-context a=docker-image://b:1 --build-context c=../d .", {
        "additional_contexts": ["a=docker-image://b:1", "c=../d"], **CONTEXT,
    }),
    ("--platform linux/amd64,linux/arm64 .", {
        "platforms": ["linux/amd64", "linux/arm64"], **CONTEXT,
    }),
    ("--secret id=a,src=b --ssh default --no-cache --pull=false .", {
        "secrets": ["id=a,src=b"], "ssh": ["default"], "no_cache": "true", "pull": "false",
        **CONTEXT,
    }),
    ("--label a=b --cache-from c --cache-to=type=inline .", {
        "labels": ["a=b"], "cache_from": ["c"], "cache_to": ["type=inline"], **CONTEXT,
    }),
    ("-f ./Dockerfile .", {"dockerfile": "Dockerfile", **CONTEXT}),
    ("--push --load --progress plain --provenance=false -o out .", CONTEXT),
    ("--build-arg 'A=$b' .", {"args": ["A=$b"], **CONTEXT}),
    ("--build-arg A=$B .", {"args": ["A=${B}"], **CONTEXT}),
    ("$PWD", CONTEXT),
    ('"$(pwd)"', CONTEXT),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), CASES, ids=[one for one, _ in CASES])
def test_flags_are_the_keys_that_mean_the_same(words: str, expected: dict[str, Any]) -> None:
    assert build_of(f"docker build {words}\n") == expected
    [made] = builds_of(f"docker buildx build {words}\n")
    assert made.complete


@pytest.mark.parametrize("name", [*TABLE["flags"], *TABLE["podman"], *TABLE["nerdctl"]])
def test_a_flag_has_a_kind_that_is_read_and_a_key_of_compose(name: str) -> None:
    engine = next(one for one in ("flags", "podman", "nerdctl") if name in TABLE[one])
    flag = flag_of(name, "docker" if engine == "flags" else engine, FACTS)
    assert flag is not None
    assert flag.kind in KINDS
    assert bool(flag.path) == (flag.kind not in ("value", "flag"))
    if flag.path:
        [key] = flag.path
        assert key in (BUILD.keys or ())


def test_short_names_are_those_of_known_flags() -> None:
    names = TABLE["short"].values()
    assert [one for one in names if flag_of(one, "podman", FACTS) is None] == []


@pytest.mark.parametrize(
    "words",
    [
        "$OPTIONS .",
        '"$@" .',
        '"${flags[@]}" .',
        "$A -t b .",
        "--new-flag 1 .",
        "-t a ...",
        "-",
        "-f - .",
        '-f "$FILE" .',
        '"$CONTEXT"',
        "/src",
        "..",
        "--build-arg-file a .",
    ],
)
def test_what_only_a_run_decides_is_unknown(words: str) -> None:
    [made] = builds_of(f"podman build {words}\n")
    assert made.may_have("build")


def test_podman_builds_the_folder_in_which_it_runs() -> None:
    [made] = builds_of("podman build -t a\n")
    assert not made.may_have("build")
    [made] = builds_of("docker build -t a\n")
    assert made.may_have("build")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("docker build -t reg.example/a/b:1 .", ["b"]),
        ("docker image build --tag=b:1 .", ["b"]),
        ("docker builder build -t b:1 .", ["b"]),
        ("docker buildx --builder a b -t b .", ["b"]),
        ("nerdctl build -t b .", ["b"]),
        ("sudo docker -H tcp://a build -t b .", ["b"]),
        ("$DOCKER build -t b .", ["b"]),
        ("docker build -t b . && docker build -t b .", ["b", "b-2"]),
        ("docker build --tag=$A:1 .", ["$A:1"]),
        ("docker build src/web", ["web"]),
        ("docker build .", ["image"]),
        ("docker run a build", []),
        ("docker compose build a", []),
        ("docker b .", []),
        ("docker buildx ls", []),
        ("echo docker build .", []),
        ("# docker build .", []),
    ],
)
def test_a_build_is_found_by_its_words(text: str, names: list[str]) -> None:
    assert [one.name for one in builds_of(f"{text}\n")] == names


WORDS = ["docker", "podman", "buildx", "build", "-t", "-f", "--build-arg", "--x", "A=b", ".", "$A",
         '"$@"', "--", "-", "&&", "cd", "(", ")", "'", "\n", "\\\n", "--tag=", "a:b"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from(["a.sh", "Makefile", "a.md"]))
def test_any_words_are_read(words: list[str], name: str) -> None:
    builds_of("docker build " + " ".join(words) + "\n", name)
