"""Each cause once: findings that another one makes irrelevant move inside it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final, TypeAlias

    from tightship.engine.rule_runner import RuleFinding
    from tightship.engine.verdict import Accepted
    from tightship.findings import Finding
    from tightship.isolation.container import Container
    from tightship.rules.kit import Rule
    from tightship.text import Span

    Here: TypeAlias = Mapping[tuple[str, Span], RuleFinding]


class Cause:
    """A finding that stands for itself, with those that it absorbs.

    ``container`` is the container that it is about, if it is about one, and
    ``services`` the names of all services that share it. ``accepted`` is set where the
    configuration accepts it.
    """

    __slots__ = (
        "absorbed",
        "accepted",
        "container",
        "finding",
        "rule",
        "services",
        "subject",
    )

    def __init__(
        self,
        rule: Rule,
        finding: Finding,
        subject: object,
        container: Container | None,
        *,
        absorbed: tuple[Cause, ...] = (),
        services: tuple[str, ...] = (),
        accepted: Accepted | None = None,
    ) -> None:
        self.rule: Final = rule
        self.finding: Final = finding
        self.subject: Final = subject
        self.container: Final = container
        self.absorbed: Final = absorbed
        self.services: Final = services
        self.accepted: Final = accepted

    def replaced(
        self,
        *,
        finding: Finding | None = None,
        absorbed: tuple[Cause, ...] | None = None,
        services: tuple[str, ...] | None = None,
        accepted: Accepted | None = None,
    ) -> Cause:
        """Return the same with some parts replaced."""
        return Cause(
            self.rule,
            self.finding if finding is None else finding,
            self.subject,
            self.container,
            absorbed=self.absorbed if absorbed is None else absorbed,
            services=self.services if services is None else services,
            accepted=self.accepted if accepted is None else accepted,
        )

    @property
    def containers(self) -> tuple[Container, ...]:
        """Return the containers that it is about, as far as they are known."""
        if self.container is not None:
            return (self.container,)
        several: tuple[Container, ...] = getattr(self.subject, "containers", ())
        return several


def absorbed(groups: Iterable[list[RuleFinding]]) -> list[Cause]:
    """Return the findings that no other one absorbs, group by group.

    A finding is absorbed by one on the same container (``absorbs``), or by one at the
    very same place (``absorbs_here``), which may be about the file.
    """
    groups = list(groups)
    here: dict[tuple[str, Span], RuleFinding] = {}
    for group in groups:
        for one in group:
            for name in one.rule.absorbs_here:
                here.setdefault((name, one.finding.span), one)
    inside: dict[int, list[RuleFinding]] = {}
    kept: list[RuleFinding] = []
    for group in groups:
        kept += _kept(group, here, inside)

    def cause(one: RuleFinding) -> Cause:
        return Cause(
            one.rule,
            one.finding,
            one.subject,
            one.container,
            absorbed=tuple(map(cause, inside.get(id(one), ()))),
            services=(one.container.name,) if one.container else (),
        )

    return list(map(cause, kept))


def _kept(
    group: list[RuleFinding], here: Here, inside: dict[int, list[RuleFinding]]
) -> list[RuleFinding]:
    """Return the findings of a container that are not absorbed.

    The others are added to ``inside``, by the identity of the one that absorbs them.
    """
    everywhere: dict[str, RuleFinding] = {}
    for one in group:
        for name in one.rule.absorbs:
            everywhere.setdefault(name, one)
    if not everywhere and not here:
        return group

    def absorber(one: RuleFinding) -> RuleFinding | None:
        name = one.rule.name
        found = everywhere.get(name) or here.get((name, one.finding.span))
        return None if found is one else found

    kept: list[RuleFinding] = []
    for one in group:
        last, seen = absorber(one), {id(one)}
        while last is not None and id(last) not in seen:
            seen.add(id(last))
            above = absorber(last)
            if above is None:
                break
            last = above
        if last is None:
            kept.append(one)
        else:
            inside.setdefault(id(last), []).append(one)
    return kept
