"""What is looked for, and how it is graded: command line and configuration files."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.findings import Severity

_NONE: Mapping[str, Severity] = {}


class CommandLine(Record):
    """What a command line adds to the settings of files, or puts in their place.

    The words of ``select`` replace those of files; ``extend_select`` selects more rules,
    wherever rules are selected, and ``ignore`` fewer. ``severity`` is the severity of what
    rules find, by rule, theme, set or id of another linter. ``exclude`` are patterns of a
    `.gitignore` from ``folder`` on. ``fail_on`` replaces that of files. Without
    ``accept``, nothing is accepted: not by comments, not by exceptions in files, and not
    by a baseline that they name. ``facts`` are paths of files of facts about images.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    extend_select: Sequence[str] = ()
    severity: Mapping[str, Severity] = _NONE
    exclude: Sequence[str] = ()
    folder: str = ""
    fail_on: str = ""
    accept: bool = True
    facts: Sequence[str] = ()
