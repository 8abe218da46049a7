"""Makes a wheel small, and what it holds fast to load.

The files of facts become modules, whose bytecode installers make. Modules that only Tightship
itself imports lose their docstrings and comments, a fifth of the wheel; each line keeps its
number. Those of the API and of the kit for rules keep them: people read them. Of each rule, its
page stays.
"""

from __future__ import annotations

import ast
import shutil
import sys
from io import StringIO
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from tokenize import COMMENT, generate_tokens
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator

LINTER = Path(__file__).parent
PACKAGES = (
    LINTER / "tightship",
    LINTER / "tightship_annexes",
    LINTER.parent / "lsp" / "tightship_lsp",
)
FACTS = LINTER / "tightship" / "facts"
# Their docstrings are read: by people, and for the form of facts.
DOCUMENTED = ("tightship/__init__.py", "tightship/api/", "tightship/rules/", "tightship/images/")
# The docstring of a module is the page of its rule.
PAGES = ("tightship/rules/any/", "tightship/rules/compose/", "tightship/rules/dockerfile/")


class WheelHook(BuildHookInterface[Any]):
    """Adds the modules; a checkout, which an editable wheel points to, has them as they are."""

    _folder: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write a module for each file, or for the images of a letter, and add it."""
        if version == "editable":
            return
        sys.path.insert(0, str(LINTER))
        from tightship.lazy.modules import as_module, data_of

        folder = self._folder = Path(mkdtemp())
        files = sorted(FACTS.rglob("*.toml"))
        # A hundred small files of images are a tenth of the wheel, most of it their names.
        images = [path for path in files if path.parent.name == "images"]
        modules = {
            path.with_suffix(".py"): as_module(data_of(path.read_bytes()))
            for path in files
            if path not in images
        }
        for letter, group in groupby(images, key=lambda path: path.stem[0]):
            data = {path.stem: data_of(path.read_bytes()) for path in group}
            modules[FACTS / "images" / f"{letter}.py"] = as_module(data)
        # Python finds a package with this file faster.
        modules |= {path.parent / "__init__.py": "" for path in files}
        for package in PACKAGES:
            modules |= {path: _shipped(path) for path in sorted(package.rglob("*.py"))}
        for path, text in modules.items():
            module = _name(path)
            written = folder / module.replace("/", "_")
            written.write_text(text, encoding="utf-8")
            build_data["force_include"][str(written)] = module

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the files that were packed."""
        if self._folder is not None:
            shutil.rmtree(self._folder)


def _name(path: Path) -> str:
    """Return the name of a module in the wheel."""
    top = next(one for one in PACKAGES if path.is_relative_to(one))
    return path.relative_to(top.parent).as_posix()


def _shipped(path: Path) -> str:
    """Return the text of a module as the wheel has it."""
    text, name = path.read_text(encoding="utf-8"), _name(path)
    if name.startswith(PAGES):
        return without_notes(text, with_page=True)
    return text if name.startswith(DOCUMENTED) else without_notes(text)


def without_notes(text: str, *, with_page: bool = False) -> str:
    """Return a module without its docstrings and comments, each line with its number."""
    text = _without_comments(text)
    code = text.encode()
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node, is_all in sorted(_docstrings(ast.parse(text)), key=_line, reverse=True):
        if with_page and not node.col_offset and node.lineno == 1:
            continue
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        left = b"pass" * is_all + b"\n" * code.count(b"\n", start, end)
        code = code[:start] + left + code[end:]
    return code.decode()


def _without_comments(text: str) -> str:
    lines = text.split("\n")
    for token in generate_tokens(StringIO(text).readline):
        if token.type == COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    return "\n".join(lines)


def _docstrings(tree: ast.Module) -> Iterator[tuple[ast.Expr, bool]]:
    """Yield the docstrings, those of attributes included, and whether a body has nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            texts = (one for one in node.body if isinstance(one, ast.Expr))
            for one in texts:
                if isinstance(one.value, ast.Constant) and isinstance(one.value.value, str):
                    yield one, len(node.body) == 1 and node is not tree


def _line(one: tuple[ast.Expr, bool]) -> int:
    return one[0].lineno
