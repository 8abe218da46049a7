"""From subjects to a verdict: each step makes a new value from the last one."""

from __future__ import annotations

import os

from tightship.engine.judge.absorb import absorbed, shared
from tightship.engine.judge.places import located, places_of, under_settings
from tightship.engine.judge.subjects import subjects
from tightship.engine.judge.surroundings import JobSurroundings
from tightship.engine.verdict import Verdict, without_reported
from tightship.findings import FixEffect, Gap
from tightship.lazy import TYPE_CHECKING, Record
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from tightship.engine.disk.regular import Refusal
    from tightship.engine.judge.places import Places
    from tightship.engine.plan.job import Job
    from tightship.engine.rule_runner import RuleResults, RuleRunner
    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Suppression
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject


class Judgement(Record):
    """The findings about some subjects, accepted ones among them.

    ``gaps`` are those that are not accepted, and ``secrets`` are places whose text no
    report may show.
    """

    findings: list[JudgedFinding]
    gaps: tuple[Gap, ...]
    secrets: tuple[Span, ...]

    @property
    def kept(self) -> list[JudgedFinding]:
        """Return the findings that are not accepted, in the order of the text."""
        return [one for one in self.findings if one.accepted is None]

    @property
    def accepted(self) -> tuple[JudgedFinding, ...]:
        """Return the findings that are accepted."""
        return tuple(one for one in self.findings if one.accepted is not None)

    def verdict(self, root: str, source: Source) -> Verdict:
        """Return the verdict on a file that no project is loaded from."""
        return Verdict(
            root, (source,), self.kept, gaps=self.gaps, accepted=self.accepted, secrets=self.secrets
        )


def judge_project(job: Job, loaded: LoadedProject) -> Verdict:
    """Return the verdict on the project that was loaded for a job."""
    loaded.around = JobSurroundings(job)
    parts = {"compose": loaded.compose, "dockerfile": loaded.built}
    again = job.memory.judging(job, loaded) if job.memory is not None else None
    made = judged_subjects(
        job.runner,
        _subjects(loaded, job.runner, again.subjects if again is not None else None),
        places_of(loaded),
        list(_suppressions(loaded)),
        job.check_cancelled,
        [one for one, part in parts.items() if part is not None],
    )
    if again is not None:
        again.end()
    if job.runner.policies:
        from tightship.engine.judge.policies import with_policies

        made = with_policies(made, loaded, job)
    made = _with_origins(made, loaded)
    made = _in_compose_files(made, loaded)
    made = _as_declared(made, loaded, job)
    made = _with_effects(made, loaded, job)
    compose, built = loaded.compose, loaded.built
    return Verdict(
        job.files.root,
        loaded.sources,
        made.kept,
        services=len(compose.services) if compose is not None else 0,
        noun="service" if compose is None or compose.streams else "container",
        gaps=made.gaps,
        variables=tuple(one.name for one in compose.variables.sources)
        if compose is not None
        else (),
        builders=built.builders if built is not None else {},
        accepted=made.accepted,
        secrets=made.secrets,
        project=loaded,
        provided=compose.provided_uses if compose is not None else (),
    )


def _with_effects(made: Judgement, loaded: LoadedProject, job: Job) -> Judgement:
    """Return findings whose corrections are proved not to weaken the isolation."""
    if not any(one.rule.fix is FixEffect.KEEPS for one in made.findings):
        return made
    from tightship.engine.judge.corrections import with_effects  # some files need no fix

    return made.replaced(findings=with_effects(made.findings, loaded, job))


def _subjects(
    loaded: LoadedProject,
    runner: RuleRunner,
    of_container: Callable[[Container], Iterable[object]] | None,
) -> Iterator[object]:
    """Yield the subjects of a project, and what ShellCheck says if it is asked."""
    if runner.expects_shellcheck:
        from tightship.engine.shellcheck.answers import expect

        expect(loaded)
        return
    yield from subjects(loaded, of_container)
    if runner.asks_shellcheck:
        from tightship.engine.shellcheck.answers import shell_comments

        yield from shell_comments(loaded)


def refused(root: str, refusal: Refusal, runner: RuleRunner) -> Verdict:
    """Return the verdict on a file that the disk refuses."""
    advice = ""
    if refusal.reason == "missing":
        path = os.path.normpath(os.path.join(root, refusal.name))
        advice = f"correct the path, or name a folder to search; looked for `{path}`"
    gap = Gap(Span(Source(refusal.name, ""), 0, 0), refusal.message, advice=advice)
    return _unread(root, gap, runner)


def failed(root: str, name: str, error: Exception, runner: RuleRunner) -> Verdict:
    """Return the verdict on a project on which Tightship failed."""
    reason = (
        "nothing in this project was checked, because of a bug in Tightship"
        f" ({type(error).__name__}: {error}); please report it"
    )
    advice = "leave the project out with `exclude` in tightship.toml until this is fixed"
    gap = Gap(Span(Source(name, ""), 0, 0), reason, advice=advice)
    return _unread(root, gap, runner).replaced(failure=error)


def _unread(root: str, gap: Gap, runner: RuleRunner) -> Verdict:
    """Return the verdict on a file of which nothing is known but a gap."""
    return judged_subjects(runner, [gap]).verdict(root, gap.span.source)


def judged_subjects(
    runner: RuleRunner,
    about: Iterable[object],
    places: Mapping[str, Places] | None = None,
    suppressions: Sequence[Suppression] = (),
    check_cancelled: Callable[[], None] | None = None,
    languages: Collection[str] = ("compose",),
) -> Judgement:
    """Return the findings of rules about subjects, with their acceptance.

    Args:
        runner: runs the rules.
        about: the subjects. One of a container has the attribute ``container``.
        places: the structure of each file, by its name.
        suppressions: the comments in these files.
        check_cancelled: is called between subjects; an exception ends the work.
        languages: those of the project, in which comments may accept something.

    """
    places = places or {}
    results = runner.run(about, check_cancelled)
    findings = _findings(results, runner, places)
    if not runner.accepts:
        suppressions = ()
    if not suppressions and runner.rule_settings is None:
        return Judgement(findings, results.gaps, results.secrets)
    from tightship.engine.accept.acceptance import accepted_by_comments, with_use

    if runner.rule_settings is not None and runner.rule_settings.settings.require_reason:
        suppressions = [one.replaced(needs_reason=not one.is_foreign) for one in suppressions]
    findings, used = accepted_by_comments(findings, suppressions)
    # A gap that another finding absorbs needs a reason, too.
    accepted = (one for one in findings if one.accepted and (one.is_gap or one.accepted.reason))
    gaps = without_reported(results.gaps, accepted)
    # Comments are judged last: one may name an unknown rule, or accept nothing.
    names = runner.names(languages)
    own = [with_use(one, used, names) for one in suppressions if not one.is_foreign]
    findings += _findings(runner.run(own), runner, places)
    findings.sort(key=lambda one: one.span.order)
    return Judgement(findings, gaps, results.secrets)


def _findings(
    results: RuleResults, runner: RuleRunner, places: Mapping[str, Places]
) -> list[JudgedFinding]:
    """Return judged findings of the results, each cause once."""
    demanded = {word for policy in runner.policies for word in policy.builtin}
    causes = absorbed(results.groups, demanded)
    causes = under_settings(causes, runner.rule_settings, places)
    return located(shared(causes), places)


def _suppressions(loaded: LoadedProject) -> Iterator[Suppression]:
    """Yield the suppression comments in all files of a project."""
    from tightship.engine.accept.suppression import of_commands, of_dockerfile, of_yaml

    if loaded.compose is not None:
        for stream in loaded.compose.streams.values():
            yield from of_yaml(stream)
        if not loaded.compose.streams:
            yield from of_commands(loaded.compose)
    if loaded.built is not None:
        for file in loaded.built.files.values():
            yield from of_dockerfile(file)


def _with_origins(made: Judgement, loaded: LoadedProject) -> Judgement:
    """Add the places where files set the variables that findings depend on."""
    compose = loaded.compose
    if compose is None or all("$" not in one.text for one in loaded.sources):
        return made
    if len(compose.streams) == 1 and not compose.variables.sources:
        return made  # no file sets a variable
    from tightship.engine.judge.origins import with_origins  # not always needed

    return made.replaced(findings=with_origins(compose.root, made.findings))


def _in_compose_files(made: Judgement, loaded: LoadedProject) -> Judgement:
    """Move findings in inline Dockerfiles to their places in the Compose file."""
    if loaded.built is None or not loaded.built.inlines:
        return made
    from tightship.engine.judge.rewritten import moved, moved_gap, moved_span

    inlines = {inline.source: inline for inline in loaded.built.inlines}
    # Targets of a matrix, and services with an anchor, have one text.
    every = (moved(one, inlines) for one in made.findings)
    found = {(one.rule.name, one.span, one.finding.message, one.accepted): one for one in every}
    findings = [*found.values()]
    secrets = tuple(moved_span(span, inlines) for span in made.secrets)
    gaps = tuple(moved_gap(gap, inlines) for gap in made.gaps)
    return Judgement(findings, gaps, secrets)


def _as_declared(made: Judgement, loaded: LoadedProject, job: Job) -> Judgement:
    """Return findings as they are for the files that start containers without Compose."""
    if loaded.compose is None or loaded.compose.streams:
        return made
    from tightship.engine.judge.rewritten import in_words_of, lowered_by_namespace

    services = loaded.compose.services
    containers = {one.name: one for one in loaded.containers}
    settings = job.runner.rule_settings
    fixed = {one.span for one in services.values() if one.is_fixed}
    findings = [one for one in made.findings if one.span not in fixed]
    findings = [lowered_by_namespace(containers, one, settings) for one in findings]
    findings = [in_words_of(services, one) for one in findings]
    return made.replaced(findings=findings)
