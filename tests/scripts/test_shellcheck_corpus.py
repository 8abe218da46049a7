"""What ShellCheck finds in real Dockerfiles: as it finds it by itself, at the right place.

The oracles are ShellCheck, one process for each script that BuildKit's own parser gives,
and the program hadolint, which uses ShellCheck as a library.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from bisect import bisect_right
from collections import Counter
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import needs_shellcheck

from tightship.engine.shellcheck.answers import shellcheck
from tightship.engine.shellcheck.program import shellcheck_program
from tightship.frontends.dockerfile.build import Build
from tightship.scripts.of_dockerfile import snippets_of_build
from tightship.scripts.snippet import LEFT_OUT, comments
from tightship.syntax.dockerfile.read import read

if TYPE_CHECKING:
    from tightship.scripts.snippet import Answer, ShellComment, Snippet
    from tightship.text import Source

# What BuildKit takes out of a line that goes on.
_CONTINUED = re.compile(r"\\[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*")

# hadolint knows no value of ENV and ARG: each is `1`, and `sh` is POSIX's everywhere.
BUSYBOX_KNOWS = {"SC3037", "SC3001", "SC3010", "SC3040", "SC3043", "SC3046"}


def snippets(source: Source) -> list[Snippet]:
    return list(snippets_of_build(Build(read(source))))


def found_in(snippet: Snippet) -> list[ShellComment]:
    return comments(snippet, shellcheck().answers(snippet.script))


def alone(script: str) -> list[Answer]:
    """Return the answer of a process of its own, which reads standard input."""
    done = subprocess.run(
        [shellcheck_program(), "--norc", "--format=json1", "-"],
        input=script.encode(),
        capture_output=True,
        check=False,
    )
    found: list[Answer] = json.loads(done.stdout)["comments"]
    return found


@pytest.mark.exhaustive
def test_each_script_has_the_findings_of_shellcheck_itself(dockerfiles: list[Source]) -> None:
    needs_shellcheck()
    parser: Any = pytest.importorskip("dockerfile")
    seen = compared = apart = 0
    for source in dockerfiles:
        by_buildkit = [
            one.value[0]
            for one in parser.parse_string(source.text)
            if one.cmd.upper() in ("RUN", "CMD", "ENTRYPOINT") and not one.json
        ]
        for snippet in snippets(source):
            if snippet.quoted is not str:
                continue  # the script of `sh -c` in exec form
            seen += 1
            value = snippet.text.value
            if value not in by_buildkit:
                # BuildKit's parser has heredocs apart, and a health check in words.
                assert "<<" in source.text or "HEALTHCHECK" in source.text
                apart += 1
            head = snippet.script.removesuffix(value)
            assert re.fullmatch(r"#!/bin/[a-z ]+( -e)?\n(export [^\n]+\n)?", head)
            above = head.count("\n")
            expected = [
                one
                for one in alone(snippet.script)
                if one["code"] not in LEFT_OUT and one["line"] > above
            ]
            found = found_in(snippet)
            assert [one.code for one in found] == [f"SC{one['code']}" for one in expected]
            lines = value.split("\n")
            for ours, theirs in zip(found, expected, strict=True):
                if theirs["line"] != theirs["endLine"]:
                    continue
                start, end = theirs["column"] - 1, theirs["endColumn"] - 1
                wanted = lines[theirs["line"] - above - 1][start : max(end, start + 1)]
                assert _CONTINUED.sub("", ours.span.text) == wanted
                compared += 1

    assert seen - apart > 500
    assert compared > 30


@pytest.mark.exhaustive
def test_shellcheck_findings_of_hadolint_are_found(dockerfiles: list[Source]) -> None:
    needs_shellcheck()
    folders = (os.path.dirname(sys.executable), os.environ["PATH"])
    hadolint = which("hadolint", path=os.pathsep.join(folders))
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    names = [one.name for one in dockerfiles]
    done = subprocess.run(
        [hadolint, "--no-fail", "--format", "json", *names],
        capture_output=True,
        check=True,
        cwd="/",
    )
    theirs = Counter[tuple[str, int, str]]()
    for one in json.loads(done.stdout):
        if one["code"].startswith("SC"):
            theirs[one["file"], one["line"], one["code"]] += 1
    assert theirs
    ours = Counter[tuple[str, int, str]]()
    languages = dict[tuple[str, int], str]()
    for source in dockerfiles:
        starts = [one.span.start for one in read(source).instructions]
        for snippet in snippets(source):
            at = bisect_right(starts, snippet.whole.start) - 1
            line = source.point(starts[at])[0] + 1
            languages[source.name, line] = snippet.dialect.interpreter
            for comment in found_in(snippet):
                ours[source.name, line, comment.code] += 1
    missing = [
        (file, line, code)
        for file, line, code in theirs
        if not ours[file, line, code]
        and not (code in BUSYBOX_KNOWS and languages[file, line] == "/bin/busybox sh")
    ]
    assert missing == []
