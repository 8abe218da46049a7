"""``extends``: a service that starts from another one.

Everything is inherited but ``extends`` itself. The base may be in another file; then
its relative paths start in that file's folder, the variables stay those of the project,
and the networks and volumes that it names do not come with it (Compose Specification,
services, extends; verified with docker-compose 2.26.1).
"""

from __future__ import annotations

import posixpath

from tightship.findings import Gap
from tightship.frontends.compose.loading.fault import Fault, variable_faults
from tightship.frontends.compose.loading.reset import removal, without
from tightship.frontends.compose.loading.unique import with_step
from tightship.frontends.compose.specification.keys import at
from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship.model.reading import Step
from tightship.model.value import Entry, MappingValue, ScalarValue, value
from tightship.values.hole import has_hole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.compose.loading.reset import Reset
    from tightship.frontends.compose.loading.state import LoadState
    from tightship.model.value import Value

    # File and name of each service that extends the one at hand.
    Chain = tuple[tuple[str, str], ...]

_SERVICES = at("services")
# No hand-written project has a longer chain.
_LONGEST = 160


def extended(state: LoadState, top: MappingValue, resets: list[Reset]) -> MappingValue:
    """Return a document in which each service has the settings of its bases."""
    services = top.get("services")
    if not isinstance(services, MappingValue):
        return top
    extender = _Extender(state, resets)
    entries = {
        name: Entry(entry.key, extender.service(services, name, ()), entry.earlier)
        for name, entry in services.entries.items()
    }
    if all(entries[n].value is e.value for n, e in services.entries.items()):
        return top
    key = top.entries["services"].key
    new = Entry(key, services.with_entries(entries))
    return top.with_entries({**top.entries, "services": new})


class _Extender:
    def __init__(self, state: LoadState, resets: list[Reset]) -> None:
        self._state = state
        self._resets = resets
        # The services are kept, so that no others get their identity.
        self._done: dict[tuple[int, str], tuple[MappingValue, Value]] = {}

    def service(self, services: MappingValue, name: str, chain: Chain) -> Value:
        """Return a service merged onto its base."""
        key = id(services), name
        if key not in self._done:
            self._done[key] = services, self._service(services, name, chain)
        return self._done[key][1]

    def _service(self, services: MappingValue, name: str, chain: Chain) -> Value:
        child = services.entries[name].value
        extends = child.get("extends") if isinstance(child, MappingValue) else None
        if not isinstance(child, MappingValue) or extends is None:
            return child
        here = services.span.source.name, name
        if len(chain) >= _LONGEST:
            reason = f"a chain of `extends` is longer than {_LONGEST}; the rest is ignored"
            self._state.gaps.append(Gap(extends.span, reason))
            return child
        if here in chain:
            self._state.faults.append(
                Fault(
                    "cycle",
                    extends.span,
                    f"service `{name}` extends itself through a cycle",
                    path=("services", name, "extends"),
                    value=extends,
                )
            )
            return child
        base = self._base(services, extends, (*chain, here), name)
        if base is None:
            return child
        path = ("services", name)
        for reset in self._resets:
            below = reset.path[2:] if reset.path[:2] == path else ()
            if below and not reset.inside_list:
                base, removed = without(base, below)
                if removed is not None:
                    self._state.removals.append(removal(reset, removed))
        own = {k: e for k, e in child.entries.items() if k != "extends"}
        return self._state.merging.merge(base, child.with_entries(own), SERVICE, path)

    def _base(
        self, services: MappingValue, extends: Value, chain: Chain, child: str
    ) -> MappingValue | None:
        """Return the base of a service, or report that it is missing."""
        name, file = _named(extends)
        if name is None:
            return None
        if file is not None:
            found = self._in_file(extends, file)
            if found is None:
                return None
            services = found
        if name not in services.entries:
            where = f" in `{file.text}`" if file is not None else ""
            self._state.faults.append(
                Fault(
                    "undefined",
                    extends.span,
                    f"service `{child}` extends `{name}`, which does not exist{where}",
                    path=("services", child, "extends"),
                    value=extends,
                    missing=("services", name) if file is None else None,
                    decided=not has_hole(name),
                )
            )
            return None
        base = self.service(services, name, chain)
        if not isinstance(base, MappingValue):
            return None
        new = with_step(base, Step("extends", name, extends.span))
        assert isinstance(new, MappingValue)
        return new

    def _in_file(self, extends: Value, file: ScalarValue) -> MappingValue | None:
        """Return the services of another file, or report that there are none."""
        state = self._state
        path = state.path_of(file, extends.reading.directory)
        stream = state.stream(path, file.span) if path is not None else None
        if path is None or stream is None:
            return None
        reading = state.reading(extends.reading.variables, posixpath.dirname(path))
        merged: Value | None = None
        for document in stream.documents:
            if path not in state.extended:
                state.faults += variable_faults(document, reading, state.unset)
            top = value(document, (), reading)
            below = top.get("services") if isinstance(top, MappingValue) else None
            if isinstance(below, MappingValue):
                merged = (
                    below
                    if merged is None
                    else state.merging.merge(merged, below, _SERVICES, ("services",))
                )
        state.extended.add(path)
        if isinstance(merged, MappingValue):
            return merged
        state.faults.append(
            Fault("undefined", file.span, f"`{file.text}` has no services to extend", value=file)
        )
        return None


def _named(extends: Value) -> tuple[str | None, ScalarValue | None]:
    """Return the name of the base, and the path of its file."""
    if isinstance(extends, ScalarValue):
        return (None if extends.is_null else extends.text), None
    if not isinstance(extends, MappingValue):
        return None, None
    name, file = extends.get("service"), extends.get("file")
    return (
        name.text if isinstance(name, ScalarValue) and not name.is_null else None,
        file if isinstance(file, ScalarValue) and not file.is_null else None,
    )
