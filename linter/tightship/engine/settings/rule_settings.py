"""What settings say about rules: the findings that they select and accept, and their severities."""

from __future__ import annotations

import os

from tightship.config.settings import lower, lowering
from tightship.engine.disk.root import holds
from tightship.engine.settings import CommandLine
from tightship.engine.settings.selection import Selection, means, plain
from tightship.findings import Related, Severity
from tightship.rules.definition import rule_of
from tightship.values.gitignore import Patterns
from tightship.values.matching import Wildcard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeVar

    from tightship.config.settings import Override, Settings
    from tightship.engine.verdict import JudgedFinding, Subject
    from tightship.findings import Finding
    from tightship.isolation.container import Container
    from tightship.rules.definition import Rule, RuleEntry

    R = TypeVar("R", bound=RuleEntry)


class RuleSettings:
    """The settings for the files below a root.

    It takes the place of a :class:`Selection`, and selects file by file.
    """

    def __init__(
        self, settings: Settings, root: str, command_line: CommandLine | None = None
    ) -> None:
        """Combine settings with those of a command line.

        The words of ``--select`` replace those of the settings, and the words of
        ``--ignore`` and ``--extend-select`` are added.
        """
        command_line = command_line or CommandLine()
        self.settings = settings
        self._root = root
        select, extend = command_line.select, command_line.extend_select
        ignore = [*settings.ignore, *command_line.ignore]
        self._usual = Selection(select or settings.select, ignore, extend)
        self._severities = _plain(settings.severity)
        self._first_severities = _plain(command_line.severity)
        self._accepts = command_line.accept
        # Later overrides win, and those for services win over those for files.
        self._overrides = [
            _Override(one, settings.folder, ignore, extend, is_free=not select)
            for one in (*settings.per_path, *settings.per_service)
        ]
        self._by_file: dict[str, list[_Override]] = {}

    @property
    def names_sets_only(self) -> bool:
        """Return whether all words are names of sets."""
        return all(one.names_sets_only for one in self._selections())

    def rules(self, every: Iterable[R]) -> list[R]:
        """Return the ones of all the rules that are selected anywhere, in their order.

        Raises:
            UnknownWordError: if a word selects none of them.

        """
        every = list(every)
        wanted = {rule.name for one in self._selections() for rule in one.rules(every)}
        return [rule for rule in every if rule.name in wanted]

    def takes(self, rule: RuleEntry) -> bool:
        """Return whether a rule is selected anywhere."""
        return any(one.takes(rule) for one in self._selections())

    def wants(self, rule: Rule, finding: Finding) -> bool:
        """Return whether a finding is selected at its place."""
        selection = self._usual
        for override in self._at(finding):
            if override.selection is not None:
                selection = override.selection
        return selection.takes(rule) and selection.wants(rule, finding)

    def exception_for(self, rule: Rule, finding: Finding, subject: Subject) -> Override | None:
        """Return the exception that accepts a finding, if one does."""
        for override in self._at(finding) if self._accepts else ():
            if override.is_about(subject) and _names(override.ignore, rule, finding):
                return override.given
        return None

    def severity(
        self,
        rule: Rule,
        finding: Finding,
        usual: Severity,
        subject: Subject,
        containers: Iterable[Container],
    ) -> tuple[Severity, Related | None]:
        """Return the severity of a finding, and why the host makes it lower."""
        severity = self._set_severity(rule, finding, subject)
        if severity is not None:
            return severity, None
        host = self.settings.host
        own = all(one.value("userns_mode") is None for one in containers)
        found = lowering(host, rule.name, own_namespace=own)
        place = self.settings.place("host", found.key) if found is not None else None
        lowered = lower(usual)
        if found is None or place is None or lowered is usual:
            return usual, None
        what = f"{lowered.word} rather than {usual.word} on this host: {found.why}"
        return lowered, Related(place, what)

    def sets_severity(self, judged: JudgedFinding) -> bool:
        """Return whether the command line or a file sets the severity of a finding."""
        found = self._set_severity(judged.rule, judged.finding, judged.subject)
        return found is not None

    def _set_severity(self, rule: Rule, finding: Finding, subject: Subject) -> Severity | None:
        severity = _severity(self._first_severities, rule)
        if severity is not None:
            return severity
        severity = _severity(self._severities, rule)
        for override in self._at(finding):
            if override.is_about(subject):
                severity = _severity(override.severities, rule) or severity
        return severity

    def _selections(self) -> list[Selection]:
        own = (one.selection for one in self._overrides)
        return [self._usual, *(one for one in own if one is not None)]

    def _at(self, finding: Finding) -> list[_Override]:
        """Return the overrides for the file of a finding."""
        name = finding.span.source.name
        if not self._overrides:
            return self._overrides
        if name not in self._by_file:
            # A Dockerfile in a Compose file is called `compose.yaml (web)`.
            file = name.rpartition(" (")[0] if name.endswith(")") else ""
            path = os.path.join(self._root, file or name)
            self._by_file[name] = [
                one for one in self._overrides if one.paths is None or one.paths.cover(path)
            ]
        return self._by_file[name]


class _Override:
    """An override, with its patterns compiled."""

    def __init__(
        self,
        given: Override,
        folder: str,
        ignored: Iterable[str],
        extend: Iterable[str],
        *,
        is_free: bool,
    ) -> None:
        self.paths = Paths(given.paths, folder) if given.paths else None
        self._services: list[Wildcard] | None = None
        if given.services is not None:
            self._services = [*map(Wildcard, given.services)]
        self._known: dict[str, bool] = {}
        self.ignore = {plain(word) for word in given.ignore}
        self.severities = _plain(given.severity)
        self.given = given
        self.selection: Selection | None = None
        if given.select is not None and is_free:
            self.selection = Selection(given.select, ignored, extend)

    def is_about(self, subject: Subject) -> bool:
        services = self._services
        if services is None:
            return True
        if subject.kind != "service":
            return False
        name = subject.name
        if name not in self._known:
            self._known[name] = any(pattern.matches(name) for pattern in services)
        return self._known[name]


class Paths:
    """Patterns of files that are relative to a folder."""

    def __init__(self, patterns: Iterable[str], folder: str) -> None:
        text = "\n".join(patterns).encode("utf-8", "surrogatepass")
        self._patterns = Patterns(text)
        self._folder = folder

    def cover(self, path: str, *, folder: bool = False) -> bool:
        """Return whether they match an absolute path, or a folder above it."""
        if not holds(self._folder, path):
            return False
        rest = path[len(self._folder) :].replace(os.sep, "/").strip("/")
        whole = rest.encode("utf-8", "surrogatepass")
        at = whole.find(b"/")
        while at >= 0:
            if self._patterns.verdict(whole[:at], folder=True):
                return True
            at = whole.find(b"/", at + 1)
        return bool(self._patterns.verdict(whole, folder=folder))


def _plain(severities: Mapping[str, Severity]) -> dict[str, Severity]:
    return {plain(word): severity for word, severity in severities.items()}


def _severity(severities: Mapping[str, Severity], rule: Rule) -> Severity | None:
    """Return the severity of a rule by the narrowest word for it."""
    if not severities:
        return None
    return next((severities[one] for one in _words(rule) if one in severities), None)


def _names(words: set[str], rule: Rule, finding: Finding) -> bool:
    return bool(words) and any(
        means(word, rule, finding) for word in words.intersection(_words(rule))
    )


def _words(rule: Rule) -> list[str]:
    """Return the words for a rule, the narrowest first."""
    ids = (*map(plain, rule.aliases), rule_of(rule.name))
    return [rule.name, *ids, plain(rule.theme), rule.set]
