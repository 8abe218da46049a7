"""Reads the settings of other linters in a folder; executes and follows nothing."""

from __future__ import annotations

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.migration import scanners
from tightship.migration.compose_linters import compose_lint, dclint
from tightship.migration.document import read
from tightship.migration.hadolint import hadolint
from tightship.migration.translated import Taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tightship.migration.document import Value
    from tightship.text import Source

# Each linter reads the first of its names that is there.
_TREES: tuple[tuple[tuple[str, ...], Callable[[Value, Taken], None]], ...] = (
    ((".hadolint.yaml", ".hadolint.yml"), hadolint),
    ((".dclintrc", ".dclintrc.json", ".dclintrc.yaml", ".dclintrc.yml"), dclint),
    ((".compose-lint.yml", ".compose-lint.yaml"), compose_lint),
    (("kics.config", "kics.yaml", "kics.yml", "kics.json"), scanners.kics),
    ((".checkov.yaml", ".checkov.yml"), scanners.checkov),
    ((".trivyignore.yaml", ".trivyignore.yml"), scanners.trivy_ignore_yaml),
    (("trivy.yaml", "trivy.yml"), scanners.trivy),
)
_LINES: Mapping[str, Callable[[Source, Taken], None]] = {".trivyignore": scanners.trivy_ignore}
_PROGRAMS = (
    *(".dclintrc.js", ".dclintrc.cjs", ".dclintrc.mjs", ".dclintrc.ts"),
    *("dclint.config.js", "dclint.config.cjs", "dclint.config.mjs"),
)
NAMES = (*(name for names, _ in _TREES for name in names), *_LINES, *_PROGRAMS)
"""The names of the files that are looked for."""


def migrated(folder: str) -> Taken | None:
    """Return what the settings in a folder add up to; None if there are none."""
    files, taken = Files(folder), Taken()
    for names, take in _TREES:
        name = next((one for one in names if files.exists(one)), None)
        source = None if name is None else _source(name, files, taken)
        if source is None:
            continue
        settings = read(source)
        if settings is not None:
            take(settings, taken)
        elif source.text.strip():
            reason = "it contains no settings in YAML or JSON"
            taken.leave("the file", source.name, reason)
    for name, take_lines in _LINES.items():
        source = _source(name, files, taken) if files.exists(name) else None
        if source is not None:
            take_lines(source, taken)
    for name in _PROGRAMS:
        if files.exists(name):
            taken.sources.append(name)
            taken.leave("the file", name, "it is a program, which Tightship does not run")
    if files.exists("package.json"):
        _package(files, taken)
    return taken if taken.sources else None


def _source(name: str, files: Files, taken: Taken) -> Source | None:
    taken.sources.append(name)
    source = files.read(name)
    if isinstance(source, Refusal):
        taken.leave("the file", name, "it cannot be read")
        return None
    return source


def _package(files: Files, taken: Taken) -> None:
    """Take over what dclint finds in a `package.json`."""
    source = files.read("package.json")
    if isinstance(source, Refusal) or '"dclint"' not in source.text:
        return
    package = read(source)
    settings = None if package is None else package.get("dclint")
    if settings is not None and settings.is_table:
        taken.sources.append(source.name)
        dclint(settings, taken)
