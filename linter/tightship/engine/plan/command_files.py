"""Finds the files whose commands start containers, where the settings ask for them."""

from __future__ import annotations

import os

from tightship.engine.disk.regular import MAX_BYTES, Refusal, read_regular
from tightship.engine.disk.root import holds
from tightship.engine.plan.candidates import COMMANDS, Candidate, language_of
from tightship.engine.roles.compose_text import holds_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

_MARKS = (b"docker", b"podman", b"nerdctl", b"DOCKER", b"PODMAN")


def command_files(
    root: str,
    names: Iterable[str],
    folders: Sequence[str],
    front_ends_of: Callable[[str], Collection[str]],
    is_left_out: Callable[[str], bool],
) -> Iterator[Candidate]:
    """Yield the files below some folders of a repository that start containers.

    Args:
        root: the root of the repository, an absolute path.
        names: the files below it, relative, with ``/``.
        folders: the folders that are searched.
        front_ends_of: returns what the settings for a path ask for.
        is_left_out: returns whether to leave a path out.

    """
    from tightship.frontends.docker_run.scripts import kind_of, starts_containers

    for name in sorted(names):
        path = os.path.join(root, name)
        if not any(holds(one, path) for one in folders) or not (asked := front_ends_of(path)):
            continue
        if language_of(os.path.basename(name)) is not None:
            continue
        data = read_regular(path, limit=MAX_BYTES)
        if isinstance(data, Refusal) or not any(mark in data for mark in _MARKS):
            continue
        text = data.decode("utf-8", "replace")
        kind = kind_of(name, text)
        if kind is None or not starts_containers(text) or holds_services(data):
            continue
        if ("documents" if kind == "document" else COMMANDS) in asked and not is_left_out(path):
            yield Candidate(path, "side", None, COMMANDS)
