"""What a rule file imports: the shape of a rule, and of its examples."""

from __future__ import annotations

from tightship.findings import (
    Applicability,
    Finding,
    Findings,
    Fix,
    Related,
    Severity,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from tightship.compose.loading.reading import Step
    from tightship.dockerfile.argument import Argument

    S = TypeVar("S")

__all__ = [
    "Applicability",
    "Bad",
    "Finding",
    "Findings",
    "Fix",
    "Good",
    "Related",
    "Rule",
    "Severity",
    "by_default",
    "passed",
    "rule",
    "with_defaults",
]


class Good:
    """Files about which the rule is silent: one text, or texts by path."""

    __slots__ = ("files", "why")

    def __init__(self, text: str | dict[str, str], *, why: str = "") -> None:
        """Hold an example; ``why`` is a sentence for the page."""
        self.files = text
        self.why = why


class Bad:
    """Files in which the rule finds each «marked» span.

    ``fixed`` is what the fixes make of it; ``severity`` is what it is graded where
    that differs from the rule's own.
    """

    __slots__ = ("files", "fixed", "severity", "why")

    def __init__(
        self,
        text: str | dict[str, str],
        *,
        fixed: str | dict[str, str] | None = None,
        severity: Severity | None = None,
        why: str = "",
    ) -> None:
        """Hold an example; ``why`` is a sentence for the page."""
        self.files = text
        self.fixed = fixed
        self.severity = severity
        self.why = why


class Rule:
    """A rule is a value: its name, what it is about, and a function.

    The folder it lies in says its language and its theme, its file says its name,
    and its module's docstring is its page.
    """

    __slots__ = (
        "absorbs",
        "absorbs_here",
        "aliases",
        "check",
        "cis",
        "cwe",
        "examples",
        "fix",
        "grades",
        "language",
        "name",
        "on",
        "owasp",
        "references",
        "severity",
        "strict",
        "theme",
    )

    def __init__(
        self,
        check: Callable[[Any], Findings],
        *,
        on: tuple[type[object], ...],
        severity: Severity,
        grades: str,
        strict: bool,
        fix: Applicability | None,
        cis: tuple[str, ...],
        owasp: tuple[str, ...],
        cwe: tuple[int, ...],
        references: tuple[str, ...],
        aliases: tuple[str, ...],
        absorbs: tuple[str, ...],
        absorbs_here: tuple[str, ...],
        examples: tuple[Good | Bad, ...],
    ) -> None:
        """Hold a rule; use :func:`rule` to make one."""
        self.check = check
        self.language, self.theme = check.__module__.split(".")[-3:-1]
        self.name = check.__name__.replace("_", "-")
        self.on = on
        self.severity = severity
        self.grades = grades
        self.strict = strict
        self.fix = fix
        self.cis = cis
        self.owasp = owasp
        self.cwe = cwe
        self.references = references
        self.aliases = aliases
        self.absorbs = absorbs
        self.absorbs_here = absorbs_here
        self.examples = examples

    def __repr__(self) -> str:
        return f"Rule({self.name})"

    @property
    def doc(self) -> str:
        """Return the documentation: a summary, why it matters, how to fix it."""
        from sys import modules

        return (modules[self.check.__module__].__doc__ or "").strip()

    @property
    def summary(self) -> str:
        """Return the first line of the documentation."""
        return self.doc.partition("\n")[0]


def rule(
    *,
    on: type[S] | tuple[type[S], ...],
    severity: Severity,
    examples: tuple[Good | Bad, ...],
    grades: str = "",
    strict: bool = False,
    fix: Applicability | None = None,
    cis: tuple[str, ...] = (),
    owasp: tuple[str, ...] = (),
    cwe: tuple[int, ...] = (),
    references: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    absorbs: tuple[str, ...] = (),
    absorbs_here: tuple[str, ...] = (),
) -> Callable[[Callable[[S], Findings]], Rule]:
    """Make a rule of a function about a kind of subject.

    Args:
        on: the type of the subjects that the function is called with, or several.
        severity: the grade of its findings, the highest where it has several.
        examples: documentation and test at once; at least one of each kind.
        grades: for the page, where findings may be graded lower, and when.
        strict: whether the rule belongs to the strict set only.
        fix: who may apply its fixes, where it has any.
        cis: numbers of the CIS Docker Benchmark 1.6.
        owasp: rules of the OWASP Docker Security Cheat Sheet, such as ``R8``.
        cwe: numbers of the Common Weakness Enumeration.
        references: other sources, such as a chapter of the Compose Specification.
        aliases: what peers call it: compose-lint's and hadolint's ids as they are,
            others with the tool before a colon, such as ``kics:ae5b6871``.
        absorbs: rules whose findings on the same container say nothing more when
            this one has found something.
        absorbs_here: the same, for findings at the very same place only.

    """

    def make(check: Callable[[S], Findings]) -> Rule:
        return Rule(
            check,
            on=on if isinstance(on, tuple) else (on,),
            severity=severity,
            grades=grades,
            strict=strict,
            fix=fix,
            cis=cis,
            owasp=owasp,
            cwe=cwe,
            references=references,
            aliases=aliases,
            absorbs=absorbs,
            absorbs_here=absorbs_here,
            examples=examples,
        )

    return make


def by_default(provenance: tuple[Step, ...]) -> str:
    """Return the end of a message about a value that a variable gives.

    It names the variables whose default counts (``${NAME:-value}``), and those that a
    file such as ``.env`` sets. ``provenance`` is that of the value; the text is empty where
    no variable is involved.
    """
    words = dict.fromkeys(
        f"the default of `${{{step.name}}}`"
        if step.kind == "default"
        else from_file(step)
        for step in provenance
        if step.kind in ("default", "variable")
    )
    return ", with " + " and ".join(words) if words else ""


def from_file(step: Step) -> str:
    """Return how a message names a variable that a file sets."""
    return f"`${{{step.name}}}` from `{step.span.source.name}`"


def with_defaults(argument: Argument) -> str:
    """Return the end of a message about a word of a Dockerfile that an ARG decides.

    It names the ARGs whose default counts, and those that a service's `build.args`
    pass: another build may take another value. The text is empty where there is none.
    """
    words = dict.fromkeys(
        f"`{variable.name}` as the service passes it"
        if variable.kind == "given"
        else f"the default of `ARG {variable.name}`"
        for read in argument.reads
        if read.counts
        and not read.defaulted
        and (variable := read.variable) is not None
        and variable.kind in ("argument", "given")
        and variable.text is not None
    )
    return ", with " + " and ".join(words) if words else ""


def passed(*arguments: Argument) -> tuple[Related, ...]:
    """Return where services pass what decides words of a Dockerfile."""
    spans = dict.fromkeys(
        variable.span
        for argument in arguments
        for read in argument.reads
        if read.counts
        and not read.defaulted
        and (variable := read.variable) is not None
        and variable.kind == "given"
        and variable.text is not None
        and variable.span is not None
    )
    return tuple(
        Related(span, "the service passes this", role="origin") for span in spans
    )


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Split an example into plain text and the spans that «marks» surround."""
    from textwrap import dedent

    pieces, length, starts, spans = list[str](), 0, list[int](), list[tuple[int, int]]()
    for char in dedent(text).lstrip("\n"):
        if char == "«":
            starts.append(length)
        elif char == "»":
            spans.append((starts.pop(), length))
        else:
            pieces.append(char)
            length += 1
    return "".join(pieces), sorted(spans)
