"""The severity of a finding, by the purpose of its file.

`facts/purposes.toml` lists the findings that are infos in files for development and tests: those
about exposure, limits and hygiene. All others keep their severity in every file, and so does
one whose severity the configuration or the command line sets.
"""

from __future__ import annotations

from functools import cache

from tightship.engine.roles.role import PURPOSES
from tightship.findings import Related, Severity
from tightship.lazy import TYPE_CHECKING
from tightship.text import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.disk.files import Files
    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.engine.verdict import JudgedFinding, Verdict


@cache
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


def may_be_lowered(one: JudgedFinding) -> bool:
    """Return whether some purpose makes a finding an info."""
    is_named = any(one.rule.name in rules for rules in lowered_rules().values())
    return is_named and one.severity is not Severity.INFO


def with_lowered(
    verdict: Verdict, rule_settings: RuleSettings | None, files: Files | None = None
) -> Verdict:
    """Return a verdict in which the purposes of its files have lowered severities.

    Args:
        verdict: its ``roles`` say the purposes.
        rule_settings: the severities that the configuration sets, which stay.
        files: has the trees of its files, if some of its services may have a purpose of
            their own.

    """
    own = _purposes_of_services(verdict, files) if files is not None else {}
    if not own and all(role.purpose not in PURPOSES for role in verdict.roles.values()):
        return verdict
    rules = lowered_rules()

    def lowered(one: JudgedFinding) -> JudgedFinding:
        source = one.span.source
        # A file of variables has the purpose of the project that reads it.
        what = file_of(source.name)
        role = verdict.roles.get(what) or verdict.role
        purpose: str = role.purpose
        reason = role.reason
        if purpose not in PURPOSES and own and own.keys() >= {*one.services} > set():
            what = one.services[0]
            purpose, reason = own[what]
        is_low = one.severity is Severity.INFO or one.rule.name not in rules.get(purpose, ())
        if is_low or (rule_settings is not None and rule_settings.sets_severity(one)):
            return one
        shown = f" ({reason})" if reason else ""
        why = f"info rather than {one.severity.word}: `{what}` {PURPOSES[purpose]}{shown}"
        because = (*one.finding.because, Related(Span(source, 0, 0), why))
        finding = one.finding.replaced(because=because)
        lower = one.replaced(finding=finding, severity=Severity.INFO, usual=one.severity)
        return lower.replaced(lowered_by=reason or f"`{what}` {PURPOSES[purpose]}")

    return verdict.replaced(findings=[*map(lowered, verdict.findings)])


def _purposes_of_services(verdict: Verdict, files: Files) -> dict[str, tuple[str, str]]:
    """Return the purposes of the services that have others than their file, with the reasons."""
    from tightship.engine.roles.signs import purposes_of_services
    from tightship.syntax.yaml.read import read

    found: dict[str, tuple[str, str]] = {}
    compose = verdict.project.compose if verdict.project is not None else None
    for service in compose.services.values() if compose is not None else ():
        if service.is_brief:
            found[service.name] = "command", ""
    if [*verdict.scripts]:
        return found
    for one in verdict.sources:
        if one.name not in verdict.builders:
            found.update(purposes_of_services(files.parsed(one, read)))
    return found


def file_of(name: str) -> str:
    """Return the name of the file that has a source: an inline Dockerfile has its service's."""
    return name.rpartition(" (")[0] if name.endswith(")") else name
