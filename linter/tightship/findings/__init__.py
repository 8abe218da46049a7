"""What a rule says: a finding, and perhaps the fix for it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, IntEnum

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final, Literal

    from tightship.text import Edit, Span

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


class Applicability(Enum):
    """Who may apply a fix.

    Safe: the running containers stay configured identically, or become strictly
    what the file already declares. Everything that hardens is unsafe.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"


class Fix(Record):
    """Edits that make a finding go away.

    See :meth:`safe` and :meth:`unsafe`.
    """

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability
    may_break: str = ""

    @classmethod
    def safe(cls, title: str, edits: tuple[Edit, ...]) -> Fix | None:
        """Return a fix that leaves the running containers as they are.

        Without edits there is none to offer.
        """
        return cls(title, edits, Applicability.SAFE) if edits else None

    @classmethod
    def unsafe(cls, title: str, edits: tuple[Edit, ...], *, may_break: str) -> Fix | None:
        """Return a fix that needs a human's yes, and says what it may break.

        Without edits there is none to offer.
        """
        return cls(title, edits, Applicability.UNSAFE, may_break) if edits else None


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
    ``advice`` says what to do where the rule's advice does not help.
    """

    __slots__ = (
        "_fix",
        "advice",
        "because",
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
            known_as=self.known_as,
            advice=self.advice,
        )


Findings = Iterator[Finding]


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
