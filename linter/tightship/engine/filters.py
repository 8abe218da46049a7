"""Filters of a run: steps that take a verdict and its job, and know those before."""

from __future__ import annotations

import os

from tightship.engine.roles.role import no_roles
from tightship.engine.verdict import without_reported
from tightship.lazy import TYPE_CHECKING

if TYPE_CHECKING:
    from tightship.engine.accept.baseline import BaselineCount
    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import JudgedFinding, Verdict


def by_purpose(verdict: Verdict, job: Job) -> Verdict:
    """Return a verdict in which findings are infos where the purpose of a file makes them so."""
    has_own = verdict.services > 1 and any("profiles" in one.text for one in verdict.sources)
    loaded = verdict.project.compose if verdict.project is not None else None
    is_brief = loaded is not None and any(one.is_brief for one in loaded.services.values())
    if not verdict.findings or (verdict.find_roles is no_roles and not has_own and not is_brief):
        return verdict
    from tightship.engine.purposes import may_be_lowered, with_lowered  # most are of a product

    if not any(map(may_be_lowered, verdict.findings)):  # then nobody asks for a role
        return verdict
    return with_lowered(
        verdict, job.runner.rule_settings, job.files if has_own or is_brief else None
    )


class ReportedOnce:
    """Leaves out findings that were reported before.

    Several projects may build the same Dockerfile, or share a Compose file. If their
    settings differ, each of them has its own findings: one may have a baseline.
    """

    def __init__(self) -> None:
        # Hashes of findings and their places: there may be millions of them.
        self._known: set[int] = set()
        self._read: set[str] = set()
        self._alone: set[str] = set()  # the files that are projects themselves

    def without_repeated(self, verdict: Verdict, job: Job) -> Verdict:
        """Return a verdict without the findings that were reported before.

        Where files are merged, and in a file that is a project itself and a part of another
        one, a rule is reported at a place once, whatever its words are. Two projects that
        extend a service have different containers of it.
        """
        own = job.candidate.path
        paths = {one.name: job.files.path(one.name) for one in verdict.sources}
        twice = self._alone | ({own} & self._read)
        again = {name for name, path in paths.items() if path in twice or job.is_merged}
        again.difference_update(verdict.builders)
        self._read.update(paths.values())
        self._alone.add(own)
        settings = id(job.baseline), job.fail_on
        now: set[int] = set()
        full: dict[str, str] = {}

        def is_repeated(one: JudgedFinding) -> bool:
            name = one.span.source.name
            path = full.get(name) or full.setdefault(name, os.path.join(verdict.root, name))
            key, place = _keys(path, one, settings)
            is_known = key in self._known or (name in again and place in self._known)
            self._known.add(key)
            now.add(place)
            return is_known

        earlier = [one for one in verdict.earlier if not is_repeated(one)]
        repeated = [one for one in verdict.findings if is_repeated(one)]
        accepted = [one for one in verdict.accepted if not is_repeated(one)]
        self._known |= now
        left_out = {id(one) for one in repeated}
        # A gap is reported, or known from a baseline, with the first finding about it.
        return verdict.without(lambda one: id(one) in left_out).replaced(
            earlier=earlier, accepted=accepted, gaps=without_reported(verdict.gaps, repeated)
        )


def _keys(path: str, one: JudgedFinding, settings: tuple[int, str]) -> tuple[int, int]:
    """Return hashes of a finding: with its words, and of its rule, place and severity."""
    where = path, one.span.start, one.span.end
    place = hash((*where, one.rule.name, one.severity, one.accepted is None, settings))
    return hash((place, one.finding.message, one.services)), place


class KnownFindings:
    """Accepts findings that baselines hold, as many as each of them holds."""

    def __init__(self) -> None:
        # By the identity of the baseline, which jobs share.
        self._counts: dict[int, BaselineCount] = {}

    def without_known(self, verdict: Verdict, job: Job) -> Verdict:
        """Return a verdict in which the known findings do not count."""
        if job.baseline is None:
            return verdict
        key = id(job.baseline)
        if key not in self._counts:
            from tightship.engine.accept.baseline import BaselineCount

            self._counts[key] = BaselineCount(job.baseline)
        return self._counts[key].without_known(verdict)
