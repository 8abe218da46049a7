"""Verdicts without the secrets in the files.

A report goes into logs, dashboards and comments, which more people read than may read
the file. So it is made of texts in which a mark replaces each character of a secret: all
places, lines and columns stay the same, and no format can leak one. Code frames show a
row of marks as :data:`~tightship.report.terminal.HIDDEN`.
"""

from __future__ import annotations

from tightship.report.terminal import HIDDEN, MARK
from tightship.values.secret_text import secrets_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.verdict import Verdict
    from tightship.findings import Fix
    from tightship.text import Source, Span

    # The offsets of the secrets in each text that has some.
    Secrets = dict[Source, list[tuple[int, int]]]


def redacted(verdict: Verdict) -> Verdict:
    """Return a verdict without secrets, with the same findings and places.

    The verdict knows the secrets that rules find; other text that looks like a secret
    is hidden too.
    """
    shown = verdict.findings or verdict.accepted or verdict.known or verdict.gaps
    if not shown or verdict.is_redacted:
        return verdict
    places = _secrets(verdict)
    if not places:
        return verdict.replaced(is_redacted=True)
    from tightship.report.redactor import Redactor

    return Redactor(places).verdict(verdict)


class PlaceRedaction:
    """Hides secrets in texts about places of a verdict's project.

    The project of a redacted verdict has the texts of the files as they are. A report
    that shows values of it, such as the state of a mechanism, shows them through this.
    """

    def __init__(self, verdict: Verdict) -> None:
        from tightship.report.redactor import Redactor

        self._redactor = Redactor(_secrets(verdict))

    def text(self, text: str, *places: Span | None) -> str:
        """Return a text without the secrets at the places that it is about."""
        return self._redactor.text(text, [one for one in places if one is not None])


def writes_secret(fix: Fix) -> bool:
    """Return whether a fix of a redacted verdict would write marks for a secret."""
    return any(MARK in edit.text for edit in fix.edits)


def without_secrets(text: str) -> str:
    """Return a text in which nothing looks like a secret, such as a token in a path."""
    for start, end in sorted(secrets_in(text), reverse=True):
        text = text[:start] + HIDDEN + text[end:]
    return text


def _secrets(verdict: Verdict) -> Secrets:
    """Return the secrets in the files of a verdict."""
    known: dict[Source, list[tuple[int, int]]] = {}
    for span in verdict.secrets:
        known.setdefault(span.source, []).append((span.start, span.end))
    found = {
        source: sorted({*known.get(source, ()), *secrets_in(source.text)})
        for source in _shown(verdict, known)
    }
    return {source: places for source, places in found.items() if places}


def _shown(verdict: Verdict, known: Iterable[Source]) -> Iterable[Source]:
    """Return the files whose text a report may show."""
    every = (*verdict.findings, *verdict.accepted, *verdict.known)
    places = (one.span.source for one in every)
    gaps = (gap.span.source for gap in verdict.gaps)
    return dict.fromkeys((*verdict.sources, *known, *places, *gaps))
