"""Finds the files to judge in a tree that is not on the disk."""

from __future__ import annotations

import os
from functools import lru_cache

from tightship.engine.disk.regular import MAX_BYTES, Refusal
from tightship.engine.plan.candidates import compose_file, grouped, language_of
from tightship.engine.plan.config_files import NAMES
from tightship.engine.plan.named import named_in, only_includes
from tightship.engine.plan.walk import is_caller, is_skipped, may_name
from tightship.engine.roles.compose_text import holds_services, is_template
from tightship.values.compose_name import MAIN_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.disk.git_tree import TreeFiles
    from tightship.engine.disk.names import Names
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.scope import SkippedFile


def find_in_tree(files: TreeFiles, is_excluded: Callable[[str], bool]) -> Iterator[Candidate]:
    """Yield the Compose files and Dockerfiles of a tree, as a walk through a folder would.

    They come folder by folder, the main file of each first.

    Args:
        files: the tree.
        is_excluded: returns whether to leave out an absolute path.

    """
    by_folder: dict[str, list[str]] = {}
    for name in files.listing.entries:
        folder, _, last = name.rpartition("/")
        if name.endswith((".yml", ".yaml")) or language_of(last) == "dockerfile":
            by_folder.setdefault(folder, []).append(last)
        elif last == ".env":  # which may name a file of another name
            by_folder.setdefault(folder, [])
    skipped: dict[str, bool] = {"": False}
    for folder in sorted(by_folder, key=lambda one: one.split("/") if one else []):
        if _is_skipped(folder, skipped):
            continue
        path = files.path(folder)
        names = [
            last
            for last in sorted(by_folder[folder])
            if _is_candidate(files, folder, last) and not is_excluded(os.path.join(path, last))
        ]
        yield from grouped(path, names, _compose_file(files, folder))


def named_in_tree(files: TreeFiles, names: Iterable[str]) -> Iterator[Candidate | SkippedFile]:
    """Yield the files of any name that texts of a tree name, by their names."""
    for name in names:
        last = name.rpartition("/")[2]
        is_yaml = last.endswith((".yml", ".yaml")) and language_of(last) is None
        entry = files.listing.entries[name]
        is_read = (is_yaml or is_caller(last)) and files.listing.is_file(name)
        if is_read and (not entry.blob or _may_name(files.blob, entry.blob)):
            data = files.bytes_of(name)
            if data is not None and not (is_yaml and holds_services(data)):
                yield from named_in(files.path(name), data, files.root, files.content)


@lru_cache(maxsize=20_000)
def _may_name(content: Callable[[str, int], bytes | None], blob: str) -> bool:
    """Return whether a blob may name a file: most are on both sides of a change."""
    return may_name(content(blob, MAX_BYTES) or b"")


def declaring_in_tree(
    files: TreeFiles, names: Names, configs: Configs, is_left_out: Callable[[str], bool]
) -> Iterator[Candidate]:
    """Yield those of some files of a tree that may declare containers, where settings ask."""

    def asked(path: str) -> Sequence[str]:
        settings = configs.of(os.path.dirname(path), files)
        return settings.front_ends if settings is not None else ()

    configuring = (name for name in names if os.path.basename(name) in NAMES)
    # Those before a change may be where none are after it.
    if any(map(asked, map(files.path, configuring))) or any(
        one.front_ends for one in configs.met()
    ):
        from tightship.engine.plan.front_ends import declaring_files

        yield from declaring_files(
            {files.root: names}, [files.root], asked, is_left_out, files.content
        )


def _is_skipped(folder: str, known: dict[str, bool]) -> bool:
    if folder not in known:
        above, _, last = folder.rpartition("/")
        known[folder] = is_skipped(last, os.path.basename(above)) or _is_skipped(above, known)
    return known[folder]


def _is_candidate(files: TreeFiles, folder: str, last: str) -> bool:
    name = f"{folder}/{last}" if folder else last
    language = language_of(last)
    if files.listing.is_file(name):
        if language is not None:
            return True
        if last.startswith("."):
            return False
        text = files.bytes_of(name)
        if text is None:
            return False
        if holds_services(text):
            return not is_template(text)
        return only_includes(files.path(name), text, files.root, files.content)
    if language != "compose":
        return False
    # A link counts, unless its file is found by its own name.
    real = files.apart().place(name)
    if isinstance(real, Refusal):
        return real.reason != "missing"
    if real is None or not files.listing.is_file(real):
        return False
    its_folder, _, its_last = real.rpartition("/")
    if last in MAIN_NAMES and its_folder != folder:
        return True
    return language_of(its_last) != "compose"


def _compose_file(files: TreeFiles, folder: str) -> list[str]:
    """Return the files of ``COMPOSE_FILE``, if the first of them is there."""
    name = f"{folder}/.env" if folder else ".env"
    if not files.listing.is_file(name):
        return []
    text = files.bytes_of(name)
    listed = compose_file(files.path(folder), lambda _: text or b"")
    first = files.name(listed[0]) if listed else None
    return listed if first is not None and files.listing.is_file(first) else []
