"""What the commands of package managers leave on the disk, of all that they stored.

The commands of a script are followed in their order. A folder that is emptied before it is
filled is full at the end. Three things count as emptied, for nobody can tell: a folder that
some other program is given after it is filled, one that a function or a trap names, and all of
them after ``rm`` gets a variable in a loop. What a command keeps elsewhere is not followed.
"""

from __future__ import annotations

from tightship.commands.packages import PackageCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Word

    Store: TypeAlias = Mapping[str, str]
    Left: TypeAlias = "dict[str, tuple[PackageCommand, Store]]"

_HARMLESS = frozenset(
    ("[", "cat", "chmod", "chown", "cp", "du", "echo", "ln", "mkdir", "printf", "stat", "test")
)
_GLOBS = "*?["
_MOST_NAMES = 20


def remaining(
    calls: Sequence[Call], is_set: Callable[[str], bool]
) -> Iterator[tuple[PackageCommand, Store]]:
    """Yield the stores that are full at the end, each with the first command that filled it.

    Args:
        calls: the commands of a step.
        is_set: whether a variable is set outside of them.

    """
    left: Left = {}
    others: list[Call] = []
    for call in calls:
        command = PackageCommand.of(call)
        if command is None:
            others.append(call)
            for key, one in [*left.items()]:
                if _empties(call, one[1]):
                    del left[key]
        elif not command.only_shows:
            _apply(command, left)
    for command, store in left.values():
        names = store.get("settings", "").split()
        if not any(_is_late(call) and _empties(call, store) for call in others) and not any(
            is_set(name) or _set_by(calls, name) for name in names
        ):
            yield command, store


def covers(path: str, store: Store) -> bool:
    """Return whether a path has one of the folders that a store may be in, or a part of it."""
    return any(_reaches(path, one) for one in store["paths"].split())


def _apply(command: PackageCommand, left: Left) -> None:
    manager = command.manager
    does = {command.action, command.verb.value}
    for store in manager.stores:
        key = f"{manager.name} {store['name']}"
        if not does.isdisjoint(store["emptied_by"].split()):
            left.pop(key, None)
        elif not does.isdisjoint(store["filled_by"].split()):
            off = store.get("off", "").split()
            if command.arguments.flag(*off) is None:
                left.setdefault(key, (command, store))


def _empties(call: Call, store: Store) -> bool:
    """Return whether a command may empty a store."""
    program = call.program
    if program is not None and program.name in _HARMLESS:
        return False
    is_removal = program is not None and program.name == "rm"
    if is_removal and call.nesting.within("loop") and not all(w.head for w in call.command.words):
        return True
    return any(
        covers(path, store)
        for word in call.command.words
        if "/" in word.raw or word.raw[:1] == "."
        for path in _paths(word)
    )


def _is_late(call: Call) -> bool:
    """Return whether a command may run at another time than where it is written."""
    program = call.program
    return call.nesting.within("function") or (program is not None and program.name == "trap")


def _set_by(calls: Iterable[Call], name: str) -> bool:
    """Return whether commands set a variable, or name a setting."""
    return any(
        any(one.name == name for one in call.command.assignments)
        or any(
            name in word.raw and (f"{name}=" in word.raw or PackageCommand.of(call) is None)
            for word in call.command.words
        )
        for call in calls
    )


def _paths(word: Word) -> Iterator[str]:
    """Yield what may be the paths of a word, braces expanded."""
    text = word.value if word.value is not None else word.raw.replace('"', "")
    head, _, rest = text.partition("{")
    inner, _, tail = rest.partition("}")
    for one in inner.split(",", _MOST_NAMES):
        yield head + one + tail


def _reaches(path: str, folder: str) -> bool:
    """Return whether a path is a folder, one in it, or one around it; ``~`` is any home."""
    folder = folder.removeprefix("~")
    first = folder[: folder.find("/", 1)] if "/" in folder[1:] else folder
    start = f"/{path}".find(first)
    if start < 0:
        return False
    path = f"/{path}"[start:]
    end = min((at for sign in _GLOBS if (at := path.find(sign)) >= 0), default=len(path))
    if end < len(path) and path[end - 1] != "/":
        return folder.startswith(path[:end])
    path = path[:end].rstrip("/")
    if path == folder or path.startswith(folder + "/"):
        return True
    return folder.startswith(path + "/") and (path.count("/") > 1 or folder[1] == ".")
