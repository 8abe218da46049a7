"""The page about formats has a chapter with an example for each."""

from __future__ import annotations

import re

from tests.generate.formats import PAGE

from tightship.report.formats import FORMATS


def test_the_page_has_a_chapter_for_every_format() -> None:
    chapters = re.findall(r"^## `(\w+)`", PAGE.read_text("utf-8"), re.MULTILINE)
    assert chapters == list(FORMATS)
