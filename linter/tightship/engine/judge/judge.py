"""From subjects to a verdict: each step makes the next value from the one before."""

from __future__ import annotations

from tightship.engine.judge.absorb import absorbed
from tightship.engine.judge.locate import accepted_by_policy, located
from tightship.engine.judge.places import places_of
from tightship.engine.judge.share import shared
from tightship.engine.judge.subjects import subjects
from tightship.engine.verdict import Verdict
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Final

    from tightship.engine.judge.places import Places
    from tightship.engine.rule_runner import RuleResults, RuleRunner
    from tightship.engine.verdict import Judged
    from tightship.findings import Gap
    from tightship.findings.suppression import Suppression
    from tightship.isolation.project import LoadedProject
    from tightship.text import Span


class Judgement:
    """The findings about some subjects, accepted ones among them.

    ``gaps`` counts the parts that could not be judged and are not accepted, and
    ``secrets`` are places whose text no report may show.
    """

    __slots__ = ("findings", "gaps", "secrets")

    def __init__(
        self, findings: list[Judged], gaps: int, secrets: tuple[Span, ...]
    ) -> None:
        self.findings: Final = findings
        self.gaps: Final = gaps
        self.secrets: Final = secrets

    @property
    def kept(self) -> list[Judged]:
        """Return the findings that count, in the order of the text."""
        return [one for one in self.findings if one.accepted is None]

    @property
    def accepted(self) -> tuple[Judged, ...]:
        """Return the findings that do not count."""
        return tuple(one for one in self.findings if one.accepted is not None)


def judge_project(
    root: str,
    loaded: LoadedProject,
    runner: RuleRunner,
    check_cancelled: Callable[[], None] | None = None,
) -> Verdict:
    """Return the verdict on a project.

    Args:
        root: the absolute path that the names of files start from.
        loaded: the project.
        runner: runs the rules.
        check_cancelled: is called between subjects; what it raises ends the work.

    """
    made = judge(
        runner,
        subjects(loaded, runner.policy),
        places_of(loaded),
        list(_suppressions(loaded)),
        check_cancelled,
    )
    made = _with_origins(made, loaded)
    made = _in_compose_files(made, loaded)
    compose, built = loaded.compose, loaded.built
    return Verdict(
        root,
        loaded.sources,
        made.kept,
        services=len(compose.services) if compose is not None else 0,
        gaps=made.gaps,
        variables=tuple(one.name for one in compose.variables.sources)
        if compose is not None
        else (),
        builders=built.builders if built is not None else None,
        accepted=made.accepted,
        secrets=made.secrets,
        project=loaded,
    )


def unreadable(
    root: str, name: str, gaps: Iterable[Gap], runner: RuleRunner
) -> Verdict:
    """Return the verdict on a file of which nothing can be read."""
    made = judge(runner, gaps)
    return Verdict(
        root,
        (Source(name, ""),),
        made.kept,
        gaps=made.gaps,
        accepted=made.accepted,
    )


def judge(
    runner: RuleRunner,
    about: Iterable[object],
    places: Mapping[str, Places] | None = None,
    suppressions: Sequence[Suppression] = (),
    check_cancelled: Callable[[], None] | None = None,
) -> Judgement:
    """Return what rules find about subjects, and what of it is accepted.

    Args:
        runner: runs the rules.
        about: the subjects. One that belongs to a container has it as ``container``.
        places: the structure of the files, by their names.
        suppressions: the comments in these files.
        check_cancelled: is called between subjects; what it raises ends the work.

    """
    places = places or {}
    results = runner.run(about, check_cancelled)
    findings = _findings(results, runner, places)
    if not suppressions and runner.policy is None:
        return Judgement(findings, results.gaps, results.secrets)
    from tightship.engine.accept.suppression import accepted_by_comments, with_use

    suppressions = _with_required_reasons(suppressions, runner)
    findings, used = accepted_by_comments(findings, suppressions)
    gaps = sum(one.is_gap and one.accepted is not None for one in findings)
    # A comment is judged last: it may name no rule, or accept nothing.
    own = [
        with_use(one, used, runner.names) for one in suppressions if not one.is_foreign
    ]
    findings += _findings(runner.run(own), runner, places)
    findings.sort(key=lambda one: one.span.order)
    return Judgement(findings, results.gaps - gaps, results.secrets)


def _findings(
    results: RuleResults, runner: RuleRunner, places: Mapping[str, Places]
) -> list[Judged]:
    """Return each cause once, with severity and place."""
    causes = absorbed(results.groups)
    # Services that share a value may differ in what the configuration accepts.
    causes = accepted_by_policy(causes, runner.policy, places)
    causes = shared(causes)
    return located(causes, places, runner.policy)


def _with_required_reasons(
    suppressions: Sequence[Suppression], runner: RuleRunner
) -> Sequence[Suppression]:
    if runner.policy is None or not runner.policy.settings.require_reason:
        return suppressions
    return [one.replaced(needs_reason=not one.is_foreign) for one in suppressions]


def _suppressions(loaded: LoadedProject) -> Iterator[Suppression]:
    """Yield the suppression comments in all files of a project."""
    from tightship.engine.accept.suppression import of_dockerfile, of_yaml

    if loaded.compose is not None:
        for stream in loaded.compose.loading.streams.values():
            yield from of_yaml(stream)
    if loaded.built is not None:
        for file in loaded.built.files.values():
            yield from of_dockerfile(file)


def _with_origins(made: Judgement, loaded: LoadedProject) -> Judgement:
    """Add the places where files set the variables that findings are about."""
    if loaded.compose is None or all("$" not in one.text for one in loaded.sources):
        return made
    from tightship.engine.judge.origins import with_origins  # a part has variables

    findings = with_origins(loaded.compose.root, made.findings)
    return Judgement(findings, made.gaps, made.secrets)


def _in_compose_files(made: Judgement, loaded: LoadedProject) -> Judgement:
    """Move what is found in inline Dockerfiles to its place in the Compose file."""
    findings, secrets = made.findings, made.secrets
    for inline in loaded.built.inlines if loaded.built is not None else ():
        from tightship.engine.judge.inline import moved, moved_span

        findings = [moved(one, inline) for one in findings]
        secrets = tuple(moved_span(span, inline) for span in secrets)
    return Judgement(findings, made.gaps, secrets)
