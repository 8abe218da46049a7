"""The severity of a finding, by the purpose of its file.

`facts/purposes.toml` lists the findings that are infos in files for development and tests: those
about exposure, limits and hygiene. All others keep their severity in every file, and so does
one whose severity the configuration or the command line sets.
"""

from __future__ import annotations

from tightship.engine.roles.role import PURPOSES
from tightship.findings import Related, Severity
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.engine.verdict import JudgedFinding, Verdict


def lowered_rules() -> Mapping[str, frozenset[str]]:
    """Return the names of the rules whose findings are infos, by purpose."""
    from tightship.lazy.modules import facts

    groups = facts("purposes").values()
    return {
        purpose: frozenset(
            rule for one in groups if purpose in one["purposes"] for rule in one["rules"]
        )
        for purpose in PURPOSES
    }


def with_lowered(verdict: Verdict, rule_settings: RuleSettings | None) -> Verdict:
    """Return a verdict in which the purposes of its files have lowered severities.

    Args:
        verdict: its ``roles`` say the purposes.
        rule_settings: the severities that the configuration sets, which stay.

    """
    if all(role.purpose not in PURPOSES for role in verdict.roles.values()):
        return verdict
    rules = lowered_rules()

    def lowered(one: JudgedFinding) -> JudgedFinding:
        source = one.span.source
        # A file of variables has the purpose of the project that reads it.
        purpose = (verdict.roles.get(file_of(source.name)) or verdict.role).purpose
        is_low = one.severity is Severity.INFO or one.rule.name not in rules.get(purpose, ())
        if is_low or (rule_settings is not None and rule_settings.sets_severity(one)):
            return one
        why = f"info rather than {one.severity.word}: `{file_of(source.name)}` {PURPOSES[purpose]}"
        because = (*one.finding.because, Related(Span(source, 0, 0), why))
        finding = one.finding.replaced(because=because)
        return one.replaced(finding=finding, severity=Severity.INFO, usual=one.severity)

    return verdict.replaced(findings=[*map(lowered, verdict.findings)])


def file_of(name: str) -> str:
    """Return the name of the file that has a source: an inline Dockerfile has its service's."""
    return name.rpartition(" (")[0] if name.endswith(")") else name
