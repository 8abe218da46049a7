"""Runs rules: those that are selected, each on the subjects that it is about."""

from __future__ import annotations

from tightship.findings import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.settings.policy import Policy
    from tightship.engine.settings.selection import Selection
    from tightship.findings import Finding
    from tightship.isolation.container import Container
    from tightship.rules.kit import Rule
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

    __slots__ = ("gaps", "groups", "secrets")

    def __init__(
        self, groups: list[list[RuleFinding]], gaps: int, secrets: tuple[Span, ...]
    ) -> None:
        self.groups = groups
        self.gaps = gaps
        self.secrets = secrets


class RuleRunner:
    """The selected rules, by the type of their subjects.

    The rules of a language are loaded when the run meets the language. Rules about
    secrets run even if they are not selected, so that reports can hide what they find.
    """

    __slots__ = (
        "_by_subject",
        "_languages",
        "_only_secrets",
        "names",
        "policy",
        "selection",
    )

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
            policy: settings that select file by file.

        Raises:
            UnknownWordError: if the selection names no rule, theme, set or id.

        """
        self.policy = policy
        self.selection = selection = policy or selection
        self._by_subject: dict[type[object], tuple[Rule, ...]] = {}
        self._only_secrets: dict[type[object], tuple[Rule, ...]] = {}
        self._languages: set[str] | None = None
        self.names = set[str]()
        if rules is not None:
            self._add(rules)
        elif selection.names_sets_only:
            self._languages = set()
            self.load_rules("any")
        else:
            from tightship.rules import every_rule

            self._select(every_rule())

    def load_rules(self, language: str) -> None:
        """Load the rules of a language, unless they are there already."""
        if self._languages is None or language in self._languages:
            return
        from tightship.rules import rules_of

        self._languages.add(language)
        self._select(rules_of(language))

    def _select(self, rules: Sequence[Rule]) -> None:
        selected = self.selection.rules(rules)
        self._add(selected)
        for rule in rules:
            if rule.theme == _ABOUT_SECRETS and rule not in selected:
                _add(rule, self._only_secrets)

    def _add(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            self.names.add(rule.name)
            _add(rule, self._by_subject)

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
            for rule in self._by_subject.get(type(subject), ()):
                for finding in rule.check(subject):
                    secrets |= dict.fromkeys(finding.secrets)
                    if self.selection.wants(rule, finding):
                        group.append(RuleFinding(rule, finding, subject, container))
            for rule in self._only_secrets.get(type(subject), ()):
                for finding in rule.check(subject):
                    secrets |= dict.fromkeys(finding.secrets)
        return RuleResults(list(groups.values()), gaps, tuple(secrets))


def _add(rule: Rule, rules: dict[type[object], tuple[Rule, ...]]) -> None:
    for subject in rule.on:
        rules[subject] = (*rules.get(subject, ()), rule)


def _checking(
    subjects: Iterable[object], check_cancelled: Callable[[], None]
) -> Iterator[object]:
    for subject in subjects:
        check_cancelled()
        yield subject
