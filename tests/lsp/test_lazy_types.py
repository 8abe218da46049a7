"""The lazy types of the protocol are those of the library, or the library's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lsprotocol
import pytest
from tests.bench.client import Client
from tests.lsp import messages

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
IS_LAZY = """\
import sys
from tightship_lsp.connection import lazy_types
lazy_types.install()
from lsprotocol import converters, types
converters.get_converter()
print(hasattr(types, "__getattr__"), types.Position(1, 2))
"""


def test_every_message_is_read_and_written_as_by_the_library() -> None:
    samples = list(messages.samples())
    plain, lazy = (_exchanged(samples, how) for how in ("plain", "lazy"))
    assert len(plain) == len(samples) > 1000
    for sample, expected, found in zip(samples, plain, lazy, strict=True):
        assert found == expected, sample
    assert sum(len(one) == 2 for one in plain) > 0.9 * len(plain)  # they are valid


def test_all_names_of_the_module_are_there() -> None:
    check = (
        "from tightship_lsp.connection import lazy_types; lazy_types.install()\n"
        "from lsprotocol import types\n"
        "for name in {names}: assert getattr(types, name) is getattr(types, name)\n"
        "assert types.ALL_TYPES_MAP['Position'] is types.Position\n"
        "assert dict(types.ALL_TYPES_MAP.items())['Hover'] is types.Hover\n"
        "assert types.Hover in types.ALL_TYPES_MAP.values()\n"
        "assert types.is_special_class(types.CompletionParams) in (True, False)\n"
        "assert types.is_keyword_class(types.CallHierarchyIncomingCall)\n"
        "assert not hasattr(types, 'Nothing')\n"
    )
    from lsprotocol import types

    names = [name for name in vars(types) if not name.startswith("__")]
    _run(check.format(names=names))


def test_a_server_makes_few_of_the_classes() -> None:
    made = _run(
        "from tightship_lsp.connection import lazy_types; lazy_types.install()\n"
        "from tightship_lsp.server import Server; Server()\n"
        "from lsprotocol import types\n"
        "print(sum(hasattr(one, '__attrs_attrs__') for one in vars(types).values()))"
    )
    assert int(made) < 60


def test_an_already_imported_module_is_kept() -> None:
    _run(
        "from lsprotocol import types\n"
        "from tightship_lsp.connection import lazy_types; lazy_types.install()\n"
        "import lsprotocol; assert lsprotocol.types is types\n"
        "assert not hasattr(types, '__getattr__')\n"
    )


def _with(end: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n\n{end}\n"


def _renamed(name: str) -> Callable[[str], str]:
    return lambda text: text.replace(name, f"{name}_anew")


@pytest.mark.parametrize(
    ("file", "change"),
    [
        pytest.param("types.py", _with("Range.more = 1"), id="uses a class"),
        pytest.param("types.py", _with("class R(Range): pass"), id="has a subclass"),
        pytest.param("types.py", _with("@attrs.define(eq=False)\nclass R: pass"), id="has options"),
        pytest.param(
            "_hooks.py", _renamed("_resolved_forward_references"), id="resolves otherwise"
        ),
        pytest.param("_hooks.py", _renamed("_register_capabilities_hooks"), id="has other hooks"),
        pytest.param("types.py", _renamed("METHOD_TO_TYPES"), id="has another table of methods"),
    ],
)
def test_an_unexpected_library_is_imported_plainly(
    tmp_path: Path, file: str, change: Callable[[str], str]
) -> None:
    changed = _changed(tmp_path, file, change)
    assert _run(IS_LAZY, changed) == "False 1:2\n"


def test_the_library_as_it_is_becomes_lazy() -> None:
    assert _run(IS_LAZY) == "True 1:2\n"


def test_a_server_starts_with_another_library(tmp_path: Path) -> None:
    path = _changed(tmp_path, "types.py", _with("class R(Range): pass"))
    client = Client(str(tmp_path), [sys.executable, "-c", _starting(path)])
    client.send("initialize", {"processId": None, "capabilities": {}}, id=1)
    answer = client.read()
    assert answer["id"] == 1
    assert answer["result"]["serverInfo"]["name"] == "tightship"
    client.server.kill()
    client.server.communicate()


def _starting(path: Path) -> str:
    return (
        f"import sys; sys.path.insert(0, {str(path)!r})\n"
        "from tightship_lsp.start import start; start()"
    )


def _changed(folder: Path, file: str, change: Callable[[str], str]) -> Path:
    """Copy the library with a change; return the folder to import it from."""
    [home] = lsprotocol.__path__
    shutil.copytree(home, folder / "lsprotocol", ignore=shutil.ignore_patterns("*.pyc"))
    path = folder / "lsprotocol" / file
    text = path.read_text("utf-8")
    assert change(text) != text
    path.write_text(change(text), "utf-8")
    return folder


def _exchanged(samples: list[Any], how: str) -> list[list[Any]]:
    command = [sys.executable, "-m", "tests.lsp.messages", how]
    done = subprocess.run(
        command, input=json.dumps(samples), cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: list[list[Any]] = json.loads(done.stdout)
    return found


def _run(code: str, path: Path | None = None) -> str:
    environment = dict(os.environ)
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
