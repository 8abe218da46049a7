"""Announces the scripts of a whole run, so that few processes of ShellCheck read them."""

from __future__ import annotations

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.engine.run import verdicts_on
from tightship.engine.shellcheck.answers import shellcheck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.engine.disk.root import Roots
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.run import Run


def prefetch(
    run: Run, candidates: Sequence[Candidate | Refusal], paths: Sequence[str], roots: Roots
) -> None:
    """Announce the scripts of all candidates below some paths, before a run judges them."""
    if len(candidates) < 2:
        return  # its scripts are asked about together anyway
    ahead = run.expecting()
    for one in ahead.in_order(candidates, paths):
        if not isinstance(one, Refusal):
            files = Files(roots.of(one.path), None, roots.disk)
            for verdict in verdicts_on(ahead, files, one):
                run.keep_loaded(one, verdict)
    shellcheck().begin()
