"""``extends``: a service that starts from another one.

Everything is inherited but ``extends`` itself. The base may lie in another file; then
its relative paths start in that file's folder, the variables stay those of the project,
and the networks and volumes that it names do not come with it (Compose Specification,
services, extends; verified with docker-compose 2.26.1).
"""

from __future__ import annotations

import posixpath

from tightship.compose.loading import interpolation
from tightship.compose.loading.fault import Fault
from tightship.compose.loading.load import Removal, is_remote, resolve
from tightship.compose.loading.reading import Step
from tightship.compose.loading.reset import without
from tightship.compose.loading.tree import Entry, Leaf, Table, moved, value
from tightship.compose.specification.keys import at
from tightship.compose.specification.service_keys import SERVICE
from tightship.findings import Gap
from tightship.values.variable import has_hole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.loading.load import Loading
    from tightship.compose.loading.reset import Reset
    from tightship.compose.loading.tree import Value

_SERVICES = at("services")
# A chain this long is no project that somebody wrote.
_LONGEST = 100


def extended(loading: Loading, top: Table, undone: list[Reset]) -> Table:
    """Return a document in which each service has what it extends."""
    services = top.get("services")
    if not isinstance(services, Table):
        return top
    resolving = _Extending(loading, undone)
    entries = {
        name: Entry(entry.key, resolving.service(services, name, ()), entry.earlier)
        for name, entry in services.entries.items()
    }
    if all(entries[n].value is e.value for n, e in services.entries.items()):
        return top
    new = Table(services.node, services.provenance, services.reading, entries)
    whole = dict(top.entries)
    whole["services"] = Entry(whole["services"].key, new)
    return Table(top.node, top.provenance, top.reading, whole)


class _Extending:
    __slots__ = ("_done", "_loading", "_undone")

    def __init__(self, loading: Loading, undone: list[Reset]) -> None:
        self._loading = loading
        self._undone = undone
        # The services are kept, so that no others get their identity.
        self._done: dict[tuple[int, str], tuple[Table, Value]] = {}

    def service(
        self, services: Table, name: str, chain: tuple[tuple[str, str], ...]
    ) -> Value:
        """Return a service with what it extends.

        ``chain`` holds file and name of the services that extend this one.
        """
        key = id(services), name
        if key not in self._done:
            self._done[key] = services, self._service(services, name, chain)
        return self._done[key][1]

    def _service(
        self, services: Table, name: str, chain: tuple[tuple[str, str], ...]
    ) -> Value:
        entry = services.entries[name]
        child = entry.value
        written = child.get("extends") if isinstance(child, Table) else None
        if not isinstance(child, Table) or written is None:
            return child
        here = services.span.source.name, name
        if here in chain or len(chain) >= _LONGEST:
            self._loading.faults.append(
                Fault(
                    "cycle",
                    written.span,
                    f"service `{name}` extends itself in the end",
                    path=("services", name, "extends"),
                    value=written,
                )
            )
            return child
        base = self._base(services, written, (*chain, here), name)
        if base is None:
            return child
        own = {k: e for k, e in child.entries.items() if k != "extends"}
        bare = Table(child.node, child.provenance, child.reading, own)
        for reset in self._undone:
            if reset.path[:2] == ("services", name) and reset.path[2:]:
                if reset.inside_list:
                    continue
                base, removed = without(base, reset.path[2:])
                if removed is not None:
                    gone = Removal(reset.path, reset, removed)
                    self._loading.removals.append(gone)
        path = ("services", name)
        return self._loading.merging.merge(base, bare, SERVICE, path)

    def _base(
        self,
        services: Table,
        written: Value,
        chain: tuple[tuple[str, str], ...],
        child: str,
    ) -> Table | None:
        """Return what a service extends, or report that it is not to be had."""
        name, file = _named(written)
        if name is None:
            return None
        if file is not None:
            found = self._in_file(written, file)
            if found is None:
                return None
            services = found
        if name not in services.entries:
            where = f" in `{file.text}`" if file is not None else ""
            self._loading.faults.append(
                Fault(
                    "undefined",
                    written.span,
                    f"service `{child}` extends `{name}`, which is not there{where}",
                    path=("services", child, "extends"),
                    value=written,
                    decided=not has_hole(name),
                )
            )
            return None
        base = self.service(services, name, chain)
        if not isinstance(base, Table):
            return None
        step = Step("extends", name, written.span)
        new = moved(base, step)
        assert isinstance(new, Table)
        return new

    def _in_file(self, written: Value, file: Leaf) -> Table | None:
        loading, reading = self._loading, written.reading
        if not file.decided:
            loading.gaps.append(
                Gap(file.span, f"`{file.text}` is only known when Compose runs")
            )
            return None
        if is_remote(file.text):
            loading.gaps.append(
                Gap(file.span, f"`{file.text}` is not in this project, and not fetched")
            )
            return None
        path = resolve(reading.directory, file.text)
        stream = loading.stream(path, file.span)
        if stream is None:
            return None
        inner = loading.reading(reading.variables, posixpath.dirname(path))
        merged: Value | None = None
        for document in stream.documents:
            if path not in loading.extended:
                loading.faults += interpolation.faults(document, inner)
            top = value(document, (), inner)
            below = top.get("services") if isinstance(top, Table) else None
            if isinstance(below, Table):
                merged = (
                    below
                    if merged is None
                    else loading.merging.merge(merged, below, _SERVICES, ("services",))
                )
        loading.extended.add(path)
        if not isinstance(merged, Table):
            loading.faults.append(
                Fault(
                    "undefined",
                    file.span,
                    f"`{file.text}` has no services to extend",
                    value=file,
                )
            )
            return None
        return merged


def _named(written: Value) -> tuple[str | None, Leaf | None]:
    """Return the name of the service that is extended, and the file it lies in."""
    if isinstance(written, Leaf):
        return (None if written.is_null else written.text), None
    if not isinstance(written, Table):
        return None, None
    name, file = written.get("service"), written.get("file")
    return (
        name.text if isinstance(name, Leaf) and not name.is_null else None,
        file if isinstance(file, Leaf) and not file.is_null else None,
    )
