"""The rule `archive-unpacked-by-run`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.archive_unpacked_by_run import archive_unpacked_by_run

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "run",
    [
        "tar xzf /tmp/a.tar.gz",
        "tar -xf /tmp/a.tar.gz -C /",
        "cd /tmp && tar -C / -zxf a.tar.gz",
        "tar --extract --file=/tmp/a.tar.gz",
    ],
)
def test_an_archive_that_is_copied_and_unpacked(judge: Judge, run: str) -> None:
    steps = image(f"COPY a.tar.gz /tmp/\nRUN {run}")
    [one] = judge(steps, [archive_unpacked_by_run])
    assert one.span.text == "a.tar.gz"
    assert [place.span.text for place in one.finding.because] == ["tar"]


@pytest.mark.parametrize(
    "name", ["a.tar", "a.tgz", "a.tbz2", "a.tar.bz2", "a.txz", "a.tar.xz", "a.tar.zst", "A.TGZ"]
)
@pytest.mark.parametrize(
    "run", ["tar xf /tmp/{}", "tar -x < {}", "zcat {} | tar x", "gunzip /tmp/{}"]
)
def test_archives_of_all_kinds(found: Found, name: str, run: str) -> None:
    steps = image(f"COPY {name} /tmp/\nRUN {run.format(name)}")
    assert found(steps, archive_unpacked_by_run) == [("info", name)]


def test_the_name_in_the_image_counts(judge: Judge) -> None:
    steps = image("COPY a-1.0.tgz /tmp/a.tgz\nRUN tar xf /tmp/a.tgz")
    [one] = judge(steps, [archive_unpacked_by_run])
    assert one.span.text == "a-1.0.tgz"


@pytest.mark.parametrize(
    "steps",
    [
        "COPY a.tar.gz /tmp/",
        "COPY a.zip /tmp/\nRUN bsdtar -xf /tmp/a.zip",
        "COPY a.tar.lz /tmp/\nRUN tar -xf /tmp/a.tar.lz",
        "COPY a.tar.Z /tmp/\nRUN tar -xf /tmp/a.tar.Z",
        "COPY a.sql.gz /tmp/\nRUN gunzip /tmp/a.sql.gz",
        "COPY a.tar.gz /tmp/\nRUN tar tf /tmp/a.tar.gz",
        "COPY a.tar.gz /tmp/\nRUN tar czf /tmp/a.tar.gz /x",
        "COPY a.tar.gz /tmp/\nRUN tar xf /tmp/b.tar.gz",
        "COPY --from=b /a.tar.gz /tmp/\nRUN tar xf /tmp/a.tar.gz",
        "ADD a.tar.gz /tmp/\nRUN tar xf /tmp/a.tar.gz",
        "COPY a.zip /tmp/\nRUN unzip /tmp/a.zip",
        "RUN tar xf /tmp/a.tar.gz\nCOPY a.tar.gz /tmp/",
    ],
)
def test_archives_that_add_cannot_unpack(found: Found, steps: str) -> None:
    assert found(image(steps), archive_unpacked_by_run) == []
