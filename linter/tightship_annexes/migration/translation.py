"""The checks of other linters, and what their settings become, or why not: a `tightship.toml`."""

from __future__ import annotations

from tightship.config.key import pattern_problem
from tightship.config.text import toml_key, toml_value
from tightship.engine.settings.selection import DEFAULT, named, plain
from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record
from tightship.lazy.modules import facts
from tightship.rules.index import INDEX
from tightship.values.peer_id import alias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Lines = dict[str, str]


class PeerCheck(Record):
    """A check of another linter: its id, and what it is about.

    ``absent`` is the reason why no rule has this id; without one, a rule has it. The rule
    may be ``laxer``: these are cases that only the other linter reports. It may be
    ``stricter``, in cases that only Tightship reports. Without either, both find the same.
    ``severity`` is that of the other linter as ours, if it is known: `ignore` is off.
    """

    id: str
    about: str
    absent: str = ""
    laxer: tuple[str, ...] = ()
    stricter: tuple[str, ...] = ()
    severity: str = ""

    @property
    def differences(self) -> str:
        """Return the differences as sentences, for a table and for people who migrate."""
        parts = [f"not here: {self.absent}"] if self.absent else []
        parts += [f"laxer: {'; '.join(self.laxer)}"] if self.laxer else []
        parts += [f"stricter: {'; '.join(self.stricter)}"] if self.stricter else []
        return ". ".join(parts) or "the same"


def every_check() -> dict[str, list[PeerCheck]]:
    """Return the checks of each linter with a table, by its name."""
    known = facts("other_linters")

    def cases(id: str, direction: str) -> tuple[str, ...]:
        differences = (one for one in known["difference"] if id in one["checks"])
        return tuple(one[direction] for one in differences if direction in one)

    def severity(linter: str, id: str) -> str:
        found: dict[str, list[str]] = known["severities"].get(linter, {})
        usual = "warning" if found else ""
        return next((name for name, ids in found.items() if id in ids), usual)

    def check(linter: str, id: str, fact: str | list[str]) -> PeerCheck:
        about, reason = (fact, "") if isinstance(fact, str) else fact
        absent = known["reasons"][reason] if reason else ""
        differences = cases(id, "laxer"), cases(id, "stricter")
        return PeerCheck(id, about, absent, *differences, severity(linter, id))

    return {
        linter: [check(linter, id, fact) for id, fact in checks.items()]
        for linter, checks in known["checks"].items()
    }


_ELSEWHERE = "it is about something other than Dockerfiles and Compose files"


class AcceptedChecks:
    """Checks that are accepted in some files (``paths``) or of some ``services``."""

    def __init__(self, key: str, names: tuple[str, ...], reason: str) -> None:
        self.key = key
        self.names = names
        self.reason = reason
        self.ignore: dict[str, None] = {}


class Translation:
    """The settings that other linters' files add up to, each word with its origin."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        self._lists: dict[str, Lines] = {}
        self._severity: dict[str, tuple[str, str]] = {}
        self._fail_on: tuple[str, str] | None = None
        self._exceptions: dict[tuple[str, tuple[str, ...], str], AcceptedChecks] = {}
        self._options: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
        self._linters: dict[str, None] = {}  # as the tables name them
        self._left: dict[str, None] = {}
        self._checks = every_check()
        self._reasons: Mapping[str, str] = {
            plain(check.id): check.absent for checks in self._checks.values() for check in checks
        }

    def add(self, key: str, word: str, place: str) -> None:
        """Add a word to a list of the configuration, such as ``exclude``."""
        if key == "exclude" and (why := pattern_problem(word)) is not None:
            self.leave(f"`{word}`", place, why)
            return
        self._lists.setdefault(key, {}).setdefault(word, place)

    def replaces(self, *linters: str) -> None:
        """Note whose checks the user had, by the names of the tables."""
        self._linters.update(dict.fromkeys(linters))

    def select_all(self, place: str) -> None:
        """Select the sets that have the rules of linters of Dockerfiles."""
        self.add("select", "hygiene", place)
        self.add("select", "shellcheck", f"{place}, needs `pip install 'tightship[shellcheck]'`")

    def option(self, rule: str, name: str, word: str, place: str, value: str = "") -> None:
        """Add a word to a list that is an option of a rule, or a key with its value."""
        self._options.setdefault((rule, name), {}).setdefault(word, (value, place))

    def leave(self, what: str, place: str, reason: str) -> None:
        """Note what is not taken over, and why."""
        self._left[f"{place}: {what}: {reason}"] = None

    def ignore(self, linter: str, word: str, place: str, reason: str = "") -> None:
        """Ignore a check of a linter, or note that no rule has this id."""
        known = self._known(linter, word, place)
        if known:
            remark = f"{place}: {reason}" if reason else place
            self.add("ignore", known, remark)

    def severity(self, linter: str, word: str, severity: str, place: str) -> None:
        """Set the severity of a check, and look for it if only the strict set has it."""
        known = self._known(linter, word, place)
        if not known:
            return
        self._severity.setdefault(known, (severity, place))
        self.look_for(linter, word, place)

    def look_for(self, linter: str, word: str, place: str) -> None:
        """Select a check that only the strict set has."""
        known = self._known(linter, word, place)
        if known and all(rule.strict for rule in named(known, INDEX)):
            self.add("select", known, place)

    def keep_failing(self, threshold: str, place: str) -> None:
        """Raise the severity of rules that would fail no run although their check does."""
        for check in self._checks["hadolint"]:
            rules = () if check.absent else named(check.id, INDEX)
            lowest = min((rule.load().severity for rule in rules), default=None)
            if lowest is None or check.severity not in ("error", "warning"):
                continue
            theirs = Severity[check.severity.upper()]
            if theirs.reaches(threshold) and not lowest.reaches(threshold):
                self._severity.setdefault(check.id, (check.severity, place))

    def fail_on(self, severity: str, place: str) -> None:
        """Set the lowest severity that fails a run; the first linter decides."""
        if self._fail_on is None:
            self._fail_on = severity, place
        elif self._fail_on[0] != severity:
            reason = f"`{self._fail_on[0]}` is taken over from {self._fail_on[1]}"
            self.leave(f"fails on `{severity}`", place, reason)

    def accept(
        self, linter: str, word: str, place: str, *, key: str, names: tuple[str, ...], reason: str
    ) -> None:
        """Accept a check in files (``paths``) or of services, for a reason."""
        for name in names if key == "paths" else ():
            if (why := pattern_problem(name)) is not None:
                self.leave(f"`{word}` in `{name}`", place, why)
                return
        known = self._known(linter, word, place)
        if known and names:
            reason = reason or f"accepted in {place.rpartition(':')[0]}"
            made = AcceptedChecks(key, names, reason)
            kept = self._exceptions.setdefault((key, names, reason), made)
            kept.ignore[known] = None

    def _known(self, linter: str, word: str, place: str) -> str:
        """Return the alias of a check that a rule answers to, or note why none does."""
        known = alias(linter, word)
        if known and named(known, INDEX):
            return known
        reason = self._reasons.get(plain(known))
        if reason is None:
            reason = _unknown(linter, word)
        self.leave(f"`{word}`", place, reason)
        return ""

    def text(self) -> str:
        """Return the configuration, with what is left out as comments."""
        lines = [f"# Taken over from {_plain_line(_listed(self.sources))}."]
        for key in ("select", "ignore", "trusted-registries", "exclude"):
            words = self._lists.get(key, {})
            if key == "select":
                words = {**words, **self._needed()}
            if words:
                lines += ["", *_list(key, words)]
        if self._fail_on is not None:
            severity, place = self._fail_on
            lines += ["", f"fail-on = {toml_value(severity)}  # {_plain_line(place)}"]
        if self._left:
            lines += ["", "# Not taken over:"]
            lines += [f"# {_plain_line(one)}" for one in self._left]
        if self._severity:
            lines += ["", *self._severities()]
        lines += self._tables()
        lines += self._rule_tables()
        return "\n".join(lines) + "\n"

    def losses(self) -> str:
        """Return what the user loses: a line for each reason, with its checks, or nothing.

        What is ignored there, or off by default, is no loss.
        """
        ignored = self._lists.get("ignore", {})
        lost = dict[str, list[str]]()
        for linter in self._linters:
            for check in self._checks[linter]:
                is_off = check.severity == "ignore" and check.id not in self._severity
                if check.id in ignored or is_off:
                    continue
                for why in (check.absent, *check.laxer):
                    if why:
                        lost.setdefault(why, []).append(check.id)
        return "\n".join(f"{', '.join(ids)}: {why}" for why, ids in lost.items())

    def _needed(self) -> Lines:
        """Return the checks that are on by default there, and selected by nothing here."""
        ignored, selected = self._lists.get("ignore", {}), self._lists.get("select", {})
        sets = {DEFAULT, *selected}
        needed = dict[str, str]()
        for linter in self._linters:
            for check in self._checks[linter]:
                rules = () if check.absent else named(check.id, INDEX)
                is_on = check.severity != "ignore" and check.id not in {*ignored, *selected}
                if rules and is_on and not any(rule.set in sets for rule in rules):
                    needed[check.id] = f"{linter} has it by default"
        return needed

    def _severities(self) -> Iterator[str]:
        yield "[severity]"
        for word, (severity, place) in self._severity.items():
            value = toml_value(severity)
            yield f"{toml_key(word)} = {value}  # {_plain_line(place)}"

    def _tables(self) -> Iterator[str]:
        for one in self._exceptions.values():
            yield from ("", "[[per-path]]" if one.key == "paths" else "[[per-service]]")
            yield f"{one.key} = {toml_value(one.names)}"
            yield f"ignore = {toml_value((*one.ignore,))}"
            yield f"reason = {toml_value(one.reason)}"

    def _rule_tables(self) -> Iterator[str]:
        """Yield the options of rules, one table for each rule."""
        last = ""
        for (rule, name), words in sorted(self._options.items()):
            if rule != last:
                yield from ("", f"[rules.{rule}]")
            last = rule
            pairs = {word: value for word, (value, _) in words.items()}
            value = toml_value(pairs if any(pairs.values()) else (*pairs,))
            place = next(place for _, place in words.values())
            yield f"{name} = {value}  # {_plain_line(place)}"


def _list(key: str, words: Lines) -> Iterator[str]:
    yield f"{key} = ["
    if key == "select":
        yield '  "default",'
    for word, remark in words.items():
        yield f"  {toml_value(word)},  # {_plain_line(remark)}"
    yield "]"


def _unknown(linter: str, word: str) -> str:
    """Return why no rule answers to an id that no table has."""
    about = {"checkov": ("CKV_DOCKER_", "CKV2_DOCKER_"), "trivy": ("DS", "AVD-DS")}.get(linter)
    if about is not None and not word.upper().startswith(about):
        return _ELSEWHERE
    return "no rule has this id"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _plain_line(text: str) -> str:
    """Return a text for a comment: one line, without characters that TOML refuses."""
    return "".join(char if char.isprintable() else "�" for char in text)
