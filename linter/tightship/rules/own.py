"""Rules of other packages, named by the user who runs Tightship.

A package is found by its entry point, among what is installed for this Python. No file
that is checked can name one: not in settings, not with metadata or modules in its folder.
A rule that takes too long is ended by a signal: it may be in an endless loop.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from threading import current_thread, main_thread
from time import monotonic

from tightship.findings import Finding, Gap
from tightship.lazy import TYPE_CHECKING, regex
from tightship.rules.definition import OWN, RULES_FROM, Rule
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.metadata import EntryPoint

    from tightship.findings import Findings

GROUP = "tightship.rules"
"""The group of entry points; the name of one is the prefix of the names of its rules."""

MOST_SECONDS = 10
"""The most seconds that a rule takes for one subject."""

_LONGEST = 60  # for all subjects of one type, in one process
_AGAIN = 0.5  # seconds until the signal comes again, for one that catches everything

_PREFIX = regex(r"[a-z][a-z0-9]*+(?:-[a-z0-9]++)*+")
_PEERS = ("buildkit", "hadolint", "shellcheck", "tally")


class OwnRulesError(ValueError):
    """A package of rules is not installed, or cannot be used."""


def use(names: Iterable[str]) -> None:
    """Make the rules of packages known to this process, in place of those before.

    Raises:
        OwnRulesError: if a name is none of an installed package, or a package is invalid.

    """
    found = [rule for name in dict.fromkeys(names) for rule in _rules_of(name)]
    OWN[:] = found


def use_named_by_environment() -> None:
    """Make the rules of the packages known that `TIGHTSHIP_RULES_FROM` names.

    Raises:
        OwnRulesError: as `use` does.

    """
    names = (one.strip() for one in os.environ.get(RULES_FROM, "").split(","))
    use(filter(None, names))


@cache
def _rules_of(name: str) -> tuple[Rule, ...]:
    """Return the rules of a package, each named ``PREFIX/RULE``."""
    point = _entry_point(name)
    package = point.dist.name if point.dist is not None else point.value
    try:
        loaded = point.load()
    except (Exception, SystemExit) as error:
        raise OwnRulesError(f"the rules of `{package}` do not load: {_told(error)}") from error
    from tightship.rules.kit import VERSION, RulePackage

    if not isinstance(loaded, RulePackage):
        raise OwnRulesError(f"`{point.value}` of `{package}` is no RulePackage")
    if loaded.version != VERSION:
        raise OwnRulesError(
            f"`{package}` is written for version {loaded.version} of the rule kit, and this"
            f" Tightship has version {VERSION}: install another version of one of them"
        )
    rules = _rules_in(loaded.rules)
    if not rules:
        raise OwnRulesError(f"`rules` of `{package}` is not a tuple of rules, each with its name")
    if any(one.package for one in rules):
        raise OwnRulesError(f"the rules of `{package}` have two prefixes")
    for one in rules:
        _check_keys(one, package)
        _adopt(one, name, package)
    return rules


def _check_keys(rule: Rule, package: str) -> None:
    """Refuse keys where no subject has any: such a rule would never run."""
    without = [one.__name__ for one in rule.on if not hasattr(one, "service_keys")]
    if rule.keys and without:
        raise OwnRulesError(
            f"`{rule.name}` of `{package}` has `keys`, which are those of a service, and is about"
            f" `{without[0]}`: leave them out"
        )


def _rules_in(given: Iterable[object]) -> tuple[Rule, ...]:
    """Return the rules of a package: none if something is no rule, or two have one name."""
    try:
        items = [*given]
    except TypeError:  # one rule alone: `(rule)` has no comma
        return ()
    rules = tuple(one for one in items if isinstance(one, Rule))
    return rules if len({one.name for one in rules}) == len(items) else ()


def _entry_point(name: str) -> EntryPoint:
    _import_what_is_installed()
    from importlib.metadata import entry_points  # only now: it imports much of the library

    known = entry_points(group=GROUP)
    found = [one for one in known if one.name == name]
    if not found:
        names = ", ".join(f"`{one}`" for one in sorted(known.names))
        there = f"installed ones: {names}" if names else "no package has rules"
        raise OwnRulesError(f"no installed package has rules of the name `{name}`; {there}")
    packages = sorted({one.dist.name for one in found if one.dist is not None})
    if len(found) > 1:
        raise OwnRulesError(f"several packages have rules of the name `{name}`: {packages}")
    if not is_free(name):
        raise OwnRulesError(
            f"`{name}` of `{packages[0]}` cannot begin the names of rules: it is taken, or has"
            " other characters than small letters, digits and `-`"
        )
    return found[0]


def is_free(prefix: str) -> bool:
    """Return whether a word can begin the names of rules, and selects no other ones."""
    from tightship.rules.index import INDEX

    themes = {one.theme.replace("_", "-") for one in INDEX}
    taken = {"default", "strict", *_PEERS, *themes}
    return bool(_PREFIX.fullmatch(prefix)) and prefix not in taken


def _import_what_is_installed() -> None:
    """Leave out what comes before the standard library on the way of imports.

    That is the current folder, or that of a script, and PYTHONPATH, which may hold the
    files that are checked. The folder of Tightship itself stays.
    """
    own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    library = os.path.dirname(os.__file__)
    if library not in sys.path:
        raise OwnRulesError("this Python has no folder of its standard library on its path")
    first = sys.path.index(library)
    kept = (own, os.path.join(sys.base_prefix, "DLLs"))  # the other half of it on Windows
    installed = [one for one in sys.path[first:] if os.path.isabs(one)]
    sys.path[:] = [*(one for one in sys.path[:first] if one in kept), *installed]


def _adopt(rule: Rule, prefix: str, package: str) -> None:
    parts = [one.__module__ for one in rule.on]
    of_dockerfile = all("dockerfile" in one for one in parts) or rule.subjects == (
        "tightship.isolation.loaded_project:BuiltImage",
    )
    rule.name = f"{prefix}/{rule.name}"
    rule.theme, rule.package, rule.when = prefix, package, ()
    rule.language = "dockerfile" if of_dockerfile else "compose"


def guarded(
    check: Callable[..., Iterable[object]], rule: Rule, failures: dict[str, Gap]
) -> Callable[..., Findings]:
    """Return the function of a rule so that its error is a gap, and not the end of the run.

    So is too much time: for one subject, or for all of a run. ``failures`` gets the first gap
    of each rule, by its name.
    """
    left: float = _LONGEST

    def safely(subject: object) -> Findings:
        nonlocal left
        found: list[Finding] = []
        limit, start, told = min(left, MOST_SECONDS), monotonic(), ""
        try:
            if limit > 0:
                call_within(limit, lambda: found.extend(_checked(check(subject))))
            else:
                told = f"took more than {_LONGEST} seconds in all, and was not run here"
        except (Exception, SystemExit) as error:
            told = f"failed here: {_told(error)}"
        except TimeUpError:
            told = f"took more than {limit:.3g} seconds here"
        # In another thread, as in an editor, a run does not end.
        if current_thread() is main_thread():
            left -= monotonic() - start
        if told:
            reason = f"the rule `{rule.name}` of the package `{rule.package}` {told}"
            advice = f"report it to the authors of `{rule.package}`"
            failures.setdefault(rule.name, Gap(_place(subject), reason, advice=advice))
        yield from found

    return safely


def _checked(found: Iterable[object]) -> Findings:
    for one in found:
        if not isinstance(one, Finding):
            raise TypeError(f"{type(one).__name__} is no Finding")
        _ = one.fix  # an error in it would come when it is reported
        yield one


def _place(subject: object) -> Span:
    span = getattr(subject, "span", None)
    if isinstance(span, Span):
        return span
    source = next(iter(getattr(subject, "sources", ())), None)
    return Span(source or Source("", ""), 0, 0)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


class TimeUpError(BaseException):
    """The time is up; no ``except Exception`` of the function catches it."""


def call_within(seconds: float, work: Callable[[], None]) -> None:
    """Call a function, for some seconds at most.

    Only the main thread gets signals, and Windows has no timer for them: there, and where
    somebody else waits for the same signal, the time has no limit.

    Raises:
        TimeUpError: if the function has not ended by then.

    """
    import signal

    has_timer = current_thread() is main_thread() and hasattr(signal, "setitimer")
    if not has_timer or signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        work()
        return

    def end(*_: object) -> None:
        raise TimeUpError

    def stop() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    signal.signal(signal.SIGALRM, end)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
            work()
        finally:
            stop()
    except TimeUpError:
        stop()  # it may have come before the timer was stopped
        raise
