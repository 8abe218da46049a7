"""Groups of findings that a report shows as one."""

from __future__ import annotations

import posixpath

from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.report.terminal import brief
from tightship.report.wording import counted, few, joined, listed
from tightship.values.compose_name import MAIN_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.verdict import JudgedFinding
    from tightship.text import Span


_PLAIN = regex(r"(?a)[\w@%+=:,./-]+")  # no shell reads more than these characters in it


class Group:
    """Findings of one severity that say the same; the first one speaks for all of them."""

    __slots__ = ("findings",)

    def __init__(self, first: JudgedFinding) -> None:
        self.findings = [first]

    @property
    def first(self) -> JudgedFinding:
        """Return the finding whose message speaks for all of them."""
        return self.findings[0]

    @property
    def elsewhere(self) -> list[JudgedFinding]:
        """Return those in other files than the first one."""
        source = self.first.span.source
        return [one for one in self.findings if one.span.source is not source]

    @property
    def others(self) -> tuple[tuple[int, str], ...]:
        """Return the lines of the others in its file, from 1, with the code in their messages.

        Code that is the first one's, too, is left out.
        """
        first, source = _code(self.first), self.first.span.source
        found: dict[tuple[int, str], None] = {}
        for judged in self.findings[1:]:
            if judged.span.source is source:
                line = judged.span.line
                pairs = zip(_code(judged), first, strict=False)
                differing = (here for here, there in pairs if here != there)
                found[line, ", ".join(f"`{code}`" for code in differing)] = None
        found.pop((self.first.span.line, ""), None)
        return tuple(found)


def grouped(findings: Iterable[JudgedFinding], by: str) -> list[Group]:
    """Group findings in one of the ways of ``formats.GROUPINGS``, in the order of the first ones.

    Findings of a rule in one file whose messages differ only in their `code` are one group.
    By cause, so are those with the same cause in several files.
    """
    groups: list[Group] = []
    known: dict[tuple[object, ...], Group] = {}
    for judged in findings:
        words = _words(judged)
        cause = same_cause(judged) if by == "cause" else words
        group = known.get(cause) or known.get(words) if by != "none" else None
        if group is None:
            group = Group(judged)
            groups.append(group)
            known[words] = group
        else:
            group.findings.append(judged)
        known.setdefault(cause, group)
    return groups


def same_cause(judged: JudgedFinding) -> tuple[object, ...]:
    """Return what the findings of a rule with one cause have in common."""
    return judged.rule.name, judged.severity, *judged.cause_parts


def _words(judged: JudgedFinding) -> tuple[object, ...]:
    # A name from the file may hold a backtick, so that code and words are uneven.
    parts = judged.finding.message.split("`")
    about = judged.rule.name, judged.severity, judged.span.source, judged.is_absence
    return *about, len(parts), *parts[::2]


def _code(judged: JudgedFinding) -> list[str]:
    return judged.finding.message.split("`")[1::2]


class MissingHardening:
    """Findings of one severity about measures of hardening that services of a project lack."""

    def __init__(self, findings: Sequence[JudgedFinding], noun: str = "service") -> None:
        self.findings = findings
        self._noun = noun
        self._services: dict[tuple[Span, str], list[str]] = {}
        for one in findings:
            key = one.span, brief(f"`{one.subject.name}`", 60)
            self._services.setdefault(key, []).append(one.rule.measure)

    @property
    def count(self) -> int:
        """Return the number of services."""
        return len(self._services)

    @property
    def rules(self) -> Sequence[str]:
        """Return the names of the rules, each once."""
        return [*dict.fromkeys(one.rule.name for one in self.findings)]

    def rows(
        self, line: Callable[[Span], str], *, is_whole: bool = False
    ) -> Iterator[tuple[str, list[str]]]:
        """Yield services with the measures that they lack, those that lack the same at once.

        There is none for one service, about which the sentence says it. ``line`` returns the
        path and line of a service in another file than the first one.
        """
        if len(self._services) < 2:
            return
        source = self.findings[0].span.source
        rows: dict[tuple[str, ...], list[str]] = {}
        for (span, name), measures in self._services.items():
            is_here = span.source is source
            place = f"line {span.line}" if is_here else line(span)
            rows.setdefault((*measures,), []).append(f"{name} ({place})")
        for row, names in rows.items():
            yield ", ".join(names) if is_whole else listed(names), [*row]

    @property
    def lack(self) -> str:
        """Return which services lack what, as a clause; only some may lack all of it."""
        rows = dict.fromkeys(map(tuple, self._services.values()))
        every = dict.fromkeys(one for row in sorted(rows, key=len, reverse=True) for one in row)
        some = "" if len(rows) == 1 else "some of: "
        names = [name for _, name in self._services]
        lack = "lacks" if len(names) == 1 else "lack"
        return f"{few(names)} {lack} {some}{joined([*every])}"

    def sentence(self, main: str) -> str:
        """Return what is missing, and the command that adds it, as far as one does.

        ``main`` is the path of the project's main file, as a reader types it.
        """
        (_, name), measures = next(iter(self._services.items()))
        count = self.count
        who = f"{count} {self._noun}s lack" if count > 1 else f"{self._noun} {name} lacks"
        what = f": {', '.join(measures)}" if count == 1 else ""
        return _sentence(who, what, self._fixable, len(self.findings), command_on("harden", main))

    def counts(self, main: str, place: str) -> LackingProject:
        """Return its numbers, without its findings; ``place`` is that of the first one."""
        numbers = self.count, self._fixable, len(self.findings)
        severity = self.findings[0].severity
        return LackingProject(severity, *numbers, self.rules, main, place, self._noun)

    @property
    def _fixable(self) -> int:
        return sum(one.finding.fix is not None for one in self.findings)


class LackingProject(Record):
    """How many services of a project lack hardening, with the rules that say so.

    ``measures`` counts what they lack, and ``fixable`` what a command adds. ``main`` is the
    path of its main file, and ``place`` that of the first finding, as a reader types them.
    """

    severity: Severity
    services: int
    fixable: int
    measures: int
    rules: Sequence[str]
    main: str
    place: str
    noun: str = "service"


def sentence_of_lacking(found: Sequence[LackingProject]) -> str:
    """Return what services of one or several projects lack, with the command."""
    if len(found) > 1:
        return sentence_of_many(found)
    [one] = found
    return _sentence(
        f"{counted(one.services, one.noun)} {'lacks' if one.services == 1 else 'lack'}",
        "",
        one.fixable,
        one.measures,
        command_on("harden", one.main),
    )


def sentence_of_many(found: Sequence[LackingProject]) -> str:
    """Return what the services of many projects lack, and the command that adds it."""
    fixable, measures = (sum(one.fixable for one in found), sum(one.measures for one in found))
    nouns = " and ".join(dict.fromkeys(f"{one.noun}s" for one in found))
    who = f"{sum(one.services for one in found)} {nouns} of {len(found)} projects lack"
    return _sentence(who, "", fixable, measures, harden_command([one.main for one in found]))


def _sentence(who: str, what: str, fixable: int, measures: int, command: str) -> str:
    if fixable == measures:
        return f"{who} hardening that `tightship {command} --write` adds{what}"
    if not fixable:
        return f"{who} hardening{what}"
    added = f"`tightship {command} --write` adds {fixable} of {counted(measures, 'measure')}"
    return f"{who} hardening{what}; {added}"


def harden_command(mains: Sequence[str]) -> str:
    """Return the command that hardens projects, by the paths of their main files as typed."""
    if len(mains) == 1:
        return command_on("harden", mains[0])
    folder = posixpath.commonpath([posixpath.dirname(one) for one in mains])
    return f"harden {_quoted(folder or '.')}"


def command_on(name: str, main: str) -> str:
    """Return a command on a project as it is typed; ``main`` is the path of its main file."""
    return name if main in MAIN_NAMES else f"{name} {_quoted(main)}"


def _quoted(path: str) -> str:
    if _PLAIN.fullmatch(path):
        return path
    from shlex import quote

    return quote(path)


def split(
    findings: Iterable[JudgedFinding], noun: str
) -> tuple[list[MissingHardening], list[JudgedFinding]]:
    """Return the findings of a project about missing hardening, by severity, and the others.

    ``noun`` is what the project's services are called.
    """
    lacking: dict[Severity, list[JudgedFinding]] = {}
    others: list[JudgedFinding] = []
    for one in findings:
        is_lacking = one.lacks_hardening and one.severity < Severity.ERROR
        (lacking.setdefault(one.severity, []) if is_lacking else others).append(one)
    return [MissingHardening(one, noun) for one in lacking.values()], others
