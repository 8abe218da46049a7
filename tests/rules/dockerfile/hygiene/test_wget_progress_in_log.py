"""The rule `wget-progress-in-log`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.wget_progress_in_log import wget_progress_in_log

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "wget https://x.org/a",
        "wget -O a https://x.org/a",
        "wget -O $HOME/a https://x.org/a",
        'wget "$URL"',
    ],
)
def test_downloads_with_progress(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), wget_progress_in_log) == [("info", "wget")]


@pytest.mark.parametrize(
    "script",
    [
        "wget -q https://x.org/a",
        "wget -qO- https://x.org/a",
        "wget -nv https://x.org/a",
        "wget --no-verbose https://x.org/a",
        "wget --progress=dot:giga https://x.org/a",
        "wget -o log https://x.org/a",
        "wget https://x.org/a 2>/dev/null",
        "wget https://x.org/a >log 2>&1",
        "wget --version",
        "wget $OPTIONS https://x.org/a",
        "curl -O https://x.org/a",
    ],
)
def test_downloads_without_progress(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), wget_progress_in_log) == []


@pytest.mark.parametrize(
    ("value", "word", "expected"),
    [
        ("=http://x.org/f", "$U", 1),
        ("=http://x.org/f", "${U}.tgz", 1),
        ("=-q", "$U", 0),
        ("", "$U", 0),
        ("=http://x.org/f", "$V", 0),
    ],
)
def test_a_variable_with_a_known_address(
    found: Found, value: str, word: str, expected: int
) -> None:
    lines = image(f"ARG U{value}\nRUN wget {word}")
    assert len(found(lines, wget_progress_in_log)) == expected
