"""Reads a policy file: a policy, or its problems with their places."""

from __future__ import annotations

from hashlib import sha256

from tightship.config.key import ConfigError, ConfigProblem
from tightship.config.settings import PlatformDefinition
from tightship.findings import Severity
from tightship.lazy import regex
from tightship.policies import conditions as made
from tightship.policies.globs import problem as glob_problem
from tightship.policies.language import ConditionError, Reader
from tightship.policies.policy import ALWAYS, Example, Policy, PolicyException, PolicyRule
from tightship.project_facts.groups import GROUPS, SUBJECTS
from tightship.syntax import toml
from tightship.values.matching import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeGuard

    from tightship.policies.conditions import Condition
    from tightship.project_facts.values import Group
    from tightship.syntax.toml import Path, Toml
    from tightship.text import Source, Span

    Table = Mapping[str, object]

LANGUAGE = 1
"""The version of the language."""

MAX_CHARACTERS = 1_000_000
"""A longer file is refused."""

_MOST_PROBLEMS = 50
_ID = regex(r"[a-z0-9][a-z0-9-]*+(?:/[a-z0-9][a-z0-9-]*+)++")
_DAY = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"unknown": ("violation", "report", "ignore"), "defaults": ("unknown", "value")}
_SEVERITIES = tuple(one.word for one in Severity)
_POLICY = (
    "language",
    "name",
    "version",
    "url",
    "unknown",
    "defaults",
    "builtin",
    "left-out",
    "advice",
    "only-new",
)
_RULE = (
    *("id", "for", "when", "require", "forbid", "message", "severity", "unknown", "defaults"),
    *("about", "url", "controls", "good", "bad"),
)
_PLATFORM = ("paths", "before", "after", "env-files")
_EXCEPTION = (
    *("rule", "projects", "services", "files", "reason", "approved-by", "ticket", "until"),
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
    from tightship.text import Span

    try:
        if len(source.text) > MAX_CHARACTERS:
            message = f"the policy is longer than {MAX_CHARACTERS:,} characters"
            raise toml.TomlError(Span(source, 0, 0), message)
        file = toml.read(source)
    except toml.TomlError as error:
        raise ConfigError([ConfigProblem(error.span, error.message)]) from None
    check = _Check(file, known, digest)
    found = check.policy()
    if found is None:
        raise ConfigError(check.problems[:_MOST_PROBLEMS])
    return found


class _Check:
    """Checks the tables of a policy, and collects their problems."""

    def __init__(self, file: Toml, known: Callable[[str], bool], digest: str) -> None:
        self._file = file
        text = file.source.text.encode("utf-8", "surrogatepass")
        self._digest = digest or sha256(text).hexdigest()
        self._known = known
        self.problems: list[ConfigProblem] = []

    def policy(self) -> Policy | None:
        """Return the policy, unless there are problems."""
        data = self._file.data
        self._keys(data, ("policy", "rule", "exception", "platform"), (), "a policy file")
        head = data.get("policy")
        if not toml.is_table(head):
            self._wrong((), "a policy file needs a table `[policy]` with `name`")
            return None
        path = ("policy",)
        self._keys(head, _POLICY, path, "`[policy]`")
        if head.get("language", LANGUAGE) != LANGUAGE:
            self._wrong((*path, "language"), f"this release reads language {LANGUAGE}")
        unknown: Any = {key: self._default(head, key) for key in _WORDS}["unknown"]
        rules = [one for i, t in self._tables("rule") if (one := self._rule(t, ("rule", i), head))]
        self._distinct(rules)
        builtin = self._texts(head, "builtin", path)
        for index, word in enumerate(builtin):
            if not self._known(word):
                self._wrong((*path, "builtin", index), f"`{word}` names no rule, theme or set")
        ids = [*(str(table.get("id")) for _, table in self._tables("rule")), *builtin]
        exceptions = [
            self._exception(t, ("exception", i), ids) for i, t in self._tables("exception")
        ]
        source = self._file.source
        policy = Policy(
            source,
            self._text(head, "name", path, required=True),
            self._text(head, "version", path),
            self._digest,
            tuple(rules),
            tuple(one for one in exceptions if one is not None),
            builtin,
            self._text(head, "url", path),
            self._patterns(head, "left-out", path),
            tuple(self._platform(table, ("platform", i)) for i, table in self._tables("platform")),
            self._flag(head, "advice", path),
            self._new_until(head, path),
            unknown,
        )
        return None if self.problems else policy

    def _rule(self, table: Table, path: Path, head: Table) -> PolicyRule | None:
        self._keys(table, _RULE, path, "a rule")
        identity = self._text(table, "id", path, required=True)
        if identity and _ID.fullmatch(identity) is None:
            self._wrong((*path, "id"), "an id has the form `corp/image-pinned`, in lower case")
        about = self._word(table, "for", path, SUBJECTS, "")
        if not about:
            self._wrong(path, f"`for` is missing: one of {_alternatives(SUBJECTS)}")
        if not about or about != table["for"]:
            return None
        reader = Reader(GROUPS[about])
        when = self._condition(reader.thing, table, "when", about, path)
        requires = self._demand(reader, table, about, path)
        message = self._text(table, "message", path, required=True)
        self._try(lambda: reader.message(message, (*path, "message")))
        unknown: Any = self._choice(table, head, "unknown", path)
        defaults = self._choice(table, head, "defaults", path)
        if requires is None:
            return None
        return PolicyRule(
            identity,
            self._file.key(*path, "id"),
            about,
            when,
            requires,
            message,
            Severity[self._word(table, "severity", path, _SEVERITIES, "error").upper()],
            unknown,
            defaults == "value",
            *(
                self._text(table, "about", path),
                self._text(table, "url", path) or str(head.get("url", "")),
            ),
            self._texts(table, "controls", path),
            tuple(self._examples(table, path)),
            frozenset(reader.asked),
        )

    def _choice(self, table: Table, head: Table, key: str, path: Path) -> str:
        return self._word(table, key, path, _WORDS[key], self._default(head, key))

    def _demand(self, reader: Reader, table: Table, about: str, path: Path) -> Condition | None:
        """Return what `require` and `forbid` demand together."""
        if "require" not in table and "forbid" not in table:
            self._wrong(path, "a rule needs `require` or `forbid`")
        required = self._condition(reader.thing, table, "require", about, path)
        forbidden = self._condition(reader.forbidden, table, "forbid", about, path)
        found = [one for one in (required, forbidden) if one is not None]
        return made.Every(found) if len(found) > 1 else found[0] if found else None

    def _default(self, head: Table, key: str) -> str:
        words = _WORDS[key]
        return self._word(head, key, ("policy",), words, words[0])

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

    def _examples(self, table: Table, path: Path) -> Iterator[Example]:
        """Yield the examples; there is at least one good and one bad one."""
        for key in ("good", "bad"):
            found = table.get(key)
            if not toml.is_array(found) or not found:
                self._wrong(path, f"a rule needs an example: `[[rule.{key}]]` with files by path")
                continue
            for index, files in enumerate(found):
                place = (*path, key, index)
                if not _are_files(files):
                    self._wrong(place, "an example has texts by path, relative to its folder")
                    continue
                yield Example(files, key == "good", self._file.key(*place))

    def _exception(self, table: Table, path: Path, ids: list[str]) -> PolicyException | None:
        self._keys(table, _EXCEPTION, path, "an exception")
        rule = self._text(table, "rule", path, required=True)
        if rule and rule not in ids and (rule.count("/") or not self._known(rule)):
            near = closest(rule, ids)
            said = f"`{rule}` is no rule of this policy"
            self._wrong((*path, "rule"), f"{said}; is `{near}` meant?" if near else said)
        return PolicyException(
            rule,
            self._text(table, "reason", path, required=True),
            self._text(table, "approved-by", path, required=True),
            self._day(table, "until", path, "the last day"),
            self._file.key(*path, "rule"),
            self._patterns(table, "projects", path),
            self._patterns(table, "services", path),
            self._patterns(table, "files", path),
            self._text(table, "ticket", path),
        )

    def _platform(self, table: Table, path: Path) -> PlatformDefinition:
        self._keys(table, _PLATFORM, path, "a platform")
        return PlatformDefinition(
            self._file.key(*path), *(self._texts(table, key, path) for key in _PLATFORM)
        )

    def _patterns(self, table: Table, key: str, path: Path) -> tuple[str, ...]:
        found = self._texts(table, key, path)
        for index, one in enumerate(found):
            if wrong := glob_problem(one):
                self._wrong((*path, key, index), wrong)
        return found

    def _distinct(self, rules: list[PolicyRule]) -> None:
        seen = set[str]()
        for one in rules:
            if one.id in seen:
                self.problems.append(ConfigProblem(one.span, f"the id `{one.id}` is taken"))
            seen.add(one.id)

    def _tables(self, key: str) -> Iterator[tuple[int, Table]]:
        found = self._file.data.get(key, [])
        if not toml.is_array(found):
            self._wrong((key,), f"write `[[{key}]]`, once for each")
            return
        for index, one in enumerate(found):
            if toml.is_table(one):
                yield index, one

    def _keys(self, table: Table, known: tuple[str, ...], path: Path, what: str) -> None:
        for key in table:
            if key not in known:
                near = closest(key, known)
                said = f"{what} has no key `{key}`"
                self._wrong((*path, key), f"{said}; is `{near}` meant?" if near else said)

    def _text(self, table: Table, key: str, path: Path, *, required: bool = False) -> str:
        found = table.get(key, "")
        if not isinstance(found, str):
            self._wrong((*path, key), f"`{key}` is a text")
            return ""
        if required and not found.strip():
            self._wrong((*path, key) if key in table else path, f"`{key}` is missing")
        return found

    def _flag(self, table: Table, key: str, path: Path) -> bool:
        found = table.get(key, False)
        if not isinstance(found, bool):
            self._wrong((*path, key), f"`{key}` is `true` or `false`")
        return found is True

    def _new_until(self, head: Table, path: Path) -> str:
        found = head.get("only-new", False)
        if isinstance(found, bool):
            return ALWAYS if found else ""
        return self._day(head, "only-new", path, "`true`, or the last day")

    def _day(self, table: Table, key: str, path: Path, what: str) -> str:
        day = str(table.get(key))[:10]
        if _DAY.fullmatch(day) is None:
            self._wrong((*path, key), f"`{key}` is {what}, such as 2027-01-31")
        return day

    def _texts(self, table: Table, key: str, path: Path) -> tuple[str, ...]:
        found = table.get(key, [])
        if not _is_texts(found):
            self._wrong((*path, key), f"`{key}` is a list of texts")
            return ()
        return tuple(found)

    def _word(
        self, table: Table, key: str, path: Path, words: tuple[str, ...], default: str
    ) -> str:
        found = table.get(key, default)
        if isinstance(found, str) and (found in words or found == default):
            return found
        near = closest(found, words) if isinstance(found, str) else None
        said = f"`{key}` is one of {_alternatives(words)}"
        self._wrong((*path, key), f"{said}; is `{near}` meant?" if near else said)
        return default or words[0]

    def _wrong(self, path: Path, message: str) -> None:
        self.problems.append(ConfigProblem(self._span(path), message))

    def _span(self, path: Path) -> Span:
        return self._file.key(*path)


def _alternatives(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{one}`" for one in words)


def _is_texts(found: object) -> TypeGuard[list[str]]:
    return toml.is_array(found) and all(isinstance(one, str) for one in found)


def _are_files(found: object) -> TypeGuard[dict[str, str]]:
    """Return whether a table has texts by path, none of which leads out of a folder."""
    return (
        toml.is_table(found)
        and bool(found)
        and all(isinstance(text, str) for text in found.values())
        and not any(name.startswith("/") or ".." in name.split("/") for name in found)
    )
