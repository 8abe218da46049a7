"""Whether Compose rejects a project of one side: then it has no isolation to compare.

What depends on the environment of a run, such as an `env_file` that Git ignores or a
`${X:?}` without a value, refuses nothing: a comparison has no such environment.
"""

from __future__ import annotations

from tightship.engine.judge.compose_subjects import inconsistencies
from tightship.findings import Gap
from tightship.frontends.compose.specification.conform import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.project import ComposeProject
    from tightship.text import Span

_OF_THE_RUN = frozenset(("disabled", "env-file", "no-effect", "required"))


def refusal(project: ComposeProject, *, is_guess: bool = False) -> Gap | None:
    """Return why Compose rejects a project, with the first place; None if it does not.

    With ``is_guess``, nobody says that its files are merged with one another: what shows
    only then does not count.
    """
    reasons = dict.fromkeys(_reasons(project, is_guess))
    if not reasons:
        return None
    span, message = next(iter(reasons))
    more = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return Gap(span, f"Compose rejects it: {message}{more}")


def _reasons(project: ComposeProject, is_guess: bool) -> Iterator[tuple[Span, str]]:
    """Yield places and sentences, those first that leave nothing to read."""
    streams = [*project.loading.streams.values()]
    for stream in streams:
        yield from ((one.span, one.message) for one in stream.problems)
    for place, stream in enumerate(streams):
        is_partial = place > 0 or project.is_side
        for number, document in enumerate(stream.documents):
            for violation in check(document, partial=is_partial or number > 0):
                if not violation.ignored:
                    yield violation.span, violation.message
    if is_guess:
        return
    for fault in (*project.faults, *inconsistencies(project)):
        if fault.refused and fault.decided and fault.kind not in _OF_THE_RUN:
            yield fault.span, fault.message
