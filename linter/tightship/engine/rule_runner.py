"""Runs rules: those that are selected, each on the subjects that it is about."""

from __future__ import annotations

from functools import partial

from tightship.findings import Gap
from tightship.rules.index import INDEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.settings.policy import Policy
    from tightship.engine.settings.selection import Selection
    from tightship.findings import Finding, Findings
    from tightship.isolation.container import Container
    from tightship.rules.kit import FamilyFindings, Rule, RuleEntry
    from tightship.text import Span

_ABOUT_SECRETS = "secrets"


class RuleFinding:
    """A finding, with the rule that made it and the subject that it is about.

    ``container`` is the container that the subject belongs to, if it belongs to one.
    """

    __slots__ = ("container", "finding", "rule", "subject")

    def __init__(
        self, rule: Rule, finding: Finding, subject: object, container: Container | None
    ) -> None:
        self.rule = rule
        self.finding = finding
        self.subject = subject
        self.container = container


class RuleResults:
    """All that rules find: findings, the number of gaps, and the places of secrets.

    ``groups`` holds a list of findings for each container, in the order of the
    subjects; findings about no container have a list of their own. ``secrets`` does
    not depend on the selection.
    """

    def __init__(
        self, groups: list[list[RuleFinding]], gaps: int, secrets: tuple[Span, ...]
    ) -> None:
        self.groups = groups
        self.gaps = gaps
        self.secrets = secrets


class RuleRunner:
    """The selected rules, by the type of their subjects.

    A rule is imported when a run meets a subject of its type. ``names`` are those of
    the selected rules; if only sets are selected, of the languages that the run has met.
    Rules about secrets run even if they are not selected, so that reports can hide what
    they find.
    """

    def __init__(
        self,
        selection: Selection | Policy,
        rules: Iterable[Rule] | None = None,
        policy: Policy | None = None,
    ) -> None:
        """Select rules; a policy takes the place of the selection.

        Args:
            selection: selects among all rules that there are.
            rules: the rules to run, in place of a selection.
            policy: settings that select file by file, and set options.

        Raises:
            UnknownWordError: if the selection names no rule, theme, set or id.

        """
        self.policy = policy
        self.selection = selection = policy or selection
        every: Sequence[RuleEntry] = INDEX if rules is None else [*rules]
        selected = selection.rules(every) if rules is None else every
        # Rules of every language come first.
        self._selected = sorted(selected, key=lambda one: one.language != "any")
        self._only_secrets = [
            one
            for one in every
            if one.theme == _ABOUT_SECRETS and one not in self._selected
        ]
        self._checks: dict[type[object], tuple[_Checks, _Checks]] = {}
        by_language = rules is None and selection.names_sets_only
        self.names = {
            one.name
            for one in self._selected
            if one.language == "any" or not by_language
        }

    def load_rules(self, language: str) -> None:
        """Add the rules of a language to the names, as the run meets the language."""
        self.names.update(
            one.name for one in self._selected if one.language == language
        )

    def run(
        self,
        subjects: Iterable[object],
        check_cancelled: Callable[[], None] | None = None,
    ) -> RuleResults:
        """Return what the rules find about subjects.

        ``check_cancelled`` is called before each subject; what it raises ends the run.
        """
        groups: dict[int, list[RuleFinding]] = {}
        gaps = 0
        secrets: dict[Span, None] = {}
        if check_cancelled is not None:
            subjects = _checking(subjects, check_cancelled)
        for subject in subjects:
            gaps += isinstance(subject, Gap)
            container: Container | None = getattr(subject, "container", None)
            group = groups.setdefault(id(container), [])
            checks, only_secrets = self._checks_of(type(subject))
            for rule, finding in checks.findings(subject):
                secrets |= dict.fromkeys(finding.secrets)
                if self.selection.wants(rule, finding):
                    group.append(RuleFinding(rule, finding, subject, container))
            for _, finding in only_secrets.findings(subject):
                secrets |= dict.fromkeys(finding.secrets)
        return RuleResults(list(groups.values()), gaps, tuple(secrets))

    def _checks_of(self, subject: type[object]) -> tuple[_Checks, _Checks]:
        """Return what rules and what rules about secrets only ask of a type."""
        found = self._checks.get(subject)
        if found is None:
            settings = self.policy.settings if self.policy is not None else None
            found = self._checks[subject] = (
                _Checks(self._selected, subject, settings),
                _Checks(self._only_secrets, subject, settings),
            )
        return found


class _Checks:
    """The functions of rules about one type of subjects."""

    def __init__(
        self,
        entries: Iterable[RuleEntry],
        subject: type[object],
        settings: Settings | None,
    ) -> None:
        """Import those of the rules that are about the type, and can find something."""
        self._rules: list[tuple[Rule, Callable[..., Findings]]] = []
        self._families: dict[Callable[..., FamilyFindings], dict[str, Rule]] = {}
        name = f"{subject.__module__}:{subject.__name__}"
        for entry in entries:
            if name not in entry.subjects:
                continue
            given = settings.rules.get(entry.name, {}) if settings is not None else {}
            if not given.keys() >= {*entry.needs}:
                continue
            rule = entry.load()
            if rule.in_family:
                self._families.setdefault(rule.check, {})[rule.name] = rule
            elif rule.options:
                self._rules.append((rule, _with_options(rule, given)))
            else:
                self._rules.append((rule, rule.check))

    def findings(self, subject: object) -> Iterator[tuple[Rule, Finding]]:
        """Yield what the rules find about a subject."""
        for rule, check in self._rules:
            for finding in check(subject):
                yield rule, finding
        for check_all, members in self._families.items():
            for name, finding in check_all(subject):
                if name in members:
                    yield members[name], finding


def _with_options(rule: Rule, given: Mapping[str, object]) -> Callable[..., Findings]:
    """Return the function of a rule, with the values of its options."""
    from tightship.config.options import Options

    return partial(rule.check, options=Options(rule.options, given))


def _checking(
    subjects: Iterable[object], check_cancelled: Callable[[], None]
) -> Iterator[object]:
    for subject in subjects:
        check_cancelled()
        yield subject
