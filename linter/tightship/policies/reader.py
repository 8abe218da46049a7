"""Reads a policy file: a policy, or its problems with their places."""

from __future__ import annotations

from hashlib import sha256

from tightship.config.key import ConfigError, ConfigProblem
from tightship.config.settings import PlatformDefinition
from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, regex
from tightship.policies import conditions as made
from tightship.policies.globs import problem as glob_problem
from tightship.policies.language import ConditionError, Reader
from tightship.policies.policy import ALWAYS, Example, Policy, PolicyException, PolicyRule
from tightship.project_facts.groups import GROUPS, SUBJECTS
from tightship.syntax import toml
from tightship.values.matching import closest
from tightship.values.schema import MOST_PROBLEMS, TEXT, TEXTS, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from tightship.policies.conditions import Condition
    from tightship.project_facts.values import Group
    from tightship.syntax.toml import Path, Toml
    from tightship.text import Source
    from tightship.values.schema import Schema

    Table = Mapping[str, Any]

LANGUAGE = 1
"""The version of the language."""

MAX_CHARACTERS = toml.LONGEST
"""A longer file is refused."""

_DAY = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> str:
    """Return a day as text: TOML has days, and times of them."""
    day = str(value)[:10]
    return day if _DAY.fullmatch(day) else ""


def _is_end(value: object) -> bool:
    return isinstance(value, bool) or bool(_day(value))


def _are_files(found: object) -> bool:
    """Return whether a table has texts by path, none of which leads out of a folder."""
    return (
        toml.is_table(found)
        and bool(found)
        and all(isinstance(text, str) for text in found.values())
        and not any(name.startswith("/") or ".." in name.split("/") for name in found)
    )


def _tables(keys: Mapping[str, Schema], *needed: str) -> Schema:
    return {"type": "array", "title": "a list of tables", "items": _table(keys, *needed)}


def _table(keys: Mapping[str, Schema], *needed: str) -> Schema:
    return {"type": "object", "properties": keys, "required": needed}


_SAID: Schema = {**TEXT, "title": "a text that is not empty", "pattern": r"\S"}
_GLOBS: Schema = {"type": "array", "items": {**TEXT, "problem": glob_problem}}
_UNTIL = "the last day, such as 2027-01-31"
_UNKNOWN: Mapping[str, Schema] = {
    "unknown": {"enum": ["violation", "report", "ignore"]},
    "defaults": {"enum": ["unknown", "value"]},
}
_EXAMPLES: Schema = {
    "type": "array",
    "title": "at least one table with texts by path, relative to its folder",
    "minItems": 1,
    "items": {"title": "a table with texts by path, relative to its folder", "is": _are_files},
}
_RULE: Mapping[str, Schema] = {
    "id": {
        **TEXT,
        "title": "a text such as `corp/image-pinned`, in lower case",
        "pattern": r"^[a-z0-9][a-z0-9-]*+(?:/[a-z0-9][a-z0-9-]*+)++$",
    },
    "for": {"enum": SUBJECTS},
    "when": {},
    "require": {},
    "forbid": {},
    "message": _SAID,
    "severity": {"enum": [one.word for one in Severity]},
    **_UNKNOWN,
    "about": TEXT,
    "url": TEXT,
    "controls": TEXTS,
    "good": _EXAMPLES,
    "bad": _EXAMPLES,
}
_PLATFORM: Mapping[str, Schema] = dict.fromkeys(("paths", "before", "after", "env-files"), TEXTS)
_POLICY: Mapping[str, Schema] = {
    "language": {"title": f"{LANGUAGE}: this release reads no other", "enum": [LANGUAGE]},
    "name": _SAID,
    "version": TEXT,
    "url": TEXT,
    **_UNKNOWN,
    "builtin": TEXTS,
    "left-out": _GLOBS,
    "advice": {"type": "boolean"},
    "only-new": {"title": f"true, or {_UNTIL}", "is": _is_end},
}
_EXCEPTION: Mapping[str, Schema] = {
    "rule": _SAID,
    "projects": _GLOBS,
    "services": _GLOBS,
    "files": _GLOBS,
    "reason": _SAID,
    "approved-by": _SAID,
    "ticket": TEXT,
    "until": {"title": _UNTIL, "is": _day},
}
_FILE: Schema = _table(
    {
        "policy": {**_table(_POLICY, "name"), "title": "a table `[policy]` with `name`"},
        "rule": _tables(_RULE, "id", "for", "message", "good", "bad"),
        "exception": _tables(_EXCEPTION, "rule", "reason", "approved-by", "until"),
        "platform": _tables(_PLATFORM),
    },
    "policy",
)


def read(source: Source, known: Callable[[str], bool] = lambda _: True, digest: str = "") -> Policy:
    """Read a policy file.

    Args:
        source: the file.
        known: tells whether a word names rules of Tightship.
        digest: the SHA-256 of the file; without it, that of the text.

    Raises:
        ConfigError: if it is invalid.

    """
    try:
        file = toml.read(source, MAX_CHARACTERS)
    except toml.TomlError as error:
        raise ConfigError([ConfigProblem(error.span, error.message)]) from None
    if wrong := check(file, _FILE):
        raise ConfigError([ConfigProblem(one.span, one.message) for one in wrong])
    reading = _Reading(file, known)
    found = reading.policy(digest)
    if reading.problems:
        raise ConfigError(reading.problems[:MOST_PROBLEMS])
    return found


class _Reading:
    """Makes a policy of tables that follow the schema, and collects their problems."""

    def __init__(self, file: Toml, known: Callable[[str], bool]) -> None:
        self._file = file
        self._data: Mapping[str, Any] = file.data
        self._known = known
        self.problems: list[ConfigProblem] = []

    def policy(self, digest: str) -> Policy:
        """Return the policy; where there are problems, parts of it lack."""
        head: Table = self._data["policy"]
        rules = [
            one for path, table in self._tables("rule") if (one := self._rule(table, path, head))
        ]
        self._distinct(rules)
        builtin = tuple(head.get("builtin", ()))
        for index, word in enumerate(builtin):
            if not self._known(word):
                path = ("policy", "builtin", index)
                self._wrong(path, f"`{word}` names no rule, theme or set")
        ids = [*(table["id"] for _, table in self._tables("rule")), *builtin]
        text = self._file.source.text.encode("utf-8", "surrogatepass")
        return Policy(
            self._file.source,
            head["name"],
            head.get("version", ""),
            digest or sha256(text).hexdigest(),
            tuple(rules),
            tuple(self._exception(table, path, ids) for path, table in self._tables("exception")),
            builtin,
            head.get("url", ""),
            tuple(head.get("left-out", ())),
            tuple(self._platform(table, path) for path, table in self._tables("platform")),
            head.get("advice", False),
            _new_until(head.get("only-new", False)),
            head.get("unknown", "violation"),
        )

    def _rule(self, table: Table, path: Path, head: Table) -> PolicyRule | None:
        about = table["for"]
        reader = Reader(GROUPS[about])
        when = self._condition(reader.thing, table, "when", about, path)
        requires = self._demand(reader, table, about, path)
        message = table["message"]
        self._try(lambda: reader.message(message, (*path, "message")))
        if requires is None:
            return None
        return PolicyRule(
            table["id"],
            self._file.key(*path, "id"),
            about,
            when,
            requires,
            message,
            Severity[table.get("severity", "error").upper()],
            table.get("unknown", head.get("unknown", "violation")),
            table.get("defaults", head.get("defaults")) == "value",
            table.get("about", ""),
            table.get("url") or head.get("url", ""),
            tuple(table.get("controls", ())),
            tuple(
                Example(files, key == "good", self._file.key(*path, key, index))
                for key in ("good", "bad")
                for index, files in enumerate(table[key])
            ),
            frozenset(reader.asked),
        )

    def _demand(self, reader: Reader, table: Table, about: str, path: Path) -> Condition | None:
        """Return what `require` and `forbid` demand together."""
        if "require" not in table and "forbid" not in table:
            self._wrong(path, "a rule needs `require` or `forbid`")
        required = self._condition(reader.thing, table, "require", about, path)
        forbidden = self._condition(reader.forbidden, table, "forbid", about, path)
        found = [one for one in (required, forbidden) if one is not None]
        return made.Every(found) if len(found) > 1 else found[0] if found else None

    def _condition(
        self,
        make: Callable[[object, Group, Path], Condition],
        table: Table,
        key: str,
        about: str,
        path: Path,
    ) -> Condition | None:
        if key not in table:
            return None
        return self._try(lambda: make(table[key], GROUPS[about], (*path, key)))

    def _try(self, make: Callable[[], Condition | None]) -> Condition | None:
        try:
            return make()
        except ConditionError as error:
            self._wrong(error.path, error.message)
        return None

    def _exception(self, table: Table, path: Path, ids: list[str]) -> PolicyException:
        rule = table["rule"]
        if rule not in ids and (rule.count("/") or not self._known(rule)):
            near = closest(rule, ids)
            hint = f"; did you mean `{near}`?" if near else ""
            self._wrong((*path, "rule"), f"`{rule}` is no rule of this policy{hint}")
        return PolicyException(
            rule,
            table["reason"],
            table["approved-by"],
            _day(table["until"]),
            self._file.key(*path, "rule"),
            tuple(table.get("projects", ())),
            tuple(table.get("services", ())),
            tuple(table.get("files", ())),
            table.get("ticket", ""),
        )

    def _platform(self, table: Table, path: Path) -> PlatformDefinition:
        return PlatformDefinition(
            self._file.key(*path), *(tuple(table.get(key, ())) for key in _PLATFORM)
        )

    def _distinct(self, rules: list[PolicyRule]) -> None:
        seen = set[str]()
        for one in rules:
            if one.id in seen:
                self.problems.append(ConfigProblem(one.span, f"the id `{one.id}` is taken"))
            seen.add(one.id)

    def _tables(self, key: str) -> Iterator[tuple[Path, Table]]:
        return (((key, index), table) for index, table in enumerate(self._data.get(key, ())))

    def _wrong(self, path: Path, message: str) -> None:
        self.problems.append(ConfigProblem(self._file.key(*path), message))


def _new_until(found: object) -> str:
    if isinstance(found, bool):
        return ALWAYS if found else ""
    return _day(found)
