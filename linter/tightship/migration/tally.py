"""Settings of tally: what each key of its TOML file means for a `tightship.toml`."""

from __future__ import annotations

from tightship.migration.readers import COMMENTS, Value, trusted
from tightship.migration.translation import every_check
from tightship.syntax.toml import TomlError, is_array, is_table, read as read_toml
from tightship.values.matching import Wildcard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.migration.translation import Translation
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
        span = self._toml.value(*self._path)
        return f"{span.source.name}:{span.source.point(span.start)[0] + 1}"

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
        line = source.point(error.span.start)[0] + 1
        translation.leave("the file", f"{source.name}:{line}", "it is not TOML")
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
