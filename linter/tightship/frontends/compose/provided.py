"""Parts of a project that something else than its files provides.

A platform that runs the files of others adds networks, services and variables, and reads keys
that Compose does not know. What it provides is there, and nothing is known of its content.
"""

from __future__ import annotations

from tightship.frontends.compose.loading.fault import UnsetVariables
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.project import ProvidedUse
from tightship.values.matching import Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tightship.frontends.compose.loading.fault import Fault
    from tightship.frontends.compose.specification.violation import Violation


class Provider(Record):
    """A platform, or a table of the configuration, and the names of what it provides.

    ``parts`` has names with wildcards by their kind: the name of a section, ``variables``,
    ``keys`` or ``files``. ``evidence`` shows that the files are for this platform.
    """

    name: str
    parts: Mapping[str, Sequence[str]]
    evidence: str = ""


class ProvidedParts:
    """What some providers have, and which of it was asked for."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self._providers = [
            (one, {kind: [*map(Wildcard, names)] for kind, names in one.parts.items()})
            for one in providers
        ]
        self._used: dict[Provider, dict[tuple[bool, str], None]] = {}

    def __bool__(self) -> bool:
        return bool(self._providers)

    def has(self, kind: str, *names: str) -> bool:
        """Return whether a provider has a part; the first of its names is shown."""
        for provider, parts in self._providers:
            if any(one.matches(name) for one in parts.get(kind, ()) for name in names):
                self._used.setdefault(provider, {})[kind == "keys", names[0]] = None
                return True
        return False

    def has_key(self, path: tuple[str | int, ...]) -> bool:
        """Return whether a provider reads a key; a pattern is its name or its whole path."""
        return bool(path) and self.has("keys", str(path[-1]), ".".join(map(str, path)))

    @property
    def uses(self) -> tuple[ProvidedUse, ...]:
        """Return what was asked for and is provided, by provider."""
        return tuple(
            ProvidedUse(
                by.name,
                by.evidence,
                tuple(name for is_key, name in used if not is_key),
                tuple(name for is_key, name in used if is_key),
            )
            for by, used in self._used.items()
        )

    def left(self, faults: Iterable[Fault]) -> list[Fault]:
        """Return the faults that stay one with what is provided."""
        return [one for one in faults if one.missing is None or not self.has(*one.missing)]

    def left_keys(self, violations: Iterable[Violation]) -> list[Violation]:
        """Return the violations without the keys that a provider reads."""
        return [
            one for one in violations if one.kind != "unknown-key" or not self.has_key(one.path)
        ]

    def left_variables(self, unset: UnsetVariables) -> UnsetVariables:
        """Return the variables without a value that no provider sets."""
        left = UnsetVariables()
        left.required = unset.required
        left.places = {
            name: place for name, place in unset.places.items() if not self.has("variables", name)
        }
        return left
