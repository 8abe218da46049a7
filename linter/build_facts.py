"""Packs the files of facts into a wheel as modules, whose bytecode installers make."""

from __future__ import annotations

import shutil
import sys
from itertools import groupby
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
        for path, text in modules.items():
            module = path.relative_to(LINTER)
            written = folder / "_".join(module.parts)
            written.write_text(text, encoding="utf-8")
            build_data["force_include"][str(written)] = module.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the files that were packed."""
        if self._folder is not None:
            shutil.rmtree(self._folder)
