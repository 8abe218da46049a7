"""Reads the settings of other linters in a folder, with the TOML of tally; follows nothing."""

from __future__ import annotations

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.syntax.toml import TomlError, is_array, is_table, read as read_toml
from tightship.values.matching import Wildcard
from tightship_annexes.migration.readers import (
    COMMENTS,
    Value,
    checkov,
    compose_lint,
    dclint,
    hadolint,
    kics,
    read,
    trivy,
    trivy_ignore,
    trivy_ignore_yaml,
    trusted,
)
from tightship_annexes.migration.translation import Translation, every_check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.syntax.toml import Toml
    from tightship.text import Source


_SEVERITIES = {"error": "error", "warning": "warning", "info": "info", "style": "info"}
_FOLDERS = {"hadolint": "hadolint", "BuildKit": "buildkit", "tally": "tally"}
_ELSEWHERE = {
    "ai": "Tightship asks no model",
    "file-validation": "Tightship has its own bounds",
    "slow-checks": "Tightship asks no registry",
}


class TomlValue(Value):
    """A value of a TOML file, with its place."""

    def __init__(self, toml: Toml, value: object, *path: str | int) -> None:
        self._toml = toml
        self._value = value
        self._path = path

    @property
    def place(self) -> str:
        """Return the file and the line, from 1 on."""
        return self._toml.value(*self._path).place

    @property
    def text(self) -> str:
        """Return a scalar as YAML writes it, and an empty text for anything else."""
        if isinstance(self._value, bool):
            return str(self._value).lower()
        return str(self._value) if isinstance(self._value, (str, int)) else ""

    @property
    def is_table(self) -> bool:
        """Return whether it is a table."""
        return is_table(self._value)

    def entries(self) -> Iterator[tuple[str, Value]]:
        """Yield the keys of a table with their values."""
        for key, value in self._value.items() if is_table(self._value) else ():
            yield key, TomlValue(self._toml, value, *self._path, key)

    def items(self) -> list[Value]:
        """Return the items of an array; a scalar is an array of one."""
        if is_array(self._value):
            items = enumerate(self._value)
            return [TomlValue(self._toml, one, *self._path, at) for at, one in items]
        return [self] if self.text else []


def tally(source: Source, translation: Translation) -> None:
    """Take over a `.tally.toml`, and select the sets that have the rest of its rules."""
    try:
        toml = read_toml(source)
    except TomlError as error:
        translation.leave("the file", error.span.place, "it is not TOML")
        return
    settings = TomlValue(toml, toml.data)
    translation.replaces("tally", "hadolint", "BuildKit")
    translation.select_all(f"{source.name}:1")
    for key, value in settings.entries():
        if key == "rules":
            _rules(value, translation)
        elif key == "inline-directives":
            _directives(value, translation)
        elif key != "output":
            reason = _ELSEWHERE.get(key, "tally has no such setting")
            translation.leave(f"`{key}`", value.place, reason)
    _output(settings, translation)


def _output(settings: Value, translation: Translation) -> None:
    """Take over what fails a run: by default, everything."""
    output = settings.get("output")
    for key, value in () if output is None else output.entries():
        if key != "fail-level":
            reason = "the form of the output is chosen with `--output-format`"
            translation.leave(f"`output.{key}`", value.place, reason)
    level = None if output is None else output.get("fail-level")
    if level is None:
        translation.fail_on("info", f"{settings.place}, the default of tally")
    elif level.text in _SEVERITIES or level.text == "none":
        translation.fail_on(_SEVERITIES.get(level.text, "never"), level.place)
    else:
        translation.leave("`fail-level`", level.place, f"`{level.text}` names no severity")


def _directives(value: Value, translation: Translation) -> None:
    for key, one in value.entries():
        if key == "enabled":
            if one.text == "false":
                translation.leave("`enabled`", one.place, COMMENTS)
        elif key in ("warn-unused", "validate-rules"):
            reason = "the rules `unused-suppression` and `unknown-suppressed-rule` report that"
            translation.leave(f"`{key}`", one.place, reason)
        else:
            translation.leave(f"`{key}`", one.place, "reasons are not required here")


def _rules(value: Value, translation: Translation) -> None:
    """Take over `include`, which wins over `exclude`, and the table of each rule."""
    tables = dict(value.entries())
    included = tables.pop("include", None)
    excluded = tables.pop("exclude", None)
    kept = [Wildcard(word) for word, _ in included.words()] if included else []
    for word, place in excluded.words() if excluded else ():
        pattern = Wildcard(word)
        ids = [one for one in _ids() if pattern.matches(one) or one.endswith(f"/{word}")]
        for one in ids or [word]:
            if not any(keep.matches(one) for keep in kept):
                translation.ignore("tally", one, place)
    for word, place in included.words() if included else ():
        if "*" not in word:
            translation.look_for("tally", word, place)
    for namespace, table in tables.items():
        _tables(namespace, table, translation)


def _ids() -> Iterator[str]:
    """Yield the ids of checks as tally writes them, such as `hadolint/DL3004`."""
    checks = every_check()
    for linter, folder in _FOLDERS.items():
        for check in checks[linter]:
            yield f"{folder}/{check.id.rpartition(':')[2]}"


def _tables(name: str, value: Value, translation: Translation) -> None:
    """Take over the table of a rule, or the tables in a namespace."""
    for key, one in value.entries():
        if one.is_table:
            _tables(f"{name}/{key}", one, translation)
        elif key == "severity" and one.text == "off":
            translation.ignore("tally", name, one.place)
        elif key == "severity" and one.text in _SEVERITIES:
            translation.severity("tally", name, _SEVERITIES[one.text], one.place)
        elif key == "trusted-registries":
            trusted(one, translation)
        else:
            reason = "the corresponding rule has no such option"
            translation.leave(f"`{key}` of `{name}`", one.place, reason)


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
