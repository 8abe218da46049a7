"""A policy: its rules, its exceptions, and how it treats what only a run decides."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.values.quantity import today

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from tightship.config.settings import PlatformDefinition
    from tightship.findings import Severity
    from tightship.policies.conditions import Condition
    from tightship.text import Source, Span

    Unknown = Literal["violation", "report", "ignore"]


ALWAYS = "9999-12-31"
"""The day up to which a rule without an end holds."""


class Example(Record):
    """Files by path, about which a rule finds something, or nothing."""

    files: Mapping[str, str]
    is_good: bool
    span: Span


class PolicyRule(Record):
    """One demand of a policy on a kind of thing.

    ``about`` is the group of facts. The rule is broken where ``when`` holds, and
    ``requires`` does not. ``unknown`` says what a verdict counts that only a run decides,
    and ``settles_defaults`` whether the default of a variable decides something.
    ``message`` has facts in braces, ``doc`` is its page, and ``asks`` has the names of facts.
    """

    id: str
    span: Span
    about: str
    when: Condition | None
    requires: Condition
    message: str
    severity: Severity
    unknown: Unknown
    settles_defaults: bool
    doc: str = ""
    url: str = ""
    controls: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    asks: frozenset[str] = frozenset()

    @property
    def guesses(self) -> bool:
        """Return whether it asks what other files tell of one, and a change may tell otherwise."""
        return not self.asks.isdisjoint(("purpose", "loading"))

    @property
    def asks_for_changes(self) -> bool:
        """Return whether it asks what a change touches."""
        return not self.asks.isdisjoint(("change", "changed-files"))


class PolicyException(Record):
    """What the organisation accepts: a rule, in some projects, services and files.

    Patterns are those of `like`; none means every one. A project is its folder, as its name
    is what anybody may write. After the day ``until`` it counts no more.
    """

    rule: str
    reason: str
    approved_by: str
    until: str
    span: Span
    projects: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    ticket: str = ""

    def is_over(self, day: str) -> bool:
        """Return whether it counts no more on a day such as ``2026-11-29``."""
        return day > self.until


class Policy(Record):
    """A policy file.

    ``builtin`` are words for rules of Tightship that it demands as they are, and ``unknown``
    says what counts that they cannot decide. ``left_out``
    has patterns of files that need not be seen, and ``platform`` what is merged into files
    from the top of the repository on. With ``is_advice``, nothing that it finds
    makes a run fail. Up to the day ``new_until``, which may be :data:`ALWAYS`, what was there
    before a change does not count. ``digest`` is that of the file.
    """

    source: Source
    name: str
    version: str
    digest: str
    rules: tuple[PolicyRule, ...]
    exceptions: tuple[PolicyException, ...] = ()
    builtin: tuple[str, ...] = ()
    url: str = ""
    left_out: tuple[str, ...] = ()
    platform: tuple[PlatformDefinition, ...] = ()
    is_advice: bool = False
    new_until: str = ""
    unknown: Unknown = "violation"

    @property
    def only_new(self) -> bool:
        """Return whether only what a change brings counts today."""
        return bool(self.new_until) and today() <= self.new_until

    @property
    def title(self) -> str:
        """Return its name, version and digest in one line."""
        version = f" {self.version}" if self.version else ""
        return f"{self.name}{version} (sha256:{self.digest[:12]})"

    @property
    def summary(self) -> str:
        """Return its title, and up to which day what was there before a change rests."""
        if not self.only_new or self.new_until == ALWAYS:
            return self.title
        return f"{self.title}; up to {self.new_until}, what was there before a change rests"
