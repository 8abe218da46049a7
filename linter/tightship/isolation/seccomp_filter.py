"""The system calls that a seccomp profile allows, as the engine, runc and libseccomp read it.

The engine leaves out the rules whose conditions do not hold (moby 26.1.5,
profiles/seccomp/seccomp_linux.go, setupSeccomp). runc then skips rules with the default
action, and adds conditions on the same argument as rules of their own, so that one of them
is enough (runc 1.1, libcontainer/seccomp/seccomp_linux.go, matchCall). To libseccomp, a
rule without conditions beats all rules with conditions for the same call.
"""

from __future__ import annotations

from itertools import product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Final, TypeAlias

    Action: TypeAlias = tuple[str, int]
    Arguments: TypeAlias = dict[int, int]

ACTIONS = frozenset(
    f"SCMP_ACT_{name}"
    for name in (
        *("ALLOW", "LOG", "ERRNO", "TRACE", "TRAP", "NOTIFY"),
        *("KILL", "KILL_THREAD", "KILL_PROCESS"),
    )
)
"""The actions that runc knows (libcontainer/seccomp/config.go)."""

OPERATORS = frozenset(
    f"SCMP_CMP_{name}" for name in ("NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ")
)
"""The comparisons that runc knows (libcontainer/seccomp/config.go)."""

_EPERM = 1
_LARGEST = (1 << 64) - 1
_LARGEST_HALF = (1 << 32) - 1
_OF_ORDER = frozenset(f"SCMP_CMP_{name}" for name in ("LT", "LE", "GE", "GT"))
# Combinations of arguments that are tried for a call; more of them stay unknown.
_MOST_TRIED = 20_000


class Environment:
    """The host and the container that decide which rules of a profile apply.

    ``architecture`` is Go's name of it, ``kernel`` its version, such as ``(6, 1)``, and
    ``capabilities`` the bounding set, in Docker's spelling.
    """

    __slots__ = ("architecture", "capabilities", "kernel")

    def __init__(
        self, architecture: str, kernel: tuple[int, int], capabilities: Iterable[str]
    ) -> None:
        self.architecture: Final = architecture
        self.kernel: Final = kernel
        self.capabilities: Final = frozenset(capabilities)

    def applies(self, rule: dict[str, Any]) -> bool:
        """Return whether the engine keeps a rule."""
        excludes: dict[str, Any] = rule.get("excludes") or {}
        includes: dict[str, Any] = rule.get("includes") or {}
        if self.architecture in (excludes.get("arches") or ()):
            return False
        if any(self._has(one) for one in excludes.get("caps") or ()):
            return False
        least = excludes.get("minKernel")
        if least and self.kernel >= version(least):
            return False
        arches = includes.get("arches")
        if arches and self.architecture not in arches:
            return False
        if not all(self._has(one) for one in includes.get("caps") or ()):
            return False
        least = includes.get("minKernel")
        return not least or self.kernel >= version(least)

    def _has(self, capability: str) -> bool:
        prefix, _, name = capability.partition("_")
        return prefix == "CAP" and name in self.capabilities


def version(text: str) -> tuple[int, int]:
    """Return a version of the kernel, ``4.8``, as numbers."""
    first, _, second = text.partition(".")
    return int(first), int(second)


class Filter:
    """The filter that a profile becomes in an environment.

    ``conditional`` are the rules of calls whose arguments decide.
    """

    __slots__ = ("_certain", "_results", "conditional", "default")

    def __init__(self, profile: dict[str, Any], where: Environment) -> None:
        """Make the filter of a profile that the engine accepts."""
        self.default = _action(profile.get("defaultAction") or "", profile.get("defaultErrnoRet"))
        self._certain: dict[str, Action] = {}
        self.conditional: dict[str, list[tuple[list[dict[str, Any]], Action]]] = {}
        for rule in profile.get("syscalls") or ():
            if rule and where.applies(rule):
                self._add(rule)
        rules = (action for found in self.conditional.values() for _, action in found)
        actions = {self.default, *self._certain.values(), *rules}
        # Thousands of calls are asked for, by few actions.
        self._results = {action: self._goes_on(action) for action in actions}

    def _add(self, rule: dict[str, Any]) -> None:
        action = _action(rule.get("action") or "", rule.get("errnoRet"))
        if action == self.default:
            return
        conditions = [one for one in rule.get("args") or () if one]
        alternatives = [conditions]
        if len({one.get("index") or 0 for one in conditions}) < len(conditions):
            alternatives = [[one] for one in conditions]
        for name in rule.get("names") or (rule.get("name") or "",):
            if name in self._certain:
                continue
            if not conditions:
                self._certain[name] = action
                self.conditional.pop(name, None)
            else:
                found = self.conditional.setdefault(name, [])
                found += [(one, action) for one in alternatives]

    @property
    def names(self) -> frozenset[str]:
        """Return the calls that have rules."""
        return frozenset((*self._certain, *self.conditional))

    @property
    def stops_nothing(self) -> bool:
        """Return whether every call surely goes on."""
        return all(self._results.values())

    def conditions(self, name: str) -> list[dict[str, Any]]:
        """Return the conditions on the arguments of a call."""
        return [c for found, _ in self.conditional.get(name, ()) for c in found]

    def allows(self, name: str, arguments: Arguments) -> bool | None:
        """Return whether a call with these arguments goes on; absent ones are 0.

        None where rules with conditions disagree, where libseccomp may merge them wrongly,
        or where an agent of the host decides.
        """
        certain = self._certain.get(name)
        if certain is not None:
            return self._results[certain]
        if name not in self.conditional:
            return self._results[self.default]
        rules = self.conditional[name]
        if not _merged_as_written(rules):
            found = {self._results[self.default], *(self._results[one] for _, one in rules)}
        else:
            holding = [one for used, one in rules if all(_holds(c, arguments) for c in used)]
            found = {self._results[one] for one in holding or [self.default]}
        return found.pop() if len(found) == 1 else None

    def _goes_on(self, action: Action) -> bool | None:
        """Return whether an action lets a call go on.

        ``SCMP_ACT_TRACE`` leaves it to a tracer, which any process of the container can
        be that may call ``ptrace`` (Linux, kernel/seccomp.c, ``SECCOMP_RET_TRACE``).
        """
        name = action[0].removeprefix("SCMP_ACT_")
        if name == "TRACE":
            traced = self._certain.get("ptrace", self.default)
            return traced[0] in ("SCMP_ACT_ALLOW", "SCMP_ACT_LOG")
        return None if name == "NOTIFY" else name in ("ALLOW", "LOG")


def opened(ours: Filter, theirs: Filter, name: str) -> tuple[Arguments | None, bool]:
    """Return arguments with which only one filter allows a call, and whether all is known.

    Each comparison is true on one side of its value or at it, and a mask is true or false
    by single bits, so that the values around each constant and the bits of each mask
    stand for all others.
    """
    if name not in ours.conditional and name not in theirs.conditional:
        mine = ours.allows(name, {})
        if mine is False or theirs.allows(name, {}) is not False:
            return None, True
        return ({}, True) if mine else (None, False)
    conditions = [*ours.conditions(name), *theirs.conditions(name)]
    values: dict[int, set[int]] = {}
    for one in conditions:
        tried = values.setdefault(one.get("index") or 0, {0, _LARGEST})
        tried.update(_candidates(one))
    count = 1
    for tried in values.values():
        count *= len(tried)
    if count > _MOST_TRIED:
        return None, False
    decided = True
    for combination in product(*(sorted(tried) for tried in values.values())):
        arguments = dict(zip(values, combination, strict=True))
        mine, other = ours.allows(name, arguments), theirs.allows(name, arguments)
        if mine and other is False:
            return arguments, True
        decided = decided and not (mine is None and other is False)
    return None, decided


def _candidates(condition: dict[str, Any]) -> Iterator[int]:
    value, second = condition.get("value") or 0, condition.get("valueTwo") or 0
    if condition["op"] != "SCMP_CMP_MASKED_EQ":
        yield from (max(value - 1, 0), value, min(value + 1, _LARGEST))
        return
    yield from (second, second | (_LARGEST ^ value))
    for bit in range(64):
        if value >> bit & 1:
            yield second ^ 1 << bit


def _action(name: str, errno: int | None) -> Action:
    """Return an action, with the number that it gives to the caller."""
    if name in ("SCMP_ACT_ERRNO", "SCMP_ACT_TRACE"):
        return name, _EPERM if errno is None else errno
    # The first name is the older one of the second (runc, libcontainer/seccomp).
    return ("SCMP_ACT_KILL_THREAD" if name == "SCMP_ACT_KILL" else name), 0


def _merged_as_written(rules: list[tuple[list[dict[str, Any]], Action]]) -> bool:
    """Return whether libseccomp's filter surely does what the rules of a call say.

    libseccomp 2.6.0 merges some rules into a filter that stops less, or more: comparisons
    of order with values above 32 bits (GHSA-4q85-33p6-j5g6), and rules of two conditions
    that are no equalities. One rule alone, rules of equalities, and rules of one condition
    on 32 bits were right in all filters that it exported (``tests/lab/exported_filter.py``).
    """
    used = [one for conditions, _ in rules for one in conditions]
    if len(rules) == 1 or all(one["op"] == "SCMP_CMP_EQ" for one in used):
        return True
    if any(len(conditions) > 1 for conditions, _ in rules):
        return False
    small = all((one.get("value") or 0) <= _LARGEST_HALF for one in used)
    return small or not any(one["op"] in _OF_ORDER for one in used)


def _holds(condition: dict[str, Any], arguments: Arguments) -> bool:
    actual = arguments.get(condition.get("index") or 0, 0)
    value, second = condition.get("value") or 0, condition.get("valueTwo") or 0
    match condition["op"].removeprefix("SCMP_CMP_"):
        case "NE":
            return bool(actual != value)
        case "LT":
            return bool(actual < value)
        case "LE":
            return bool(actual <= value)
        case "EQ":
            return bool(actual == value)
        case "GE":
            return bool(actual >= value)
        case "GT":
            return bool(actual > value)
        case _:
            return bool(actual & value == second & value)
