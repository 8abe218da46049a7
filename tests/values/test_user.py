"""Who `user` and `USER` name."""

from __future__ import annotations

import pytest

from tightship.values.process import is_root


@pytest.mark.parametrize(
    "text", ["root", "root:x", "0", "0:0", "00", "+0", "-0", "0:${G}", ":0", ":"]
)
def test_root(text: str) -> None:
    assert is_root(text) is True


@pytest.mark.parametrize(
    "text", ["", "1000", "1000:0", "nobody:root", "0x0", "root ", "ROOT", "1000:${G}"]
)
def test_users_other_than_root(text: str) -> None:
    assert is_root(text) is False


@pytest.mark.parametrize("text", ["${U}", "${U}:0", "0${U}", "r${U}t"])
def test_a_variable_without_a_value_decides(text: str) -> None:
    assert is_root(text) is None
