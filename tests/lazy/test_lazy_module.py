"""A lazy module is imported when something of it is first used."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import tightship
from tightship.lazy import LazyModule

PACKAGE = Path(tightship.__file__).parent
NAMED = {
    name
    for path in PACKAGE.rglob("*.py")
    if path.parent != PACKAGE / "lazy"
    for name in re.findall(r'LazyModule\("([\w.]+)"\)', path.read_text(encoding="utf-8"))
}


def test_a_module_is_imported_on_first_use() -> None:
    code = (
        "import sys; from tightship.lazy import LazyModule;"
        "mount = LazyModule('tightship.values.mount');"
        "before = 'tightship.values.mount' in sys.modules;"
        "target = mount.parse('./a:/b').target;"
        "print(before, target, 'tightship.values.mount' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "/b", "True"]


def test_its_attributes_are_those_of_the_module() -> None:
    from tightship.values import mount

    lazy = LazyModule("tightship.values.mount")
    assert lazy.parse is mount.parse
    assert lazy.Mount is mount.Mount
    with pytest.raises(AttributeError, match="nothing"):
        _ = lazy.nothing


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_module_that_is_named_exists(name: str) -> None:
    assert find_spec(name) is not None


def test_modules_have_a_representation() -> None:
    assert "tightship.values.device" in NAMED
