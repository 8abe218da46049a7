"""The promises of every rule, and whether its examples are true, and those of a policy."""

from __future__ import annotations

from tightship.engine.check import Filters, check
from tightship.engine.fix.fixes import FixSelection
from tightship.engine.fix.run import Fixing
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_texts
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import STRICT, Selection
from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record
from tightship.rules.catalogues import controls_of
from tightship.rules.example import Bad, Good, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.policies.policy import Example, Policy, PolicyRule
    from tightship.rules.definition import Rule

    # Files by path; the name of a file with the place and the text of what is found.
    Files = dict[str, str]
    Place = tuple[str, int, str]


_NONE = Filters()


def problems(rule: Rule) -> Iterator[str]:
    """Yield what a rule lacks, and each example that is not true."""
    yield from broken_promises(rule)
    for number, example in enumerate(rule.examples, 1):
        yield from (f"example {number}: {one}" for one in _untrue(rule, example))


def broken_promises(rule: Rule) -> Iterator[str]:
    """Yield what the page of a rule or its examples lack."""
    why, *how = rule.doc.split("## How to fix")
    if not rule.summary.endswith("."):
        yield "the first line of its page is no sentence that ends with a full stop"
    if len(why.split("\n\n")) < 3:
        yield "its page has no paragraph that says why it matters, before `## How to fix`"
    if len(how) != 1 or not how[0].strip():
        yield "its page has no chapter `## How to fix`, or several"
    if not (controls_of(rule.name) or rule.cwe or rule.references or rule.url):
        yield "it has no source: set `references`, `cwe` or `url`"
    if {type(one) for one in rule.examples} != {Good, Bad}:
        yield "its examples are not of both kinds: `Good` and `Bad`"
    bad = [one for one in rule.examples if isinstance(one, Bad)]
    if any(one.fixed is not None for one in bad) != (rule.fix is not None):
        yield "`fix=` promises a fix, and no example shows it as a diff, or the reverse"
    severities = {one.severity or rule.severity for one in bad}
    if bad and max(severities) != rule.severity:
        yield "no `Bad` example has the severity of the rule"
    if bad and bool(rule.severity_note) != (len(severities) > 1):
        yield "`severity_note` is for a rule whose examples have several severities, and only then"


def _untrue(rule: Rule, example: Good | Bad) -> Iterator[str]:
    files = _texts(rule, example.files)
    plain = {path: marked(text)[0] for path, text in files.items()}
    verdicts = _verdicts(rule, plain)
    if not verdicts:
        yield "no Compose file and no Dockerfile is in it"
    yield from (gap.reason for one in verdicts for gap in one.gaps)
    found = [one for verdict in verdicts for one in verdict.findings if one.rule is rule]
    wanted = [
        (path, start, plain[path][start:end])
        for path, text in files.items()
        for start, end in marked(text)[1]
    ]
    yield from _differences(plain, wanted, [_place(one) for one in found])
    if not isinstance(example, Bad):
        return
    severity = example.severity or rule.severity
    for one in found:
        if one.severity is not severity:
            yield f"a finding is {one.severity.word}, and the example says {severity.word}"
    yield from _wrong_fix(rule, example, plain, found)


def _wrong_fix(rule: Rule, example: Bad, plain: Files, found: list[JudgedFinding]) -> Iterator[str]:
    fixes = [one.finding.fix for one in found if one.finding.fix]
    # Whether a correction keeps behaviour, what it grants decides.
    if any(one.effect is not rule.fix and not one.is_correction for one in fixes):
        yield "a fix is not of the kind that `fix=` says"
    fixing = Fixing(FixSelection(all_effects=True, names=(rule.name,)), write=False)
    left = [one for each in _verdicts(rule, plain, Filters(fixing)) for one in each.findings]
    yield from (f"a fix is not applied: {one.reason}" for one in fixing.unresolved)
    made = {one.source.name: one.text for one in fixing.changes}
    shown = {} if example.fixed is None else _texts(rule, example.fixed)
    for path, text in ({**plain, **made} if shown or made else {}).items():
        if text != marked(shown.get(path, ""))[0]:
            yield f"`{path}` is this after the fix, and not what the example shows:\n{text}"
    worst = min((one.severity for one in found), default=Severity.INFO)
    if made and any(one.rule is rule and one.severity >= worst for one in left):
        yield "the rule still finds something after the fix"


def _verdicts(rule: Rule, files: Files, filters: Filters = _NONE) -> list[Verdict]:
    configs = Configs(isolated=True)
    needed = [one for one in rule.options if one.default is None]
    options: dict[str, dict[str, object]] = {
        rule.name: {one.name: _value(one.example) for one in needed}
    }
    configs.plain = RuleRunner(Selection([STRICT]), [rule], options=options)
    return [*check(plan_texts(files, configs), filters)]


def _value(example: str) -> object:
    from tomllib import loads

    return loads(f"value = {example}")["value"]


def _place(one: JudgedFinding) -> Place:
    return one.span.source.name, one.span.start, one.span.text


def _differences(plain: Files, wanted: Iterable[Place], found: Iterable[Place]) -> Iterator[str]:
    expected, there = {*wanted}, {*found}
    for verb, places in (("does not find", expected - there), ("finds", there - expected)):
        for path, start, text in sorted(places):
            line = plain.get(path, "")[:start].count("\n") + 1
            yield f"the rule {verb} `{text}` in line {line} of `{path}`"


def _texts(rule: Rule, files: str | Files) -> Files:
    if isinstance(files, dict):
        return files
    return {"Dockerfile" if rule.language == "dockerfile" else "compose.yaml": files}


class Failure(Record):
    """An example that does not show what it is said to, and why."""

    rule: PolicyRule
    example: Example
    why: str


def failures(policy: Policy) -> Iterator[Failure]:
    """Yield the examples that fail: good ones with a finding, bad ones without."""
    for rule in policy.rules:
        alone = policy.replaced(rules=(rule,), exceptions=(), builtin=())
        for example in rule.examples:
            why = _problem(alone, example)
            if why:
                yield Failure(rule, example, why)


def _problem(policy: Policy, example: Example) -> str:
    configs = Configs(isolated=True)
    configs.plain = RuleRunner(Selection(), ())
    configs.plain.policies = [policy]
    verdicts = [*check(plan_texts(example.files, configs, of_all=True))]
    if not verdicts:
        return "it has nothing that starts a container or builds an image"
    unread = [gap for one in verdicts for gap in one.gaps]
    if unread:
        return f"a part of it is not checked: {unread[0].reason}"
    found = [one for verdict in verdicts for one in verdict.findings]
    if example.is_good:
        return f"it is good, and breaks the rule: {found[0].finding.message}" if found else ""
    return "" if found else "it is bad, and does not break the rule"
