"""``include``: other projects that become part of this one.

An included project is loaded whole, with its own folder and its own ``.env`` for what
this project's variables leave open, and then its services, networks, volumes, configs,
secrets and models are this project's (Compose Specification, include).
"""

from __future__ import annotations

import posixpath

from tightship.compose.loading.fault import Fault
from tightship.compose.loading.load import is_remote, resolve
from tightship.compose.loading.reading import Step
from tightship.compose.loading.tree import Entry, Items, Leaf, Table, moved
from tightship.compose.loading.unique import alike
from tightship.compose.loading.variables import Variables
from tightship.compose.specification.keys import FILE
from tightship.findings import Gap, Related
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.loading.load import Loading
    from tightship.compose.loading.tree import Value

_SECTIONS = ("services", "networks", "volumes", "configs", "secrets", "models")
_DEEPEST = 50
# Projects that include others several times over would double with each level.
_MOST = 200
# How a project says that it wants no variables.
_NOTHING = "/dev/null"


def included(loading: Loading, top: Table, including: tuple[str, ...]) -> Table:
    """Return a document with what it includes; what is not to be had stays written."""
    written = top.get("include")
    if not isinstance(written, Items):
        return top
    left: list[Value] = []
    whole: Table | None = None
    for item in written.items:
        project = _project(loading, item, including)
        if project is None:
            left.append(item)
            continue
        whole = project if whole is None else _joined(loading, whole, project)
    own = {k: e for k, e in top.entries.items() if k != "include"}
    if left:
        items = Items(written.node, written.provenance, written.reading, left)
        own["include"] = Entry(top.entries["include"].key, items)
    bare = Table(top.node, top.provenance, top.reading, own)
    return bare if whole is None else _joined(loading, whole, bare)


def _joined(loading: Loading, base: Table, over: Table) -> Table:
    """Lay one over the other, and note what both define.

    Docker Compose 2.26.1 refuses a name that both define, unless they say the same;
    later releases lay the including project's definition over the included one.
    """
    over = Table(over.node, over.provenance, over.reading, dict(over.entries))
    for section in _SECTIONS:
        below, above = base.get(section), over.get(section)
        if not isinstance(below, Table) or not isinstance(above, Table):
            continue
        own = dict(above.entries)
        for name, entry in above.entries.items():
            old = below.entries.get(name)
            if old is None:
                continue
            if alike(old.value, entry.value):
                del own[name]
                continue
            loading.faults.append(
                Fault(
                    "include-conflict",
                    entry.key.span,
                    f"`{name}` is defined here and in what is included: older releases"
                    " of Compose refuse that, newer ones merge the two",
                    path=(section, name),
                    value=entry.value,
                    lost=old.value,
                    because=(Related(old.key.span, "the included definition"),),
                )
            )
        if len(own) < len(above.entries):
            bare = Table(above.node, above.provenance, above.reading, own)
            over.entries[section] = Entry(over.entries[section].key, bare)
    merged = loading.merging.merge(base, over, FILE, ())
    return merged if isinstance(merged, Table) else over


def _project(loading: Loading, item: Value, including: tuple[str, ...]) -> Table | None:
    """Load what one entry of ``include`` names, or report why it cannot be."""
    reading = item.reading
    paths = _leaves(item.get("path") if isinstance(item, Table) else item)
    if not paths:
        return None
    loading.included += 1
    if loading.included > _MOST:
        if loading.included == _MOST + 1:
            reason = f"more than {_MOST} projects are included; the rest is left out"
            loading.gaps.append(Gap(item.span, reason))
        return None
    for leaf in paths:
        if not leaf.decided:
            reason = f"`{leaf.text}` is only known when Compose runs"
        elif is_remote(leaf.text):
            reason = f"`{leaf.text}` is not in this project, and not fetched"
        else:
            continue
        loading.gaps.append(Gap(leaf.span, reason))
        return None
    files = [resolve(reading.directory, leaf.text) for leaf in paths]
    if set(files) & set(including) or len(including) > _DEEPEST:
        loading.faults.append(
            Fault("cycle", item.span, f"`{files[0]}` includes itself in the end")
        )
        return None
    if any(
        loading.stream(f, p.span) is None for f, p in zip(files, paths, strict=True)
    ):
        return None
    folder = item.get("project_directory") if isinstance(item, Table) else None
    directory = (
        resolve(reading.directory, folder.text)
        if isinstance(folder, Leaf) and not folder.is_null
        else posixpath.dirname(files[0])
    )
    variables = _variables(loading, item, directory)
    inner = loading.reading(variables, directory)
    found: Table | None = None
    for file in files:
        stream = loading.stream(file, item.span)
        if stream is not None:
            found = loading.lay(found, stream, inner, (*including, file))
    if found is None:
        return None
    step = Step("include", files[0], item.span)
    entries = {
        section: Entry(entry.key, moved(entry.value, step), entry.earlier)
        for section, entry in found.entries.items()
        if section in (*_SECTIONS, "include")
    }
    return Table(found.node, found.provenance, found.reading, entries)


def _variables(loading: Loading, item: Value, directory: str) -> Variables:
    """Return the variables of an included project: its own behind those of this one."""
    reading = item.reading
    variables = Variables(reading.variables)
    named = _leaves(item.get("env_file") if isinstance(item, Table) else None)
    for leaf in named:
        source = loading.disk.read(resolve(reading.directory, leaf.text))
        if isinstance(source, Source):
            _read(loading, variables, source, item)
        elif leaf.text != _NOTHING:
            loading.faults.append(
                Fault(
                    "env-file",
                    leaf.span,
                    f"{source.message}, and Compose refuses that",
                    path=("include",),
                    value=leaf,
                    decided=leaf.decided,
                )
            )
    if not named:
        source = loading.disk.read(posixpath.join(directory, ".env"))
        if isinstance(source, Source):
            _read(loading, variables, source, item)
    loading.refused += variables.problems
    return variables


def _read(loading: Loading, variables: Variables, source: Source, item: Value) -> None:
    """Read a file of variables, which many projects may name again."""
    if loading.bounds.spend(source.text.count("\n"), item.node):
        variables.read(source)


def _leaves(value: Value | None) -> list[Leaf]:
    found = value.items if isinstance(value, Items) else [value]
    return [v for v in found if isinstance(v, Leaf) and not v.is_null]
