"""Settings of one run that have priority over those of files."""

from __future__ import annotations

from tightship.engine.settings.selection import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.findings import Severity


class CommandLine:
    """What a command line adds to the settings of files, or puts in their place.

    ``extend_select`` selects more rules, wherever rules are selected. ``severity`` is the
    severity of what rules find, by rule, theme, set or id of another linter. ``exclude``
    are patterns of a `.gitignore` from ``folder`` on. Without ``accept``, nothing is
    accepted: not by comments, not by exceptions in files, and not by a baseline.
    """

    def __init__(
        self,
        *,
        extend_select: Sequence[str] = (),
        severity: Mapping[str, Severity] | None = None,
        exclude: Sequence[str] = (),
        folder: str = "",
        accept: bool = True,
    ) -> None:
        self.extend_select = extend_select
        given = severity or {}
        self.severity = {plain(word): level for word, level in given.items()}
        self.exclude = exclude
        self.folder = folder
        self.accept = accept
