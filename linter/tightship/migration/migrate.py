"""Reads the settings of other linters in a folder; executes and follows nothing."""

from __future__ import annotations

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.migration.readers import (
    checkov,
    compose_lint,
    dclint,
    hadolint,
    kics,
    read,
    trivy,
    trivy_ignore,
    trivy_ignore_yaml,
)
from tightship.migration.tally import tally
from tightship.migration.translation import Translation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.migration.readers import Value
    from tightship.text import Source

# Each linter reads the first of its names that is there.
_TREES: tuple[tuple[tuple[str, ...], Callable[[Value, Translation], None]], ...] = (
    ((".hadolint.yaml", ".hadolint.yml"), hadolint),
    ((".dclintrc", ".dclintrc.json", ".dclintrc.yaml", ".dclintrc.yml"), dclint),
    ((".compose-lint.yml", ".compose-lint.yaml"), compose_lint),
    (("kics.config", "kics.yaml", "kics.yml", "kics.json"), kics),
    ((".checkov.yaml", ".checkov.yml"), checkov),
    ((".trivyignore.yaml", ".trivyignore.yml"), trivy_ignore_yaml),
    (("trivy.yaml", "trivy.yml"), trivy),
)
_TEXTS: tuple[tuple[tuple[str, ...], Callable[[Source, Translation], None]], ...] = (
    ((".tally.toml", "tally.toml"), tally),
    ((".trivyignore",), trivy_ignore),
)
_PROGRAMS = (
    *(".dclintrc.js", ".dclintrc.cjs", ".dclintrc.mjs", ".dclintrc.ts"),
    *("dclint.config.js", "dclint.config.cjs", "dclint.config.mjs"),
)


def migrated(folder: str) -> Translation | None:
    """Return what the settings in a folder add up to; None if there are none."""
    files, translation = Files(folder), Translation()
    for names, take in _TREES:
        name = next((one for one in names if files.exists(one)), None)
        source = None if name is None else _source(name, files, translation)
        if source is None:
            continue
        settings = read(source)
        if settings is not None:
            take(settings, translation)
        elif source.text.strip():
            reason = "it contains no settings in YAML or JSON"
            translation.leave("the file", source.name, reason)
    for names, take_text in _TEXTS:
        name = next((one for one in names if files.exists(one)), None)
        text = None if name is None else _source(name, files, translation)
        if text is not None:
            take_text(text, translation)
    for name in _PROGRAMS:
        if files.exists(name):
            translation.sources.append(name)
            translation.leave("the file", name, "it is a program, which Tightship does not run")
    if files.exists("package.json"):
        _package(files, translation)
    return translation if translation.sources else None


def _source(name: str, files: Files, translation: Translation) -> Source | None:
    translation.sources.append(name)
    source = files.read(name)
    if isinstance(source, Refusal):
        translation.leave("the file", name, "it cannot be read")
        return None
    return source


def _package(files: Files, translation: Translation) -> None:
    """Take over what dclint finds in a `package.json`."""
    source = files.read("package.json")
    if isinstance(source, Refusal) or '"dclint"' not in source.text:
        return
    package = read(source)
    settings = None if package is None else package.get("dclint")
    if settings is not None and settings.is_table:
        translation.sources.append(source.name)
        dclint(settings, translation)
