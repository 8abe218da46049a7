"""Makes the plan of a run, from paths on the disk or from texts."""

from __future__ import annotations

import os
from functools import partial

from tightship.engine.disk.files import Disk
from tightship.engine.disk.given import look_up
from tightship.engine.disk.root import Roots, holds, project_root, real_path
from tightship.engine.plan.candidates import Candidate, find, named as candidate_of
from tightship.engine.plan.job import USUAL
from tightship.engine.plan.plan import Inputs, Plan, main_files_above
from tightship.engine.plan.scope import Scope, SkippedFile
from tightship.engine.roles.layout import Layout, layout_on_disk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from tightship.engine.disk.git_tree import TreeFiles
    from tightship.engine.disk.given import Given
    from tightship.engine.disk.regular import Refusal
    from tightship.engine.plan.config_files import Configs
    from tightship.frontends.compose.loading.invocation import Options


def plan_paths(
    paths: Sequence[str],
    configs: Configs,
    options: Options = USUAL,
    *,
    disk: Disk | None = None,
    scope: Scope | None = None,
) -> Plan:
    """Return the plan for files, and folders to search.

    Args:
        paths: the files and folders. If the options name files, these are the one project
            that is judged, and the paths are ignored.
        configs: the settings.
        options: the options of the invocation of Compose.
        disk: how the run reads the disk.
        scope: takes what the run leaves out.

    Raises:
        UnknownWordError: if the command line names no rule, theme, set or id.
        MissingExtraError: if it names a set whose extra is not installed.
        ConfigError: if a configuration is invalid; then nothing is judged.

    """
    disk, here, scope = disk or Disk(), real_path(os.curdir), scope or Scope()
    if options.files:
        return Plan(_named_project(options.files, disk, here), configs, options, scope)
    configs.plain_runner()  # an unknown word is an error before any other
    given = [*map(disk.look_ups.of, paths)]
    roots = Roots(given, here, disk.known)
    return Plan(_found(given, roots, configs, disk, scope), configs, options, scope)


def _found(
    given: Sequence[Given], roots: Roots, configs: Configs, disk: Disk, scope: Scope
) -> Inputs:
    """Return what a search finds at and below some paths."""
    excluded = configs.excludes(roots)
    named, started = list[Candidate | SkippedFile](), list[SkippedFile]()
    found = find(
        given,
        excluded=excluded,
        scope=scope,
        disk=disk.known,
        every=configs.sees_every,
        front_ends_of=partial(configs.front_ends, roots=roots),
        take_text=partial(_take_text, named, started, roots),
    )

    def layout_of(root: str) -> Layout:
        near = (os.path.dirname(one.real) for one in given)
        return disk.once(("layout", root), partial(layout_on_disk, root, asked=folders, near=near))

    left_out = partial(_is_left_out, excluded=excluded, roots=roots)
    folders = [one.real for one in given if one.kind is True]
    every = configs.checked(found, roots)
    if named or started:
        more = _named(named, started, every, below(folders, left_out), scope)
        every += configs.checked(more, roots)
    if configs.asks_for_front_ends(folders, roots):
        from tightship.engine.plan.front_ends import declaring_files

        names = {root: layout_of(root).names.walked() for root in map(roots.of, folders)}
        asked = partial(configs.front_ends, roots=roots)
        every += declaring_files(names, folders, asked, left_out)
    return Inputs(
        every,
        lambda path: disk.below(roots.of(path)),
        main_files_above,
        folders,
        layout_of,
        left_out,
    )


def _take_text(
    named: list[Candidate | SkippedFile],
    started: list[SkippedFile],
    roots: Roots,
    path: str,
    text: bytes,
) -> None:
    """Add the files that a text names, and what it starts."""
    from tightship.engine.plan.front_ends import loads
    from tightship.engine.plan.named import named_in, read_there

    given = path, text, roots.of(path)
    named += named_in(*given, read_there)
    started += loads(*given)


def _named(
    named: Sequence[Candidate | SkippedFile],
    started: Iterable[SkippedFile],
    found: Sequence[Candidate | Refusal],
    is_left_out: Callable[[str], bool],
    scope: Scope,
) -> list[Candidate]:
    """Return what texts name and no search has found; what else they start is left."""
    from tightship.engine.plan.named import unknown

    more = [*unknown(named, found, is_left_out, scope)]
    read = {one.path for one in (*found, *more) if isinstance(one, Candidate)}
    for one in started:
        if one.path not in read:
            scope.leave(one)
    return more


def _is_left_out(path: str, excluded: Callable[[str, bool], bool], roots: Roots) -> bool:
    """Return whether a search leaves out a file that something else names."""
    from tightship.engine.plan.ignoring import is_left_out

    folder = os.path.dirname(path)
    if real_path(folder) != folder:  # nothing is looked up behind a link
        return True
    above, root = path, roots.of(path)
    while above != root and not excluded(above, above != path):
        above = os.path.dirname(above)
    return above != root or is_left_out(path)


def _named_project(files: Sequence[str], disk: Disk, here: str) -> Inputs:
    """Return the one project of some files that the user names."""
    given = [*map(disk.look_ups.of, files)]
    first = given[0].full
    root = project_root(given[0], others=given, here=here)
    candidate = Candidate(first, "named", first, "compose")
    return Inputs([candidate], lambda _: disk.below(root), main_files_above)


def plan_text(path: str, text: str | bytes, configs: Configs, options: Options = USUAL) -> Plan:
    """Return the plan for a text in place of a file, which may not exist."""
    given = look_up(path)
    root = project_root(given, here=real_path(os.curdir))
    disk = Disk({given.full: text})
    found, layout = [candidate_of(given.full)], layout_on_disk
    inputs = Inputs(found, lambda _: disk.below(root), main_files_above, layout_of=layout)
    return Plan(inputs, configs, options)


def plan_texts(texts: Mapping[str, str | bytes], configs: Configs, *, of_all: bool = False) -> Plan:
    """Return the plan for a tree that no disk has.

    Args:
        texts: the text of each file by its name, relative to the top, with ``/``.
        configs: the settings, which no file of the tree has.
        of_all: whether all front ends read it.

    """
    from tightship.engine.disk.git_tree import TextFiles
    from tightship.engine.plan.git_tree import find_in_tree

    files = TextFiles(texts)
    found = [*find_in_tree(files, lambda _: False)]
    if of_all:
        from tightship.config.keys import FRONT_ENDS
        from tightship.engine.plan.front_ends import declaring_files

        every = declaring_files(
            {files.root: texts}, [files.root], lambda _: FRONT_ENDS, lambda _: False, files.content
        )
        found += (Candidate(one.path, "named", None, one.language) for one in every)
    return Plan(Inputs(found, lambda _: files, _above(files)), configs)


def plan_tree(
    files: TreeFiles,
    configs: Configs,
    is_left_out: Callable[[str], bool],
    named: Collection[str] = (),
) -> Plan:
    """Return the plan for a tree of a repository, as for a search through its folder.

    Args:
        files: the tree.
        configs: the settings.
        is_left_out: returns whether to leave out an absolute path.
        named: the paths of files that are judged whatever leaves them out.

    """
    from tightship.engine.plan.git_tree import declaring_in_tree, find_in_tree, named_in_tree
    from tightship.engine.plan.named import unknown
    from tightship.engine.roles.layout import layout_of
    from tightship.engine.roles.tree import tree_of

    own = files.apart()
    layout = layout_of(tree_of(own))
    found = [
        *(candidate_of(path, own.exists, own.content, top=own.root) for path in named),
        *(one for one in find_in_tree(own, is_left_out) if one.path not in named),
    ]
    found += unknown(named_in_tree(own, layout.names), found, is_left_out)
    found += [*declaring_in_tree(own, layout.names, configs, is_left_out)]
    inputs = Inputs(
        found, lambda _: files.apart(), _above(own), [files.root], lambda _: layout, is_left_out
    )
    return Plan(inputs, configs)


def below(folders: Sequence[str], excluded: Callable[[str], bool]) -> Callable[[str], bool]:
    """Return a function that leaves out what is excluded, or not at or below some folders."""
    return lambda path: (
        excluded(path) or bool(folders and not any(holds(one, path) for one in folders))
    )


def _above(files: TreeFiles) -> Callable[[str, str], Iterator[Candidate]]:
    return partial(main_files_above, exists=files.exists, read=files.content, top=files.root)
