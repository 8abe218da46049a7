"""``include``: other projects that become part of this one.

An included project is loaded whole, with its own folder and its own ``.env`` for the
variables that this project leaves open, and then its services, networks, volumes,
configs, secrets and models are this project's (Compose Specification, include).
"""

from __future__ import annotations

import posixpath

from tightship.findings import Gap, Related
from tightship.frontends.compose.loading.fault import Fault
from tightship.frontends.compose.loading.unique import alike, with_step
from tightship.frontends.compose.specification.keys import FILE
from tightship.model.reading import Step, Variables, resolve
from tightship.model.value import Entry, MappingValue, ScalarValue, SequenceValue
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tightship.frontends.compose.loading.state import LoadState
    from tightship.model.project import Refused
    from tightship.model.reading import Reading
    from tightship.model.value import Value
    from tightship.text import Span

    # Loads the files of an included project, which the last paths include.
    Load = Callable[[list[str], Reading, tuple[str, ...]], MappingValue | None]

_SECTIONS = ("services", "networks", "volumes", "configs", "secrets", "models")
_DEEPEST = 75
# Projects that include others several times over would double with each level.
_MOST = 200
# The path by which a project asks for no variables.
_NOTHING = "/dev/null"


def included(
    state: LoadState,
    top: MappingValue,
    include: SequenceValue,
    including: tuple[str, ...],
    load: Load,
) -> MappingValue:
    """Return a document with the projects that its list ``include`` names.

    An entry that cannot be loaded stays in the document.
    """
    left: list[Value] = []
    whole: MappingValue | None = None
    for item in include.items:
        project = _project(state, item, including, load)
        if project is None:
            left.append(item)
            continue
        whole = project if whole is None else _joined(state, whole, project)
    own = {k: e for k, e in top.entries.items() if k != "include"}
    if left:
        own["include"] = Entry(top.entries["include"].key, include.with_items(left))
    bare = top.with_entries(own)
    return bare if whole is None else _joined(state, whole, bare)


def _joined(state: LoadState, base: MappingValue, over: MappingValue) -> MappingValue:
    """Merge a project onto another one, and report the names that both define.

    Docker Compose 2.26.1 rejects a name that both define, unless the definitions are
    equal; later releases merge the including project's onto the included one.
    """
    over = over.with_entries(dict(over.entries))
    for section in _SECTIONS:
        below, above = base.get(section), over.get(section)
        if not isinstance(below, MappingValue) or not isinstance(above, MappingValue):
            continue
        own = dict(above.entries)
        for name, entry in above.entries.items():
            old = below.entries.get(name)
            if old is None:
                continue
            if alike(old.value, entry.value):
                del own[name]
                continue
            state.faults.append(
                Fault(
                    "include-conflict",
                    entry.key.span,
                    f"`{name}` is defined here and in the included file: older"
                    " releases of Compose reject that, newer ones merge the two",
                    path=(section, name),
                    value=entry.value,
                    lost=old.value,
                    because=(Related(old.key.span, "the included definition"),),
                )
            )
        if len(own) < len(above.entries):
            key = over.entries[section].key
            over.entries[section] = Entry(key, above.with_entries(own))
    merged = state.merging.merge(base, over, FILE, ())
    return merged if isinstance(merged, MappingValue) else over


def _project(
    state: LoadState, item: Value, including: tuple[str, ...], load: Load
) -> MappingValue | None:
    """Load the project of one entry of ``include``, or report why it cannot be."""
    leaves = _leaves(item.get("path") if isinstance(item, MappingValue) else item)
    if not leaves:
        return None
    state.included += 1
    if state.included > _MOST:
        if state.included == _MOST + 1:
            reason = f"more than {_MOST} projects are included; the rest is ignored"
            state.gaps.append(Gap(item.span, reason))
        return None
    files = _paths(state, leaves, item.reading.directory)
    if not files:
        return None
    if _is_endless(state, item.span, files, including):
        return None
    for file, leaf in zip(files, leaves, strict=True):
        if state.stream(file, leaf.span) is None:
            return None
    directory = _directory(item, files[0])
    reading = state.reading(_variables(state, item, directory), directory)
    found = load(files, reading, including)
    if found is None:
        return None
    step = Step("include", files[0], item.span)
    return found.with_entries(
        {
            section: Entry(entry.key, with_step(entry.value, step), entry.earlier)
            for section, entry in found.entries.items()
            if section in (*_SECTIONS, "include")
        }
    )


def _is_endless(
    state: LoadState, place: Span, files: list[str], including: tuple[str, ...]
) -> bool:
    """Report files that are included too deep, or that include themselves."""
    if len(including) > _DEEPEST:
        reason = f"projects are included more than {_DEEPEST} deep; the rest is ignored"
        state.gaps.append(Gap(place, reason))
        return True
    if set(files) & set(including):
        message = f"`{files[0]}` includes itself through a cycle"
        state.faults.append(Fault("cycle", place, message))
        return True
    return False


def _paths(state: LoadState, leaves: Sequence[ScalarValue], directory: str) -> list[str]:
    """Return the paths of the files of a project; none if one is no local file."""
    files: list[str] = []
    for leaf in leaves:
        path = state.path_of(leaf, directory)
        if path is None:
            return []
        files.append(path)
    return files


def _directory(item: Value, main: str) -> str:
    """Return the folder of a project: by default that of its main file."""
    folder = item.get("project_directory") if isinstance(item, MappingValue) else None
    if isinstance(folder, ScalarValue) and not folder.is_null:
        return resolve(item.reading.directory, folder.text)
    return posixpath.dirname(main)


def _variables(state: LoadState, item: Value, directory: str) -> Variables:
    """Return the variables of an included project: its own behind those of this one."""
    variables = Variables(item.reading.variables)
    named = _leaves(item.get("env_file") if isinstance(item, MappingValue) else None)
    for leaf in named:
        source = state.disk.read(resolve(item.reading.directory, leaf.text))
        if isinstance(source, Source) or source.reason == "outside-root":
            _read(state, variables, source, item)
        elif leaf.text != _NOTHING:
            state.faults.append(
                Fault(
                    "env-file",
                    leaf.span,
                    f"{source.message}: Compose rejects that",
                    path=("include",),
                    value=leaf,
                    decided=leaf.decided,
                )
            )
    if not named:
        source = state.disk.read(posixpath.join(directory, ".env"))
        _read(state, variables, source, item)
    state.refused += variables.problems
    return variables


def _read(state: LoadState, variables: Variables, source: Source | Refused, item: Value) -> None:
    """Read a file of variables, which many projects may name again."""
    if isinstance(source, Source):
        if state.bounds.spend(source.text.count("\n"), item.node):
            variables.read(source)
    elif source.reason == "outside-root":  # Compose reads it
        state.gaps.append(Gap(item.span, source.message))


def _leaves(value: Value | None) -> list[ScalarValue]:
    found = value.items if isinstance(value, SequenceValue) else [value]
    return [v for v in found if isinstance(v, ScalarValue) and not v.is_null]
