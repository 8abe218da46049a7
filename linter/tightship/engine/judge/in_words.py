"""Findings about containers in the words of the files that declare them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.model.container_settings import ContainerSettings


def in_words_of(services: Mapping[str, ContainerSettings], judged: JudgedFinding) -> JudgedFinding:
    """Return a finding with its texts as the language of its container has them.

    Rules speak of keys of Compose, and of services.
    """
    absorbed = tuple(in_words_of(services, one) for one in judged.absorbed)
    settings = services.get(judged.subject.name) if judged.subject.kind == "service" else None
    if settings is None:
        return judged.replaced(absorbed=absorbed)
    worded = settings.worded

    def converted(fix: Fix) -> Fix:
        return fix.replaced(title=worded(fix.title), may_break=worded(fix.may_break))

    finding = judged.finding.replaced(
        message=worded(judged.finding.message),
        because=tuple(one.replaced(message=worded(one.message)) for one in judged.finding.because),
        advice=worded(judged.advice),
        convert_fix=converted,
    )
    return judged.replaced(finding=finding, absorbed=absorbed)
