"""What defines a rule: its function, its examples, and all that is said about it."""

from __future__ import annotations

import sys

from tightship.findings import FixEffect, Severity
from tightship.lazy import TYPE_CHECKING, lazy_property, regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, Concatenate, Literal, TypedDict, TypeVar, Unpack

    from tightship.config.key import Option
    from tightship.findings import Finding
    from tightship.rules.example import Bad, Good, Unverified, Verified

    S = TypeVar("S")
    Tag = Literal[
        "gap",  # about a part that was not checked
        "unnecessary",  # the marked text has no effect; editors fade it
        "deprecated",  # the marked text should be replaced; editors strike it through
    ]
    SeverityWord = Literal["error", "warning", "info"]
    FixWord = Literal["keeps-behaviour", "tightens", "changes-behaviour", "safe", "unsafe"]
    # Where each code of another program is a rule by itself, its findings come with it.
    CodeFindings = Iterator[tuple[str, Finding]]
    Check = Callable[Concatenate[S, ...], Iterator[Finding] | CodeFindings]

    class About(TypedDict, total=False):
        """What else may be said about a rule."""

        # Its page, if that is not the docstring of its module.
        doc: str
        # The web address of the page of a rule that is not Tightship's.
        url: str
        # The rule is not called for a service, its container, or a project, if no service
        # there has one of these keys, ...
        keys: tuple[str, ...]
        # ... nor for a subject without any of these signs, such as `faults` (it has some)
        # or `environment:SSL` (a variable with this in its name). Both leave out what
        # cannot find anything, before its import.
        when: tuple[str, ...]
        # For the page, where findings have a lower severity, and when.
        severity_note: str
        # Whether the rule belongs to the strict set only.
        strict: bool
        # Numbers of the Common Weakness Enumeration.
        cwe: tuple[int, ...]
        # Other sources, such as a chapter of the Compose Specification.
        references: tuple[str, ...]
        # Its names elsewhere: compose-lint's and hadolint's ids as they are, others with
        # the tool before a colon, such as `kics:ae5b6871`.
        aliases: tuple[str, ...]
        # Properties that other parts of Tightship ask for.
        tags: tuple[Tag, ...]
        # What the table `[rules.NAME]` of the configuration takes. The function is then
        # given their values as a second argument, `options`. It is not called until each
        # option without a default is set.
        options: tuple[Option[Any], ...]
        # Rules whose findings on the same container say nothing more when this one has
        # found something, ...
        absorbs: tuple[str, ...]
        # ... and those whose findings at the very same place do not.
        absorbs_here: tuple[str, ...]
        # The measure that a service lacks where the rule finds something, as reports list it,
        # such as `limits`: a fix only isolates a container better, and is known to work.
        measure: str
        # What to do about a finding that has no fix, as a sentence of at most 100
        # characters without a full stop; reports show it below the finding. By default, it
        # is the first sentence of the page on how to fix.
        advice: str
        # Returns whether findings about a subject are infos, since nothing else there makes
        # them matter; a policy that demands the rule does not ask.
        info_where: Callable[[Any], bool]
        # How the claim was checked on a running engine.
        checked: Verified | Unverified | None


class RuleEntry:
    """The part of a rule that selection reads; the index has one of each rule.

    ``module`` is the rule's module below ``tightship.rules``: language, theme and file.
    ``subjects`` names the types of its subjects, as ``module:class``. ``tags`` are
    properties that other parts of Tightship ask for. ``has_options`` tells whether it
    has options, and ``needs`` names those without which it finds nothing. A rule with
    ``keys`` finds nothing about a service that has none of these keys, or about a project
    of such services; one with ``when`` finds nothing about a subject without any of these
    signs: an attribute that is not empty (``stage.platform`` is one of an attribute), or
    ``attribute:PART``, a set or a text with this part, or names that have it in any case.
    One with a ``measure`` finds what a service lacks, and says nothing in a Dockerfile.
    """

    def __init__(
        self,
        module: str,
        subjects: tuple[str, ...],
        *,
        name: str = "",
        strict: bool = False,
        aliases: tuple[str, ...] = (),
        tags: tuple[Tag, ...] = (),
        has_options: bool = False,
        needs: tuple[str, ...] = (),
        keys: tuple[str, ...] = (),
        when: tuple[str, ...] = (),
        measure: str = "",
    ) -> None:
        """Hold an entry; the file gives the name of all but a code of ShellCheck."""
        self.module = module
        self.language, self.theme, file = module.split(".")
        self.name = name or file.replace("_", "-")
        self.subjects = subjects
        self.strict = strict
        self.aliases = aliases
        self.tags = tags
        self.has_options = has_options
        self.needs = needs
        self.keys = keys
        self.when = when
        self.measure = measure

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"

    @property
    def set(self) -> str:
        """Return the name of its set: that of its theme, if that is its own set."""
        if self.theme in ("hygiene", "shellcheck"):
            return self.theme
        return "strict" if self.strict else "default"

    def load(self) -> Rule:
        """Return the rule; the first call imports its module."""
        path = f"tightship.rules.{self.module}"
        __import__(path)
        made: Rule = getattr(sys.modules[path], self.module.rpartition(".")[2])
        return made if made.name == self.name else made.with_code(self.name)


def by_attribute(signs: Iterable[str]) -> dict[str, list[str]]:
    """Return the parts that signs ask of each attribute; an empty one asks for any content."""
    asked: dict[str, list[str]] = {}
    for sign in signs:
        attribute, _, part = sign.partition(":")
        asked.setdefault(attribute, []).append(part)
    return asked


def signs_of(subject: object, asked: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the signs by which rules are not left out for a subject."""
    for attribute, parts in asked.items():
        value: Any = subject
        for name in attribute.split("."):
            value = getattr(value, name)
        if not value:
            continue
        for part in parts:
            if not part:
                yield attribute
                continue
            if not isinstance(value, (frozenset, str)):
                value = "\n".join(value).upper()
            if part in value:
                yield f"{attribute}:{part}"


def _load(module: str, name: str) -> Rule:
    own = next((one for one in OWN if one.name == name), None)
    return own or RuleEntry(module, (), name=name).load()


class Rule(RuleEntry):
    """A rule: a function about a kind of subject, and all that is said about it.

    Its folder gives its language and theme, its file gives its name, and the docstring
    of its module is its page. A rule of a policy has its ``own_page``, and the ``url`` where
    people read more. ``package`` is the installed package that it comes from, if that is
    not Tightship.
    """

    package = ""
    severity_note = ""
    cwe: tuple[int, ...] = ()
    references: tuple[str, ...] = ()
    options: tuple[Option[Any], ...] = ()
    absorbs: tuple[str, ...] = ()
    absorbs_here: tuple[str, ...] = ()
    advice = ""
    url = ""
    own_page = ""
    info_where: Callable[[Any], bool] | None = None
    checked: Verified | Unverified | None = None

    def __init__(
        self,
        check: Callable[..., Iterator[Any]],
        on: tuple[type[object], ...],
        severity: Severity,
        fix: FixEffect | None,
        examples: tuple[Good | Bad, ...],
        about: About,
    ) -> None:
        """Hold a rule; use :func:`rule` to make one."""
        super().__init__(
            ".".join(["any", "own", *check.__module__.split(".")][-3:]),
            tuple(f"{one.__module__}:{one.__name__}" for one in on),
            name=check.__name__.replace("_", "-"),
        )
        self.check = check
        self.on = on
        self.severity = severity
        self.fix = fix
        self.examples = examples
        self.__dict__.update(about)
        self.has_options = bool(self.options)
        self.needs = tuple(one.name for one in self.options if one.default is None)

    @lazy_property
    def doc(self) -> str:
        """Return the documentation: a summary, why it matters, how to fix it."""
        return (sys.modules[self.check.__module__].__doc__ or "").strip()

    @property
    def summary(self) -> str:
        """Return the first line of the documentation."""
        return self.doc.partition("\n")[0]

    @lazy_property
    def help(self) -> str:
        """Return what to do about a finding that has no fix, in a line.

        It is the rule's advice, or else the first sentence of its page on how to fix
        it, or two if the first is short, without a full stop. The result is empty if
        docstrings are stripped.
        """
        return self.advice or self._first_step()

    def _first_step(self) -> str:
        how = self.doc.partition("## How to fix\n")[2].strip().partition("\n\n")[0]
        step, *more = " ".join(how.split()).rstrip(".:").split(". ")
        if more and len(step) < (60 if self.severity is Severity.ERROR else 40):
            step += f". {more[0]}"
        return step[:1].lower() + step[1:]

    def load(self) -> Rule:
        """Return the rule itself."""
        return self

    def __reduce__(self) -> tuple[Callable[..., Rule], tuple[object, ...]]:
        """Pickle the rule by its name: a process has one of each."""
        return _load, (self.module, self.name)

    def with_code(self, code: str) -> Rule:
        """Return the rule for one code of a program, such as ``SC2086``.

        Its page is that of this one, which shows ``SC2086`` as an example.
        """
        made = object.__new__(Rule)
        made.__dict__.update(
            self.__dict__,
            name=code,
            aliases=(code,),
            doc=f"ShellCheck finds {code}.\n\n{self.doc.replace('SC2086', code)}",
            advice=self.advice.replace("SC2086", code),
        )
        made.__dict__.pop("help", None)
        return made


def fix_effect(word: FixWord) -> FixEffect:
    """Return the effect that a word means, as it is today or in the first versions."""
    return FixEffect({"safe": "keeps-behaviour", "unsafe": "changes-behaviour"}.get(word, word))


def rule(
    *,
    on: type[S] | tuple[type[S], ...],
    severity: SeverityWord,
    examples: tuple[Good | Bad, ...],
    fix: FixWord | None = None,
    **about: Unpack[About],
) -> Callable[[Check[S]], Rule]:
    """Make a rule of a function about a kind of subject.

    Args:
        on: the type of the subjects that the function is called with, or several.
        severity: the severity of its findings, the highest where it has several.
        examples: documentation and test at once; at least one of each kind.
        fix: what its fixes do to the running containers, where it has any.
        about: what else is said about it, as `About` lists it.

    """
    if severity not in ("info", "warning", "error"):
        raise ValueError(f"`severity` is `info`, `warning` or `error`, not `{severity}`")

    def make(check: Check[S]) -> Rule:
        return Rule(
            check,
            on if isinstance(on, tuple) else (on,),
            Severity[severity.upper()],
            fix_effect(fix) if fix else None,
            examples,
            about,
        )

    return make


RULES_FROM = "TIGHTSHIP_RULES_FROM"
"""The environment variable that names packages of rules, with commas between them."""

OWN: list[Rule] = []
"""The rules of the packages that the user of this process names (`rules.own`)."""


def known_rules() -> tuple[RuleEntry, ...]:
    """Return an entry for each rule: those of the index, and those of named packages."""
    from tightship.rules.index import INDEX

    return (*INDEX, *OWN) if OWN else INDEX


SHELLCHECK = "shellcheck"
"""The set, and the theme, of the rule whose findings have the codes."""

FINDING = "shellcheck-finding"
"""The rule in the index whose findings have the codes."""

_CODE = regex(r"(?i)SC[123][0-9]{3}")


def code_of(word: str) -> str:
    """Return a code as ShellCheck writes it, or nothing if a word is none."""
    return word.upper() if _CODE.fullmatch(word) else ""


def mentions_shellcheck(words: Iterable[str]) -> bool:
    """Return whether one of some words, or words between commas, selects codes."""
    every = (word.strip() for text in words for word in text.split(","))
    return any(word.lower() in (SHELLCHECK, FINDING) or code_of(word) for word in every)


def rule_of(name: str) -> str:
    """Return the rule in the index that has findings with a name."""
    return FINDING if code_of(name) else name


FORMER_NAMES = {
    "host-control-socket-mounted": "docker-socket-mounted",
    "unauthenticated-service": "unauthenticated-dashboard",
}
"""The first name of each rule that was renamed, or that is a part of an older one."""


def first_name(rule: str) -> str:
    """Return the name under which baselines and services know findings of a rule."""
    return FORMER_NAMES.get(rule, rule)
