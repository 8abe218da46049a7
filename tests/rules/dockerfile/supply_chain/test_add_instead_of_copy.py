"""The rule `add-instead-of-copy`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.supply_chain.add_instead_of_copy import add_instead_of_copy
from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge


def fixed(judge: Judge, step: str) -> str | None:
    """Return one ADD after the fix; nothing if there is no finding.

    A finding without a fix gives the step as it is.
    """
    text = f"FROM a\nARG OPEN\nARG FILE=a.py\n{step}\n"
    found = judge({"Dockerfile": text}, [add_instead_of_copy])
    if not found:
        return None
    [one] = found
    assert one.span.text.upper() == "ADD" or "\n" in one.span.text
    if one.finding.fix is None:
        return step
    after = apply_edits(one.span.source, one.finding.fix.edits)
    return after.split("\n", 3)[3][:-1]


@pytest.mark.parametrize(
    "arguments",
    [
        "a.py /x/",
        ". /x/",
        "./ /x/",
        ".. /x/",
        "folder/ /x/",
        "--chown=app:app --chmod=0755 --link a.py b.SH c.d/e.conf /x/",
        "*.py /x/",
        "src/[ab]*.json /x/",
        "app.jar /x/",
        "app.zip /x/",
        ".env /x/",
        '["a b.py", "/x/"]',
        "--exclude=*.md . /x/",
        "<<A /x/\ntext\nA",
        "a.py <<A /x/\ntext\nA",
        "a.py \\\n  b.py \\\n  /x/",
    ],
)
def test_a_source_that_is_no_archive_can_be_copied(judge: Judge, arguments: str) -> None:
    assert fixed(judge, f"ADD {arguments}") == f"COPY {arguments}"
    assert fixed(judge, f"add {arguments}") == f"copy {arguments}"
    assert fixed(judge, f"Add {arguments}") == f"Copy {arguments}"
    assert fixed(judge, f"ONBUILD ADD {arguments}") == f"ONBUILD COPY {arguments}"


@pytest.mark.parametrize(
    "arguments",
    [
        "server /x/",
        "* /x/",
        "src/* /x/",
        "src*/ /x/",
        "a.* /x/",
        "image.bin /x/",
        "a.py server /x/",
        "${FILE} /x/",
        "--keep-git-dir=true a.py /x/",
    ],
)
def test_without_certainty_there_is_a_finding_and_no_fix(judge: Judge, arguments: str) -> None:
    assert fixed(judge, f"ADD {arguments}") == f"ADD {arguments}"


ARCHIVES = """
tar tar.gz tgz tar.bz2 tbz2 tbz tb2 tar.xz txz tar.zst tzst gz xz bz2 tar.lz4 TAR.GZ apk gem
"""


@pytest.mark.parametrize(
    "arguments",
    [
        *(f"a.{extension} /x/" for extension in ARCHIVES.split()),
        "a-*.tar.* /x/",
        "*.tgz /x/",
        "a.py a.tar /x/",
        "https://example.com/a.py /x/",
        "a.py https://example.com/a.py /x/",
        "https://example.com/a.git#main /x/",
        "git@example.com:team/a.git /x/",
        "ftp://example.com/a.py /x/",
        "${OPEN} /x/",
        "${OPEN}/a.py /x/",
        "a.py ${OPEN} /x/",
        "--unpack=false a.py /x/",
        "--unpack server /x/",
        '"a b.py" /x/',  # quotes hold no words together here: it is refused
        "a.py",
        "",
    ],
)
def test_a_possibly_needed_add_is_kept(judge: Judge, arguments: str) -> None:
    assert fixed(judge, f"ADD {arguments}") is None


def test_a_keyword_split_by_a_continuation_has_no_fix(judge: Judge) -> None:
    assert fixed(judge, "AD\\\nD a.py /x/") == "AD\\\nD a.py /x/"


def test_paths_of_windows_are_paths(judge: Judge) -> None:
    text = "# escape=`\nFROM a\nADD app\\a.ps1 C:\\app\\\nADD app\\a.tar C:\\app\\\n"
    [found] = judge({"Dockerfile": text}, [add_instead_of_copy])
    assert found.finding.fix is not None


def test_a_possible_archive_is_named(judge: Judge) -> None:
    text = "FROM a\nADD a.py server /x/\n"
    [found] = judge({"Dockerfile": text}, [add_instead_of_copy])
    assert "`server`, or unpacks it if it is an archive" in found.finding.message


def test_a_source_named_by_an_argument_is_reported(judge: Judge) -> None:
    text = "FROM a\nARG FILE=a.jar\nADD ${FILE} app.jar\n"
    [found] = judge({"Dockerfile": text}, [add_instead_of_copy])
    assert found.finding.message.endswith(" (default of `ARG FILE`)")
