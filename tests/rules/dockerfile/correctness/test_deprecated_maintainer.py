"""The rule `deprecated-maintainer`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.dockerfile.correctness.conftest import on_debian

from tightship.rules.dockerfile.correctness.deprecated_maintainer import deprecated_maintainer

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_an_existing_label_is_not_added_again(judge: Judge) -> None:
    files = on_debian("MAINTAINER jane", "LABEL maintainer=jane")
    [one] = judge(files, [deprecated_maintainer])
    assert one.finding.fix is None
