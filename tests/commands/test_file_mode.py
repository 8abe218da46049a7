"""What a mode makes of a file, with chmod itself as the judge."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tightship.commands.file_mode import SETGID, SETUID, parse

if TYPE_CHECKING:
    from pathlib import Path

WHO = st.text("ugoa", max_size=3)
PERMISSIONS = st.one_of(st.text("rwxXst", max_size=4), st.sampled_from("ugo"))
ACTION = st.tuples(st.sampled_from("+-="), PERMISSIONS).map("".join)
CLAUSE = st.tuples(WHO, st.lists(ACTION, min_size=1, max_size=3).map("".join))
SYMBOLIC = st.lists(CLAUSE.map("".join), min_size=1, max_size=3).map(",".join)
NUMERIC = st.integers(0, 0o7777).map("{:o}".format)


@pytest.mark.skipif(shutil.which("chmod") is None, reason="chmod is not here")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(SYMBOLIC, NUMERIC), before=st.integers(0, 0o7777))
def test_chmod_agrees_about_every_bit(tmp_path: Path, text: str, before: int) -> None:
    file = tmp_path / "file"
    file.touch()
    file.chmod(before)
    command = ["chmod", "--", text, str(file)]
    done = subprocess.run(command, check=False, capture_output=True, umask=0o022, timeout=10)
    mode = parse(text)
    if mode is None:
        assert done.returncode != 0
        return
    # It also fails where the umask keeps a mode such as `-w` from being carried out.
    after = stat.S_IMODE(file.stat().st_mode)
    privileged = os.geteuid() == 0
    known = 0o7777 if privileged else 0o777
    assert mode.on & known & ~after == 0
    assert mode.off & known & after == 0


@pytest.mark.parametrize(
    "text", ["777", "0666", "002", "o+w", "a=rwx", "ugo+w", "u=rw,o=w", "o-x+w", "00777", "o+rwX"]
)
def test_modes_that_let_every_user_write(text: str) -> None:
    mode = parse(text)
    assert mode is not None
    assert mode.is_world_writable


@pytest.mark.parametrize(
    "text",
    [
        "755",
        "1777",
        "775",
        "+w",
        "u+w",
        "ug=rwx",
        "a+rX",
        "o+w,o-w",
        "o=g",
        "o+w,o=u",
        "a+rwxt",
        "=rwx",
        "a=rwx,o=rx",
    ],
)
def test_modes_that_may_not_let_every_user_write(text: str) -> None:
    mode = parse(text)
    assert mode is not None
    assert not mode.is_world_writable


@pytest.mark.parametrize("text", ["4755", "u+s", "+s", "a+s", "ug=rxs", "u=rwxs,g=x"])
def test_set_user_id(text: str) -> None:
    mode = parse(text)
    assert mode is not None
    assert mode.sets(SETUID)


@pytest.mark.parametrize("text", ["2755", "g+s", "u-s", "o+s", "755", "u+s,u-s"])
def test_no_set_user_id(text: str) -> None:
    mode = parse(text)
    assert mode is not None
    assert not mode.sets(SETUID)
    assert mode.sets(SETGID) == (text in ("2755", "g+s"))


@pytest.mark.parametrize(
    "text", ["", "8", "17777", "u", "u+q", "rwx", "${MODE}", "o+w,", "+" * 300, "٧٧٧"]
)
def test_no_mode(text: str) -> None:
    assert parse(text) is None
