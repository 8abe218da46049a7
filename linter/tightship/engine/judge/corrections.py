"""The effects of corrections, which the isolation before and after them decides.

A correction may switch on what a misspelt line has always asked for, such as `privleged: true`.
"""

from __future__ import annotations

from tightship.findings import FixEffect
from tightship.lazy import TYPE_CHECKING, lazy_property
from tightship.text import apply_edits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.isolation.profile import Profile
    from tightship.text import Source

# A proof loads the project once more: so many characters of it for one verdict.
_MOST_CHARACTERS = 100_000


def with_effects(
    findings: list[JudgedFinding], loaded: LoadedProject, job: Job
) -> list[JudgedFinding]:
    """Return findings whose corrections keep behaviour only if no isolation gets weaker."""
    prove = _Prover(loaded, job).proved
    return [
        one.replaced(finding=one.finding.proved(prove)) if one.rule.fix is FixEffect.KEEPS else one
        for one in findings
    ]


class _Prover:
    """Loads one project with corrections, each alone, when somebody asks for their effects."""

    def __init__(self, loaded: LoadedProject, job: Job) -> None:
        self._loaded = loaded
        self._job = job
        self._left = _MOST_CHARACTERS

    def proved(self, fix: Fix) -> Fix:
        """Return a fix with its effect; without a proof, it changes behaviour."""
        self._left -= sum(len(one.text) for one in self._loaded.sources)
        if self._left <= 0:
            return fix.replaced(effect=FixEffect.CHANGES)
        weaker = next(weakened(self._isolation, self._with(fix)), None)
        if weaker is None:
            return fix
        return fix.replaced(effect=FixEffect.CHANGES, may_break=f"the isolation of {weaker}")

    @lazy_property
    def _isolation(self) -> Isolation:
        return Isolation([self._loaded])

    def _with(self, fix: Fix) -> Isolation:
        """Return the isolation with a fix: nothing is judged, and so everything is loaded."""
        from tightship.engine.judge.judge import judge
        from tightship.engine.rule_runner import RuleRunner
        from tightship.engine.settings.selection import Selection
        from tightship.engine.verdict import Verdict

        job = self._job
        texts: dict[str, tuple[Source, str]] = {}
        for source in {edit.span.source for edit in fix.edits}:
            mine = [edit for edit in fix.edits if edit.span.source is source]
            texts[source.name] = source, apply_edits(source, mine)
        made = judge(
            job.replaced(
                files=job.files.edited(texts),
                runner=RuleRunner(Selection(["strict"]), ()),
                find_above=None,
                loaded=None,
                memory=None,
            )
        )
        return Isolation([one.project for one in made if isinstance(one, Verdict)])


class Isolation:
    """The isolation of all containers of some projects, and of the images that they build."""

    def __init__(self, projects: Collection[LoadedProject | None]) -> None:
        self.profiles: dict[tuple[int, str], Profile] = {}
        self.stages: dict[tuple[int, str, int], Stage] = {}
        for at, loaded in enumerate(projects):
            if loaded is None:
                continue
            # A misspelt key hides no setting from the comparison: both sides are as written.
            self.profiles |= {(at, one.name): one for one in loaded.profiles(())}
            for build in loaded.built.builds if loaded.built is not None else ():
                for stage in build.stages:
                    self.stages.setdefault((at, build.source.name, stage.index), stage)


def weakened(before: Isolation, after: Isolation) -> Iterator[str]:
    """Yield whose isolation gets weaker, and in what; a new container is weaker than none."""
    from tightship.isolation.state import NONE, State, changed_states, direction, image_states

    for key, profile in after.profiles.items():
        old = before.profiles.get(key)
        if old is None:
            yield f"`{profile.name}`, which would be new"
            continue
        for (mechanism, _), a, b in changed_states(old, profile, {}):
            if direction(mechanism, a, b) == "worse":
                yield f"`{profile.name}` ({mechanism}: {b.text})"
    for place, stage in after.stages.items():
        # Nothing was ever built on a base with an invalid name.
        if place not in before.stages or _base(before.stages[place]) != _base(stage):
            continue
        states = image_states(before.stages[place])
        for one, state in image_states(stage).items():
            if direction(one[0], states.get(one, State(NONE)), state) == "worse":
                yield f"{stage.title} ({one[0]}: {state.text})"


def _base(stage: Stage) -> str:
    return stage.base.text if stage.base is not None else ""
