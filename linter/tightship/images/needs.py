"""The needs of one container of a well-known image."""

from __future__ import annotations

from tightship.images.conditions import all_hold, mounted, program
from tightship.lazy import TYPE_CHECKING, lazy_property

if TYPE_CHECKING:
    from typing import TypeVar

    from tightship.images.conditions import Start
    from tightship.images.facts import (
        Account,
        Capability,
        Content,
        DocumentedPrivilege,
        Fact,
        Heap,
        ImageFamily,
        Memory,
        NewPrivileges,
        OpenPort,
        OtherUser,
        Port,
        ReadOnly,
        StepDown,
        User,
        Volume,
        Write,
    )

    F = TypeVar("F", bound=Fact)


class Needs:
    """What a container needs, by the facts about its image that hold for its start.

    ``None`` is unknown in every aspect: since no fact says it, since the facts are about
    another command, or since a variable decides.
    """

    def __init__(self, family: ImageFamily, start: Start) -> None:
        self.family = family
        self.start = start

    @lazy_property
    def runs_the_image(self) -> bool | None:
        """Return whether the container runs what the facts are about.

        That is the image's entrypoint with one of its programs.
        """
        if self.start.entrypoint_replaced:
            return False
        names = self.family.programs
        return True if names is None else program(*names).holds(self.start)

    @property
    def user(self) -> User | None:
        """Return the USER of the image."""
        return self._first(self.family.user)

    @property
    def account(self) -> Account | None:
        """Return the account that does the work."""
        return self._first(self.family.accounts)

    @property
    def step_down(self) -> StepDown | None:
        """Return how the entrypoint switches to another account, if it does."""
        return self._first(self.family.steps_down) if self.runs_the_image else None

    @property
    def capabilities(self) -> tuple[Capability, ...] | None:
        """Return the capabilities without which something fails: all of them."""
        return self._all(self.family.capabilities)

    @property
    def certain_capabilities(self) -> tuple[Capability, ...]:
        """Return the capabilities that are surely needed to start, now or again."""
        facts = self._certain(self.family.capabilities)
        return tuple(fact for fact in facts if fact.at != "operation")

    @property
    def certain_writes(self) -> tuple[Write, ...]:
        """Return the paths that are surely written, and have to be writable."""
        facts = self._certain(self.family.writes)
        return tuple(fact for fact in facts if not fact.optional)

    @property
    def certain_contents(self) -> tuple[Content, ...]:
        """Return what of the image surely has to be there."""
        return self._certain(self.family.contents)

    @property
    def volumes(self) -> tuple[Volume, ...] | None:
        """Return the VOLUMEs of the image, whatever it runs."""
        return _possible(self.family.volumes, self.start)

    @property
    def writes(self) -> tuple[Write, ...] | None:
        """Return the paths that are written, in addition to the volumes: all of them."""
        return self._all(self.family.writes)

    @property
    def read_only(self) -> ReadOnly | None:
        """Return whether it runs with a read-only root file system."""
        return self._first(self.family.read_only) if self.runs_the_image else None

    @property
    def new_privileges(self) -> NewPrivileges | None:
        """Return whether it needs to gain privileges."""
        return self._first(self.family.new_privileges) if self.runs_the_image else None

    @property
    def other_user(self) -> OtherUser | None:
        """Return whether it runs with ``user:``."""
        return self._first(self.family.other_user) if self.runs_the_image else None

    @property
    def memory(self) -> Memory | None:
        """Return the memory without which it does not start."""
        return self._first(self.family.memory) if self.runs_the_image else None

    @property
    def heaps(self) -> tuple[Heap, ...]:
        """Return the settings that size its heap."""
        return self._all(self.family.heap) or ()

    @property
    def ports(self) -> tuple[Port, ...]:
        """Return the ports on which it may listen."""
        return self._all(self.family.ports) or ()

    @property
    def open_ports(self) -> tuple[OpenPort, ...]:
        """Return the ports that surely ask for no login."""
        return tuple(
            fact
            for fact in self._certain(self.family.open_ports)
            if not any(self._could_be_set(setting) for setting in fact.closed_by)
        )

    @property
    def grants(self) -> tuple[DocumentedPrivilege, ...]:
        """Return the privileges that its documentation asks for."""
        return _possible(self.family.grants, self.start) or ()

    def _could_be_set(self, setting: str) -> bool:
        """Return whether a run may have a setting as :class:`OpenPort` names them."""
        words = self.start.command or ()
        if setting.startswith("/"):
            return mounted(setting).holds(self.start) is not False or any(
                setting.startswith(f"{target}/") for target in self.start.targets or ()
            )
        if setting.startswith("."):
            return any(word.endswith(setting) or "$" in word for word in words)
        if setting.startswith("-"):
            return any(word.startswith(setting) or "$" in word for word in words)
        name, _, value = setting.partition("=")
        if name not in self.start.environment:
            return self.start.more_environment
        held = self.start.environment[name]
        return held is None or (held == value if value else held != "")

    def _all(self, facts: tuple[F, ...] | None) -> tuple[F, ...] | None:
        return _possible(facts, self.start) if self.runs_the_image else None

    def _certain(self, facts: tuple[F, ...] | None) -> tuple[F, ...]:
        """Return the facts that surely hold."""
        if not self.runs_the_image:
            return ()
        return tuple(fact for fact in facts or () if all_hold(fact.when, self.start))

    def _first(self, facts: tuple[F, ...] | None) -> F | None:
        """Return the fact that holds, unless one before it may hold as well."""
        for fact in facts or ():
            holds = all_hold(fact.when, self.start)
            if holds is not False:
                return fact if holds else None
        return None


def _possible(facts: tuple[F, ...] | None, start: Start) -> tuple[F, ...] | None:
    """Return the facts that may hold: what is granted or mounted in vain breaks nothing."""
    if facts is None:
        return None
    return tuple(fact for fact in facts if all_hold(fact.when, start) is not False)
