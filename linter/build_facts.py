"""Packs the files of facts into a wheel as modules, whose bytecode installers make."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LINTER = Path(__file__).parent
FACTS = LINTER / "tightship" / "facts"


class FactsHook(BuildHookInterface[Any]):
    """Adds the modules; a checkout, which an editable wheel points to, has TOML alone."""

    _folder: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write a module for each file, and add it."""
        if version == "editable":
            return
        sys.path.insert(0, str(LINTER))
        from tightship.lazy.modules import as_module

        folder = self._folder = Path(mkdtemp())
        files = sorted(FACTS.rglob("*.toml"))
        modules = {path.with_suffix(".py"): as_module(path.read_bytes()) for path in files}
        # Python finds a package with this file faster.
        modules |= {path.parent / "__init__.py": "" for path in files}
        for path, text in modules.items():
            module = path.relative_to(LINTER)
            written = folder / "_".join(module.parts)
            written.write_text(text, encoding="utf-8")
            build_data["force_include"][str(written)] = module.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the files that were packed."""
        if self._folder is not None:
            shutil.rmtree(self._folder)
