"""The page of a policy, to which people are sent: each rule, its reason, its examples."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.policies.policy import Example, Policy, PolicyException, PolicyRule

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
