"""What rules report, and the comments that accept it: findings, fixes, gaps, suppressions."""

from __future__ import annotations

from enum import Enum, IntEnum
from functools import partial

from tightship.lazy import TYPE_CHECKING, Record
from tightship.text import Edit, Span, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Final, Literal

    Role = Literal["", "origin", "receiver"]


class Severity(IntEnum):
    """How bad it is if the finding is true.

    An error hands over the host or every container, or is refused by Compose. A
    warning weakens a mechanism, or needs one more condition. An info is good practice.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """Return the severity as people write it: ``error``, ``warning``, ``info``."""
        return self.name.lower()

    def reaches(self, word: str) -> bool:
        """Return whether it is as bad as the severity of a word, or worse."""
        return self >= Severity[word.upper()]


class FixEffect(Enum):
    """What a fix does to the running containers, which is what its user decides on.

    One that keeps behaviour leaves them configured identically, or strictly as the file
    already declares. One that tightens lets them do less. One that changes behaviour makes
    them do something else, such as what the file was meant to say.
    """

    KEEPS = "keeps-behaviour"
    TIGHTENS = "tightens"
    CHANGES = "changes-behaviour"

    @property
    def words(self) -> str:
        """Return the effect as people read it."""
        return self.value.replace("-", " ")

    @property
    def applicability(self) -> str:
        """Return the word of the first versions, which some programs read."""
        return "safe" if self is FixEffect.KEEPS else "unsafe"


class Fix(Record):
    """Edits that make a finding go away.

    See :meth:`keeps`, :meth:`corrects`, :meth:`tightens` and :meth:`changes`. ``known``
    returns how it is known that the service works with it, where that is known.
    """

    title: str
    edits: tuple[Edit, ...]
    effect: FixEffect
    may_break: str = ""
    known: Callable[[], str] | None = None
    is_correction: bool = False

    @classmethod
    def keeps(cls, title: str, edits: tuple[Edit, ...]) -> Fix | None:
        """Return a fix that leaves the running containers as they are.

        Without edits there is none to offer.
        """
        return cls(title, joined(edits), FixEffect.KEEPS) if edits else None

    @classmethod
    def corrects(cls, title: str, edits: tuple[Edit, ...]) -> Fix | None:
        """Return a fix that spells what the file means to say.

        It keeps behaviour, unless the engine finds out that a container would be isolated
        less: what the right spelling grants is granted only then.
        """
        made = cls.keeps(title, edits)
        return made.replaced(is_correction=True) if made is not None else None

    @classmethod
    def tightens(cls, title: str, edits: tuple[Edit, ...], *, may_break: str) -> Fix | None:
        """Return a fix that lets the containers do less, and says what that may break.

        Without edits there is none to offer.
        """
        return cls(title, joined(edits), FixEffect.TIGHTENS, may_break) if edits else None

    @classmethod
    def changes(cls, title: str, edits: tuple[Edit, ...], *, may_break: str = "") -> Fix | None:
        """Return a fix after which something else happens than before.

        Without edits there is none to offer. If all that worked still works, nothing may
        break.
        """
        return cls(title, joined(edits), FixEffect.CHANGES, may_break) if edits else None

    # The names of the first versions, which rules of organisations may use.
    safe = keeps
    unsafe = changes

    @property
    def keeps_behaviour(self) -> bool:
        """Return whether it needs nobody's approval."""
        return self.effect is FixEffect.KEEPS

    @property
    def proof(self) -> str:
        """Return how it is known to work, such as ``ran on an engine``, or nothing."""
        return self.known() if self.known is not None else ""

    def __reduce__(self) -> tuple[object, ...]:
        """Look up the proof first: what looks it up cannot go to another process."""
        known = partial(str, self.proof) if self.known is not None else None
        fields = self.title, self.edits, self.effect, self.may_break, known, self.is_correction
        return Fix, fields


class Related(Record):
    """Another place that explains a finding, and what it has to do with it.

    ``role`` is ``origin`` where what was found comes from that place, ``receiver`` where
    it takes effect there, and empty where the place only explains it.
    """

    span: Span
    message: str
    role: Role = ""

    def placed(self, span: Span) -> Related:
        """Return the same at another place."""
        return Related(span, self.message, role=self.role)


class Finding:
    """One weakness, at one place, with the places that explain it: a value.

    ``severity`` is set where it differs from the rule's, and ``strict`` where the
    finding belongs to the strict set although its rule is in the default set. An
    expensive fix is given as a function: most fixes are never asked for. ``secrets``
    are places whose text no report may show. ``known_as`` is set where only some of the
    rule's aliases mean this finding: one rule may answer to several ids of a linter.
    ``advice`` says what to do where the rule's advice does not help. ``cause`` names what
    the finding comes from, such as an undefined network, where findings of the rule in
    other places have the same cause; without it, those that say the same of the same
    text have.
    """

    __slots__ = (
        "_fix",
        "advice",
        "because",
        "cause",
        "known_as",
        "message",
        "secrets",
        "severity",
        "span",
        "strict",
    )

    def __init__(
        self,
        span: Span,
        message: str,
        *,
        severity: Severity | None = None,
        strict: bool = False,
        fix: Fix | Callable[[], Fix | None] | None = None,
        because: tuple[Related, ...] = (),
        secrets: tuple[Span, ...] = (),
        known_as: tuple[str, ...] | None = None,
        advice: str = "",
        cause: tuple[str, ...] = (),
    ) -> None:
        self.span: Final = span
        self.message: Final = message
        self.severity: Final = severity
        self.strict: Final = strict
        self._fix = fix
        self.because: Final = because
        self.secrets: Final = secrets
        self.known_as: Final = known_as
        self.advice: Final = advice
        self.cause: Final = cause

    def __getstate__(self) -> object:
        """Make the fix first: a function that makes it cannot go to another process."""
        _ = self.fix
        return super().__getstate__()

    @property
    def fix(self) -> Fix | None:
        """Return the fix; the first call makes it."""
        if self._fix is not None and not isinstance(self._fix, Fix):
            self._fix = self._fix()
        return self._fix

    def replaced(
        self,
        *,
        span: Span | None = None,
        message: str | None = None,
        because: tuple[Related, ...] | None = None,
        convert_fix: Callable[[Fix], Fix | None] | None = None,
        secrets: tuple[Span, ...] | None = None,
        known_as: tuple[str, ...] | None = None,
        cause: tuple[str, ...] | None = None,
        advice: str | None = None,
    ) -> Finding:
        """Return the finding with some parts replaced, and its fix converted."""

        def converted() -> Fix | None:
            made = self.fix
            return None if made is None or convert_fix is None else convert_fix(made)

        return Finding(
            self.span if span is None else span,
            self.message if message is None else message,
            severity=self.severity,
            strict=self.strict,
            fix=self._fix if convert_fix is None else converted,
            because=self.because if because is None else because,
            secrets=self.secrets if secrets is None else secrets,
            known_as=self.known_as if known_as is None else known_as,
            advice=self.advice if advice is None else advice,
            cause=self.cause if cause is None else cause,
        )

    def proved(self, prove: Callable[[Fix], Fix]) -> Finding:
        """Return the finding with a proof of its fix, if that may be a correction."""
        made = self._fix
        if made is None or (isinstance(made, Fix) and not made.is_correction):
            return self
        return self.replaced(convert_fix=lambda fix: prove(fix) if fix.is_correction else fix)

    def moved(self, move: Callable[[Span], Span], fix: Callable[[], Fix | None]) -> Finding:
        """Return the same finding in another text, where something else makes its fix."""
        return Finding(
            move(self.span),
            self.message,
            severity=self.severity,
            strict=self.strict,
            fix=None if self._fix is None else fix,
            because=tuple(one.placed(move(one.span)) for one in self.because),
            secrets=tuple(map(move, self.secrets)),
            known_as=self.known_as,
            advice=self.advice,
            cause=self.cause,
        )


if TYPE_CHECKING:
    Findings = Iterator[Finding]
else:
    Findings = Finding  # the annotation of a rule's function: nobody asks it


# The advice for a gap in a file where no comment can accept it.
ACCEPT_BY_PATH = "fix the cause, or accept it with a reason in `[[per-path]]` of tightship.toml"


class Gap(Record):
    """A part that could not be checked: a refused file, a syntax error, an `include`.

    Engine and models say so; the rule ``not-checked`` reports it. ``secrets`` are places
    whose text nobody should read in a report. ``advice`` says what to do where a comment
    at the place cannot accept the gap, or does not help.

    ``reason`` is a sentence.
    """

    span: Span
    reason: str
    secrets: tuple[Span, ...] = ()
    advice: str = ""


class RuleReference(Record):
    """One word of a suppression: a rule, a theme, or what a peer calls a rule.

    ``rules`` are the names of the rules that it stands for, and ``guess`` is the word
    that was probably meant where it stands for none. ``is_used`` is true once it has
    accepted a finding, and ``is_selected`` where the run selects one of its rules.
    """

    text: str
    span: Span
    rules: frozenset[str]
    guess: str | None = None
    word: str = ""
    is_used: bool = False
    is_selected: bool = True


class Suppression(Record):
    """A comment such as ``# tightship: ignore[root-user] reason``.

    It holds from ``start`` to ``end`` in its source. ``is_foreign`` is true of a comment
    for another linter, which is not checked itself. ``needs_reason`` is true where the
    configuration requires a reason.
    """

    span: Span
    words: tuple[RuleReference, ...]
    reason: str
    start: int
    end: int
    is_foreign: bool = False
    needs_reason: bool = False

    def without(self, words: Collection[RuleReference]) -> Edit:
        """Return the edit that takes words out, and with the last one the comment."""
        left = [word.text for word in self.words if word not in words]
        if left:
            first, last = self.words[0].span, self.words[-1].span
            return Edit(Span(first.source, first.start, last.end), ", ".join(left))
        source = self.span.source
        start = source.line_start(self.span.start)
        before = source.text[start : self.span.start]
        if before.strip():
            start += len(before.rstrip())
            return Edit(Span(source, start, self.span.end), "")
        end = source.line_end(self.span.end)
        for line_end in ("\r\n", "\n", "\r"):
            if source.text.startswith(line_end, end):
                return Edit(Span(source, start, end + len(line_end)), "")
        return Edit(Span(source, start, end), "")
