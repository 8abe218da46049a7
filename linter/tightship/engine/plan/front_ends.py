"""Finds the files that declare containers, other than Compose files, where settings ask for them."""

from __future__ import annotations

import os
from itertools import islice

from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import holds
from tightship.engine.plan.candidates import COMMANDS, Candidate, language_of
from tightship.engine.plan.skipped import SkippedFile
from tightship.engine.roles.compose_text import holds_services
from tightship.frontends.bake.names import MAIN, is_bake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

# One of them is in each text that declares a container.
_MARKS = (
    b"docker",
    b"podman",
    b"nerdctl",
    b"DOCKER",
    b"PODMAN",
    b"container",
    b"services",
    b"mage",
    b"[Container]",
    b"[Pod]",
    b"[Kube]",
)
_MOST_LOOKED_AT = 5_000  # files in which nobody asked for containers
_HINTED = frozenset((COMMANDS, "actions", "bake", "devcontainer", "quadlet"))
_IN_WORKFLOWS = (b"container:", b"services:", b"docker://", b"build-push-action")


def declaring_files(
    names: Mapping[str, Iterable[str]],
    folders: Sequence[str],
    front_ends_of: Callable[[str], Collection[str]],
    is_left_out: Callable[[str], bool],
    read: Callable[[str], bytes | Refusal] = read_regular,
) -> Iterator[Candidate]:
    """Yield the files below some folders of a repository that may declare containers.

    Args:
        names: the files of each repository by its root, relative, with ``/``.
        folders: the folders that are searched.
        front_ends_of: returns what the settings for a path ask for.
        is_left_out: returns whether to leave a path out.
        read: gives the bytes of an absolute path.

    """
    for path, asked, found, _ in _with_front_ends(names, folders, front_ends_of, read):
        if not found.isdisjoint(asked) and not is_left_out(path):
            yield Candidate(path, "side", None, COMMANDS)


def _with_front_ends(
    names: Mapping[str, Iterable[str]],
    folders: Sequence[str],
    front_ends_of: Callable[[str], Collection[str]],
    read: Callable[[str], bytes | Refusal] = read_regular,
) -> Iterator[tuple[str, Collection[str], set[str], bytes]]:
    """Yield paths, each with what is asked for there, what its file may need, and its bytes."""
    for root, name in ((root, name) for root, found in names.items() for name in sorted(found)):
        path = os.path.join(root, name)
        if language_of(os.path.basename(name)) is not None:
            continue
        if not any(holds(one, path) for one in folders) or not (asked := front_ends_of(path)):
            continue
        data = read(path)
        if isinstance(data, Refusal):
            continue
        if not is_bake(name) and not any(mark in data for mark in _MARKS):
            continue
        yield path, asked, front_ends_for(name, data), data


def not_asked_for(
    names: Mapping[str, Iterable[str]], folders: Sequence[str], is_left_out: Callable[[str], bool]
) -> Iterator[SkippedFile]:
    """Yield files that may start or build something, where nothing else was found and nobody asks.

    A document does not say so by itself.
    """
    looked_at = {root: islice(found, _MOST_LOOKED_AT) for root, found in names.items()}
    for path, asked_for, every, data in _with_front_ends(looked_at, folders, lambda _: _HINTED):
        found = every.intersection(asked_for)
        if not any(mark in data for mark in _IN_WORKFLOWS):
            found.discard("actions")
        if found and not is_left_out(path):
            asked = ", ".join(f'"{one}"' for one in sorted(found))
            why = f"it may start containers or build images: `front-ends = [{asked}]` asks for it"
            yield SkippedFile(path, "not-asked-for", why)


def bake_files_above(
    path: str, root: str, exists: Callable[[str], bool] = os.path.lexists
) -> Iterator[Candidate]:
    """Yield the bake files of usual names that may build a Dockerfile, up to a root."""
    folder = os.path.dirname(path)
    while True:
        found = next((one for one in MAIN if exists(os.path.join(folder, one))), None)
        if found is not None:
            yield Candidate(os.path.join(folder, found), "side", None, COMMANDS)
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return
        folder = above


def front_ends_for(name: str, data: bytes) -> set[str]:
    """Return the front ends that may find something in a file, by its name and its text."""
    from tightship.frontends.actions.project import is_workflow
    from tightship.frontends.devcontainer.project import is_devcontainer
    from tightship.frontends.invocations.kinds import script_kind_of
    from tightship.frontends.invocations.scripts import uses_engine
    from tightship.frontends.quadlet.unit import has_section

    text = data.decode("utf-8", "replace")
    kind = script_kind_of(name, text)
    if kind in (None, "structure") and holds_services(data):
        return set()
    found = set[str]()
    if is_bake(name) and b"target" in data:
        found.add("bake")
    if is_workflow(name, text):
        found.add("actions")
    if is_devcontainer(name):
        found.add("devcontainer")
    if has_section(name, text):
        found.add("quadlet")
    if kind is not None and uses_engine(text):
        found.add("documents" if kind == "markdown" else COMMANDS)
    return found
