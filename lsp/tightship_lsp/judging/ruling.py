"""How a project is judged: by which rules, put together of what, and what is known."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.compose.loading.options import Options
    from tightship.engine.acceptance.baseline import Baseline
    from tightship.engine.discovery.find import Found
    from tightship.engine.discovery.sets import FileSet
    from tightship.engine.judge.runner import RuleRunner
    from tightship.engine.verdict import Judged, Verdict
    from tightship_lsp.judging.recorded import Recorded


class Ruling:
    """What holds for a project.

    ``sets`` are the projects that a configuration puts its files into, and None where
    it is what Compose would load.
    """

    __slots__ = ("_baseline", "runner", "sets")

    def __init__(
        self,
        runner: RuleRunner,
        sets: Sequence[FileSet] | None = None,
        baseline: Baseline | None = None,
    ) -> None:
        self.runner = runner
        self.sets = sets
        self._baseline = baseline

    def asked(self, found: Found) -> list[tuple[Found, Options | None]]:
        """Return what is judged, each with what Compose would be called with."""
        if self.sets is None:
            return [(found, None)]
        return [(one.found(found), one.options) for one in self.sets]

    def verdicts(self, files: Recorded, found: Found) -> list[Verdict]:
        """Judge what a file stands for, and leave out what is known."""
        verdicts = self.judged(self.runner, files, found)
        if self._baseline is not None:
            from tightship.engine.acceptance.baseline import Baseline

            # It counts down what it meets, and each judgement meets all.
            fresh = Baseline(self._baseline.known.items())
            for verdict in verdicts:
                fresh.heed(verdict)
        return verdicts

    def judged(
        self, runner: RuleRunner, files: Recorded, found: Found
    ) -> list[Verdict]:
        """Judge the same by other rules, whatever is known."""
        return list(_once(self._judged(runner, files, found)))

    def _judged(
        self, runner: RuleRunner, files: Recorded, found: Found
    ) -> Iterator[Verdict]:
        from tightship.engine.compose import check_compose
        from tightship.engine.dockerfile import check_dockerfile

        if found.language == "dockerfile":
            yield from check_dockerfile(files, found, runner, files.heed)
            return
        for one, options in self.asked(found):
            yield from check_compose(files, one, runner, options, None, files.heed)


class Lone(Ruling):
    """What holds for a document that is no file."""

    __slots__ = ()

    def judged(
        self, runner: RuleRunner, files: Recorded, found: Found
    ) -> list[Verdict]:
        """Judge what is there; what it names may well be where it will be saved."""
        verdicts = super().judged(runner, files, found)
        for verdict in verdicts:
            verdict.findings = [
                one for one in verdict.findings if "gap" not in one.rule.tags
            ]
        return verdicts


def _once(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Yield verdicts; what several say of a file that they share, the first says."""
    said = set[tuple[str, str, int, int, str]]()
    for verdict in verdicts:
        mine = set[tuple[str, str, int, int, str]]()
        kept: list[Judged] = []
        for one in verdict.findings:
            span = one.span
            key = (
                one.rule.name,
                span.source.name,
                span.start,
                span.end,
                one.finding.message,
            )
            if key not in said:
                mine.add(key)
                kept.append(one)
        said |= mine
        verdict.findings = kept
        yield verdict
