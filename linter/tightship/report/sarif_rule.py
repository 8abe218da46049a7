"""Descriptions of rules for SARIF."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.rules.address import page_address
from tightship.rules.page import page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.report.json import Json
    from tightship.rules.kit import Rule

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

SECURITY = frozenset(
    {
        "filesystem",
        "capabilities",
        "namespaces",
        "resources",
        "mandatory_access",
        "devices",
        "users",
        "host_interfaces",
        "supply_chain",
        "secrets",
        "network",
        "profile",
    }
)
"""The themes of isolation: all but `correctness`, `hygiene` and `shellcheck`."""

_SCORES = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFO: "2.0"}
"""GitHub's bands: high from 7.0, medium from 4.0, low below that."""

_LONGEST = 1_000  # GitHub shows 1024 characters of a description.


def descriptor(rule: Rule) -> Json:
    """Return the `reportingDescriptor` of a rule."""
    properties: dict[str, Json] = {"tags": _tags(rule), "precision": "high"}
    if rule.theme in SECURITY:
        properties["security-severity"] = _SCORES[rule.severity]
    address = page_address(rule.name)
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _why(rule)},
        "help": {"text": rule.doc, "markdown": page(rule)},
        **({"helpUri": address} if address else {}),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": properties,
    }


def _why(rule: Rule) -> str:
    """Return why a rule matters, in one paragraph: the page without its chapters."""
    text = " ".join(rule.doc.partition("\n## ")[0].split())
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " ..."


def _tags(rule: Rule) -> Json:
    """Return words to filter by; GitHub reads `external/cwe/` as a weakness."""
    return [
        *(["security"] if rule.theme in SECURITY else []),
        rule.theme.replace("_", "-"),
        *([rule.language] if rule.language != "any" else []),
        *(f"external/cwe/cwe-{number:03}" for number in rule.cwe),
        *(f"CIS-Docker-1.6/{number}" for number in rule.cis),
        *(f"OWASP-Docker/{number}" for number in rule.owasp),
    ]
