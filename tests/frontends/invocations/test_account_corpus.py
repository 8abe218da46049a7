"""No word of an engine is lost: those of real texts, counted by plain patterns, all have accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.conftest import CORPUS

from tightship.config.keys import FRONT_ENDS
from tightship.engine.disk.files import Files
from tightship.engine.plan.front_ends import front_ends_for
from tightship.frontends.declared import declare
from tightship.model.file_project import FileProject
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")

# An engine with a verb that starts or builds, whatever is around them.
WORDS = re.compile(
    r"(?<![\w.@-])(?:docker|podman|nerdctl|buildah|finch)[ \t]+(?:-\S+[ \t]+)*"
    r"(?:run|create|build|bud|(?:container|image|buildx)[ \t]+(?:run|create|build))(?![\w.:=-])"
)
COMMENT = re.compile(r"[ \t]*(?:#|//|::)|(?:[^\"'#]|\"[^\"]*\"|'[^']*')*[ \t]#")
PRINTED = re.compile(r"[^;&|]*\b(?:echo|printf)\b[^;&|>]*\Z")


def lost(name: str, text: str, folder: Path) -> list[str]:
    """Return the lines with a word of an engine for which nothing accounts."""
    project = FileProject(Source(name, text), Files(str(folder)))
    declare(project, FRONT_ENDS)
    known = [one.span for one in (*project.services.values(), *project.images.values())]
    known += [one.span for one in project.gaps]
    every = [(one.start, one.end) for one in known if one.source.name == name]
    found: list[str] = []
    for place in WORDS.finditer(text):
        at = place.start()
        start = text.rfind("\n", 0, at) + 1
        is_text = COMMENT.match(text, start, at) or PRINTED.match(text, start, at)
        if not (is_text or any(begin <= at < end for begin, end in every)):
            found.append(text[start:].partition("\n")[0])
    return found


def blocks(text: str) -> Iterator[str]:
    """Yield the lines of a Markdown document that are in fences."""
    inside = False
    for line in text.splitlines(keepends=True):
        is_fence = line.lstrip().startswith("```")
        inside ^= is_fence
        yield line if inside and not is_fence else "\n"


def test_no_word_of_a_script_or_document_is_lost() -> None:
    for path in sorted(one for one in CORPUS.rglob("*") if one.is_file()):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        name = path.relative_to(CORPUS).as_posix()
        if front_ends_for(name, text.encode()) and WORDS.search(text):
            left = lost(name, text, CORPUS)
            if name.endswith(".md"):
                told = "".join(blocks(text))
                left = [one for one in left if one in told]
            assert not left, name


def test_no_command_that_people_note_above_a_dockerfile_is_lost() -> None:
    """Such commands are real, and written by many people; here they are scripts."""
    places = 0
    for path in sorted(CORPUS.rglob("*ockerfile*")):
        if path.is_file():
            lines = path.read_text(errors="replace").splitlines()
            noted = [one.lstrip("# \t") for one in lines if one.startswith("#")]
            text = "\n".join(["#!/bin/sh", *noted, ""])
            places += len(WORDS.findall(text))
            assert not lost("run.sh", text, CORPUS), path
    assert places > 90
