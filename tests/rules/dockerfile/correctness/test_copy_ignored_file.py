"""The rule `copy-ignored-file`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.correctness.copy_ignored_file import copy_ignored_file as rule

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def files(line: str, *patterns: str) -> dict[str, str]:
    return {"Dockerfile": f"FROM debian:13\n{line}\n", ".dockerignore": "\n".join(patterns)}


@pytest.mark.parametrize(
    ("source", "patterns"),
    [
        ("dist", ["dist"]),
        ("./dist/", ["/dist/"]),
        ("/dist/app.js", ["dist"]),
        ("../dist", ["dist"]),
        ("a/../dist", ["dist"]),
        ("lib/x.pem", ["**/*.pem"]),
        ("src", ["*"]),
        ("package.json", ["*", "!src"]),
        ("dist", ["!dist", "dist"]),
        ("dist", ["!dist/keep", "dist"]),
        ("src/x.pem", ["*", "!src", "**/*.pem"]),
        ("certs/*.pem", ["certs"]),
        ("certs/*/a?.pem", ["certs"]),
        ("*.md", ["*.md"]),
        ("dist", ["dist", "!distant", "!lib/*.js"]),
        ("Dockerfile", ["Dockerfile"]),
    ],
)
def test_surely_ignored_files_are_found(source: str, patterns: list[str], found: Found) -> None:
    for keyword in ("COPY", "ADD", "COPY --chown=1:1", "copy --link"):
        place = [("warning", source)]
        assert found(files(f"{keyword} {source} /x/", *patterns), rule) == place


@pytest.mark.parametrize(
    ("line", "patterns"),
    [
        ("COPY . /x", ["*", "!src"]),
        ("COPY / /x", ["dist"]),
        ("COPY dist /x", ["Dist", "dist/*", "*/dist", "#dist", "distant"]),
        ("COPY dist /x", ["dist", "!dist"]),
        ("COPY dist /x", ["dist", "!dist/keep"]),
        ("COPY dist /x", ["dist", "!**/*.js"]),
        ("COPY dist /x", ["dist", "!d*"]),
        ("COPY dist/* /x", ["dist/*", "!dist/app.js"]),
        ("COPY *.md /x", ["README.md"]),
        ("COPY d* /x", ["dist"]),
        ("COPY $DIST /x", ["dist"]),
        ("COPY --from=other dist /x", ["dist"]),
        ("ADD https://example.org/dist /x", ["https*", "**/dist"]),
        ("ADD git@example.org:dist.git /x", ["**"]),
        ("ONBUILD COPY dist /x", ["dist"]),
        ("COPY <<dist /x\ndist\ndist", ["dist"]),
        ("RUN --mount=type=bind,source=dist,target=/x make", ["dist"]),
        ("COPY dist /x", ["dist", "["]),
    ],
)
def test_existing_and_undecided_files_are_silent(
    line: str, patterns: list[str], found: Found
) -> None:
    assert found(files(line, *patterns), rule) == []


def test_each_source_is_a_finding_that_shows_its_line(judge: Judge) -> None:
    given = files('COPY ["a", "b", "c d", "/x/"]', "# why", "c*", "a")
    first, second = judge(given, [rule])
    assert [first.span.text, second.span.text] == ['"a"', '"c d"']
    assert "`.dockerignore` excludes `c d` from the build" in second.finding.message
    [place] = second.finding.because
    assert (place.span.source.name, place.span.text) == (".dockerignore", "c*")


def test_an_argument_counts_by_its_default(judge: Judge) -> None:
    [one] = judge(files("ARG D=dist\nCOPY $D /x", "dist"), [rule])
    assert one.finding.message.endswith("(default of `ARG D`)")


JOINED = {
    "deploy/compose.yaml": """
    services:
      web:
        build: {context: ../app, dockerfile: ../docker/web.Dockerfile}
    """,
    "docker/web.Dockerfile": "FROM debian:13\nCOPY dist src /x/\n",
}


@pytest.mark.parametrize(
    ("ignored", "places"),
    [
        ({"app/.dockerignore": "dist"}, ["dist"]),
        ({"docker/.dockerignore": "dist"}, []),
        ({"docker/web.Dockerfile.dockerignore": "src"}, ["src"]),
        ({"app/.dockerignore": "dist", "docker/web.Dockerfile.dockerignore": "src"}, ["src"]),
        ({"app/.gitignore": "dist"}, []),
    ],
)
def test_the_context_of_the_service_counts(
    ignored: dict[str, str], places: list[str], found: Found
) -> None:
    assert found(JOINED | ignored, rule) == [("warning", one) for one in places]


def test_two_contexts_may_disagree(found: Found) -> None:
    compose = """
    services:
      web: {build: {context: web, dockerfile: ../Dockerfile}}
      api: {build: {context: api, dockerfile: ../Dockerfile}}
    """
    given = {
        "compose.yaml": compose,
        "Dockerfile": "FROM debian:13\nCOPY dist /x\n",
        "api/.dockerignore": "dist",
    }
    assert found(given, rule) == [("warning", "dist")]


def test_a_remote_context_is_not_known(found: Found) -> None:
    compose = """
    services:
      web:
        build:
          context: https://example.org/app.git
          dockerfile_inline: "FROM debian:13\\nCOPY dist /x\\n"
    """
    assert found({"compose.yaml": compose, ".dockerignore": "dist"}, rule) == []


@pytest.mark.parametrize("source", [".", "./", "/", "a/.."])
@pytest.mark.parametrize(
    ("patterns", "is_empty"),
    [
        (["*"], True),
        (["**"], True),
        (["!a", "*"], True),
        (["*", "node_modules"], True),
        (["*", "!a"], False),
        (["a", "*.md"], False),
    ],
)
def test_an_empty_context_leaves_nothing_to_copy(
    found: Found, source: str, patterns: list[str], is_empty: bool
) -> None:
    expected = [("warning", source)] if is_empty else []
    assert found(files(f"COPY {source} /srv/", *patterns), rule) == expected
