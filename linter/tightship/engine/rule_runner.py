"""Runs rules: those that are selected, each on the subjects that it is about."""

from __future__ import annotations

from functools import partial

from tightship.findings import Gap
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.rules.definition import FINDING, by_attribute, known_rules, signs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.engine.settings.selection import Selection
    from tightship.findings import Finding, Findings
    from tightship.isolation.container import Container
    from tightship.policies.policy import Policy
    from tightship.rules.definition import CodeFindings, Rule, RuleEntry
    from tightship.text import Span

    _BySubject: TypeAlias = dict[str, list[tuple[int, RuleEntry]]]
    # The functions of rules, and of the one whose findings have the codes of ShellCheck.
    _Functions: TypeAlias = tuple[list[tuple[Rule, Callable[..., Findings]]], "_Codes | None"]

_ABOUT_SECRETS = "secrets"


class RuleFinding(Record):
    """A finding, with the rule that made it and the subject that it is about.

    ``container`` is the container that the subject belongs to, if it belongs to one.
    """

    rule: Rule
    finding: Finding
    subject: object
    container: Container | None


class KnownFindings(Record):
    """What the rules find about a container and its parts, before a run that takes them in.

    ``secrets`` are all places of secrets, selected or not.
    """

    container: Container
    findings: Sequence[RuleFinding]
    secrets: Sequence[Span]


class RuleResults(Record):
    """All that rules find: findings, the gaps, and the places of secrets.

    ``groups`` holds a list of findings for each container, in the order of the
    subjects; findings about no container have their own list. ``secrets`` does
    not depend on the selection.
    """

    groups: list[list[RuleFinding]]
    gaps: tuple[Gap, ...]
    secrets: tuple[Span, ...]


class RuleRunner:
    """The selected rules, by the type of their subjects.

    A rule is imported when a run meets a subject that it is about. Rules about secrets
    run even if they are not selected, so that reports can hide what they find. With
    ``asks_shellcheck``, the comments of ShellCheck are subjects too; a runner that only
    ``expects`` them announces the scripts, and finds nothing. ``policies`` are what
    organisations demand, whatever is selected.
    """

    policies: Sequence[Policy] = ()

    def __init__(
        self,
        selection: Selection | RuleSettings,
        rules: Iterable[Rule] | None = None,
        rule_settings: RuleSettings | None = None,
        options: Mapping[str, Mapping[str, object]] | None = None,
        *,
        accept: bool = True,
    ) -> None:
        """Select rules; settings take the place of the selection.

        Args:
            selection: selects among all rules that there are.
            rules: the rules to run, in place of a selection.
            rule_settings: what settings say, which select file by file, and set options.
            options: options of rules, in place of those that settings set.
            accept: whether comments accept findings.

        Raises:
            UnknownWordError: if the selection names no rule, theme, set or id.

        """
        self.rule_settings = rule_settings
        self.accepts = accept
        self.selection = selection = rule_settings or selection
        self._options = _options(rule_settings, options or {})
        every: Sequence[RuleEntry] = known_rules() if rules is None else [*rules]
        selected = selection.rules(every) if rules is None else every
        # Rules of every language come first.
        self._selected = sorted(selected, key=lambda one: one.language != "any")
        self._by_subject = _by_subject(self._selected)
        self._only_secrets = _by_subject(
            one for one in every if one.theme == _ABOUT_SECRETS and one not in self._selected
        )
        self.expects_shellcheck = False
        self._checks: dict[type[object], tuple[_Checks, _Checks]] = {}
        self.asks_shellcheck = any(
            one.name == FINDING and selection.takes(one) for one in self._selected
        )
        self._by_language = rules is None and selection.names_sets_only

    @lazy_property
    def expecting(self) -> RuleRunner:
        """Return a runner that finds nothing, and announces scripts to ShellCheck."""
        runner = RuleRunner(self.selection, ())
        runner.expects_shellcheck = self.asks_shellcheck
        return runner

    @lazy_property
    def for_dockerfiles(self) -> RuleRunner:
        """Return a runner for what is reported of a Dockerfile in the projects that build it."""
        runner = object.__new__(RuleRunner)
        runner.__dict__.update(self.__dict__, _checks={})
        runner._by_subject = _by_subject(one for one in self._selected if not one.measure)
        return runner

    @lazy_property
    def _failures(self) -> dict[str, Gap]:
        """Return the gaps of rules of other packages that fail, by the names of the rules."""
        return {}

    @property
    def has_rules_of_others(self) -> bool:
        """Return whether a rule is selected that an installed package brings."""
        return any(getattr(one, "package", "") for one in self._selected)

    def names(self, languages: Collection[str]) -> frozenset[str]:
        """Return the names of the selected rules, as far as they can find anything.

        If only sets are selected, these are the rules of the languages of a project.
        """
        return frozenset(
            one.name
            for one in self._selected
            if not self._by_language or one.language in ("any", *languages)
        )

    def run(
        self, subjects: Iterable[object], check_cancelled: Callable[[], None] | None = None
    ) -> RuleResults:
        """Return what the rules find about subjects.

        ``check_cancelled`` is called before each subject; what it raises ends the run.
        """
        groups: dict[int, list[RuleFinding]] = {}
        # Several services may build a file, and each of them find the same gap.
        gaps: dict[tuple[Span, str], Gap] = {}
        secrets: dict[Span, None] = {}
        if check_cancelled is not None:
            subjects = _checking(subjects, check_cancelled)
        wants = self.selection.wants
        for subject in self._with_failures(subjects):
            if isinstance(subject, Gap):
                gaps.setdefault((subject.span, subject.reason), subject)
            container: Container | None = getattr(subject, "container", None)
            group = groups.setdefault(id(container), [])
            if isinstance(subject, KnownFindings):
                group += subject.findings
                secrets |= dict.fromkeys(subject.secrets)
                continue
            checks, only_secrets = self._checks_of(type(subject))
            for rule, finding in checks.findings(subject):
                if finding.secrets:
                    secrets |= dict.fromkeys(finding.secrets)
                if wants(rule, finding):
                    if getattr(subject, "deferred", False):
                        from tightship.rules.wording import in_later_build  # rare

                        finding = in_later_build(finding)
                    group.append(RuleFinding(rule, finding, subject, container))
            for _, finding in only_secrets.findings(subject):
                secrets |= dict.fromkeys(finding.secrets)
        return RuleResults(list(groups.values()), tuple(gaps.values()), tuple(secrets))

    def _with_failures(self, subjects: Iterable[object]) -> Iterator[object]:
        """Yield subjects, and then the gaps of rules that failed on them."""
        self._failures.clear()
        yield from subjects
        if self._failures:
            yield from tuple(self._failures.values())

    def _checks_of(self, subject: type[object]) -> tuple[_Checks, _Checks]:
        """Return what rules and what rules about secrets only ask of a type."""
        found = self._checks.get(subject)
        if found is None:
            found = self._checks[subject] = (
                _Checks(self._by_subject, subject, self._options, self._failures),
                _Checks(self._only_secrets, subject, self._options, self._failures),
            )
        return found


class _Checks:
    """The rules about one type of subjects.

    A rule is imported when a run meets a subject that it may find something about.
    """

    def __init__(
        self,
        by_subject: _BySubject,
        subject: type[object],
        given: Mapping[str, Mapping[str, object]],
        failures: dict[str, Gap],
    ) -> None:
        """Choose the rules that are about the type, and can find something."""
        # A rule may be about the part of a subject that every front end has.
        names = [f"{one.__module__}:{one.__name__}" for one in subject.__mro__]
        about = dict(pair for name in names for pair in by_subject.get(name, ()))
        self._given = given
        self._failures = failures
        self._entries = [
            entry
            for _, entry in sorted(about.items())
            if given.get(entry.name, {}).keys() >= {*entry.needs}
        ]
        self._loaded: dict[RuleEntry, tuple[Rule, Callable[..., Findings]]] = {}
        self._keys = {key for entry in self._entries for key in entry.keys}
        self._signs = by_attribute({sign for entry in self._entries for sign in entry.when})
        # The rules about subjects with the same ones of these keys and signs.
        self._by_signs: dict[tuple[frozenset[str], frozenset[str]], _Functions] = {}

    def findings(self, subject: object) -> Iterator[tuple[Rule, Finding]]:
        """Yield what the rules find about a subject."""
        if not self._entries:
            return
        keys = frozenset[str]()
        if self._keys:
            there: Collection[str] = getattr(subject, "service_keys", ())
            keys = frozenset(self._keys.intersection(there))
        signs = frozenset(signs_of(subject, self._signs))
        functions = self._by_signs.get((keys, signs))
        if functions is None:
            functions = self._by_signs[keys, signs] = self._functions(keys, signs)
        rules, codes = functions
        for rule, check in rules:
            for finding in check(subject):
                yield rule, finding
        if codes is not None:
            for code, finding in codes.check(subject):
                yield codes[code], finding

    def _functions(self, keys: frozenset[str], signs: frozenset[str]) -> _Functions:
        """Return the functions of the rules that may find something by these signs."""
        rules: list[tuple[Rule, Callable[..., Findings]]] = []
        codes = None
        for entry in self._entries:
            if entry.keys and keys.isdisjoint(entry.keys):
                continue
            if entry.when and signs.isdisjoint(entry.when):
                continue
            if entry not in self._loaded:
                self._loaded[entry] = self._load(entry)
            rule, check = self._loaded[entry]
            if rule.name == FINDING:
                codes = _Codes(rule)
            else:
                rules.append((rule, check))
        return rules, codes

    def _load(self, entry: RuleEntry) -> tuple[Rule, Callable[..., Findings]]:
        """Return a rule and its function, with the values of its options."""
        rule = entry.load()
        check = rule.check
        if rule.options:
            from tightship.config.key import Options

            given = Options(rule.options, self._given.get(rule.name, {}))
            check = partial(check, options=given)
        if rule.package:
            from tightship.rules.own import guarded

            check = guarded(check, rule, self._failures)
        return rule, check


def _by_subject(entries: Iterable[RuleEntry]) -> _BySubject:
    """Return the rules by the names of their subjects, each with its place among all."""
    found: _BySubject = {}
    for pair in enumerate(entries):
        for name in pair[1].subjects:
            found.setdefault(name, []).append(pair)
    return found


class _Codes(dict[str, "Rule"]):
    """The rules for the codes of ShellCheck, each made when it is first found."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self._rule = rule
        self.check: Callable[..., CodeFindings] = rule.check

    def __missing__(self, code: str) -> Rule:
        self[code] = self._rule.with_code(code)
        return self[code]


def _options(
    rule_settings: RuleSettings | None, options: Mapping[str, Mapping[str, object]]
) -> Mapping[str, Mapping[str, object]]:
    """Return the options of rules: those of a command line, and else of settings."""
    settings = rule_settings.settings.rules if rule_settings is not None else {}
    if not options:
        return settings
    both = settings.keys() | options.keys()
    return {rule: {**settings.get(rule, {}), **options.get(rule, {})} for rule in both}


def _checking(subjects: Iterable[object], check_cancelled: Callable[[], None]) -> Iterator[object]:
    for subject in subjects:
        check_cancelled()
        yield subject
