"""A rule of a policy as a rule like any other, what it finds about facts, and its page."""

from __future__ import annotations

from functools import cache

from tightship.findings import Finding, Related, Severity
from tightship.lazy import TYPE_CHECKING
from tightship.policies.language import Reader, Template
from tightship.policies.operators import both, negated
from tightship.project_facts.groups import GROUPS
from tightship.rules.definition import Rule, RuleEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tightship.policies.operators import Holds
    from tightship.policies.policy import Example, Policy, PolicyException, PolicyRule
    from tightship.project_facts.values import Facts


_MOST = 10
OPEN = "the files do not decide it, as a variable or an image does"


def holds(rule: PolicyRule, facts: Facts) -> Holds:
    """Return whether a thing obeys a rule: none where only a run decides."""
    if rule.when is None:
        return rule.requires.holds(facts, facts)
    applies = rule.when.holds(facts, facts)
    if applies is False:
        return True
    obeys = rule.requires.holds(facts, facts)
    return negated(both(applies, negated(obeys)))


def violation(rule: PolicyRule, facts: Facts) -> Finding | None:
    """Return the violation of a rule by a thing, at the place that decides it, if it is one."""
    verdict = holds(rule, facts)
    if verdict is True or (verdict is None and rule.unknown == "ignore"):
        return None
    told = _template(rule).shown(facts)
    severity = None
    if verdict is None:
        told = f"{told}; {OPEN}"
        severity = Severity.INFO if rule.unknown == "report" else None
    places = [*dict.fromkeys(rule.requires.places(facts, facts))] or [facts.span]
    first, *others = places[:_MOST]
    because = tuple(Related(one, "and here") for one in others)
    return Finding(first, told, severity=severity, because=because, cause=(rule.id, told))


@cache
def _template(rule: PolicyRule) -> Template:
    reader = Reader(GROUPS[rule.about])
    return Template(rule.message, lambda name: reader.path(name, ()))


def explain(rule: PolicyRule, facts: Facts) -> Iterator[str]:
    """Yield the tests of a rule on a thing, fact by fact, as lines."""
    words = {True: "holds", False: "does not hold", None: "is not decided"}
    parts = [("when", rule.when), ("requires", rule.requires)]
    for title, part in parts:
        if part is None:
            continue
        yield f"{title}: {words[part.holds(facts, facts)]}"
        for one in part.tests(facts, facts, 1):
            yield f"{'  ' * one.depth}{one.told} -> {words[one.holds]} ({one.span.place})"


class ReportedRule(Rule):
    """A rule of a policy as reports see it."""

    def __init__(self, about: Mapping[str, object]) -> None:
        """Take over what reports ask for."""
        self.__dict__.update(about)

    def __reduce__(self) -> tuple[Callable[..., Rule], tuple[object, ...]]:
        """Pickle the rule by what it says, as no module has it."""
        known = {key: value for key, value in self.__dict__.items() if key != "help"}
        return ReportedRule, (known,)


def reported(name: str, severity: Severity, doc: str, *, url: str = "", own_page: str = "") -> Rule:
    """Return what reports show of a rule that no module has."""
    doc = f"{doc[:1].upper()}{doc[1:].removesuffix('.')}."
    entry = RuleEntry("any.policy.rule", (), name=name)
    return ReportedRule(
        {
            **entry.__dict__,
            "severity": severity,
            "fix": None,
            "on": (),
            "examples": (),
            "doc": doc,
            "advice": f"see {url}" if url else "",
            "url": url,
            "own_page": own_page or f"# {name}\n\n{doc}\n",
        }
    )


@cache
def as_rule(rule: PolicyRule) -> Rule:
    """Return a rule of a policy as reports show it."""
    doc = rule.doc or rule.message.replace("{", "").replace("}", "")
    own_page = "\n".join(lines(rule)).lstrip()
    return reported(rule.id, rule.severity, doc, url=rule.url, own_page=f"{own_page}\n")


_UNKNOWN = {
    "violation": "A fact that the files do not decide breaks the rule.",
    "report": "A fact that the files do not decide is reported as not checked.",
    "ignore": "A fact that the files do not decide is not reported.",
}


def page(policy: Policy) -> str:
    """Return a policy as Markdown."""
    return "\n".join(_lines(policy)) + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    yield f"# {policy.name}"
    yield ""
    version = f"Version {policy.version}, " if policy.version else ""
    yield f"{version}sha256 `{policy.digest}`."
    if policy.url:
        yield f"More: <{policy.url}>"
    if policy.builtin:
        words = ", ".join(f"`{one}`" for one in policy.builtin)
        yield ""
        yield f"These rules of Tightship hold as they are, too: {words}."
    for rule in policy.rules:
        yield from lines(rule)
    if policy.exceptions:
        yield ""
        yield "## Exceptions"
        yield ""
        yield "| rule | for | reason | approved by | until |"
        yield "|---|---|---|---|---|"
        yield from map(_exception, policy.exceptions)


def lines(rule: PolicyRule) -> Iterator[str]:
    """Yield the part of the page about a rule."""
    yield ""
    yield f"## {rule.id}"
    yield ""
    yield f"Severity: {rule.severity.word}. It is about each {rule.about}. {_UNKNOWN[rule.unknown]}"
    yield ""
    yield f"> {rule.message}"
    if rule.doc:
        yield ""
        yield rule.doc.strip()
    if rule.url:
        yield ""
        yield f"More: <{rule.url}>"
    if rule.controls:
        yield ""
        yield f"Controls: {', '.join(rule.controls)}."
    for example in rule.examples:
        yield from _example(example)


def _example(example: Example) -> Iterator[str]:
    yield ""
    yield "Good:" if example.is_good else "Bad:"
    for path, text in example.files.items():
        language = "dockerfile" if path.rpartition("/")[2].startswith("Dockerfile") else "yaml"
        fence = "`" * max(3, _longest_run(text) + 1)
        yield ""
        yield f"{fence}{language} title={path}"
        yield text.rstrip("\n")
        yield fence


def _longest_run(text: str) -> int:
    """Return the most backticks in a row."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest


def _exception(one: PolicyException) -> str:
    where = [
        f"{what} {', '.join(patterns)}"
        for what, patterns in (
            ("projects", one.projects),
            ("services", one.services),
            ("files", one.files),
        )
        if patterns
    ]
    cells = one.rule, "; ".join(where) or "all", one.reason, one.approved_by, one.until
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
