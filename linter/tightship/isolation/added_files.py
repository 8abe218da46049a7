"""The paths that a Dockerfile adds to its base image, or changes in it."""

from __future__ import annotations

import posixpath

from tightship.frontends.dockerfile.steps import Add, Copy, Run, Workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Step
    from tightship.syntax.shell.text import Text
    from tightship.text import Span

# What entrypoints of well-known images run in addition to themselves: nginx's scripts, and those
# of s6-overlay. Scripts that fill a new database are in another folder.
_AT_START = ("entrypoint.d", "cont-init.d", "services.d", "s6-rc.d", "s6-overlay")
# Programs for which `/` names where they write, not only where they look.
_FILLING = frozenset(("bsdtar", "cp", "install", "mv", "rsync", "tar", "unzip"))
# Their options for the root folder, written as one word.
_INTO_ROOT = ("-C/", "-d/", "--directory=/")
# The most paths of a Dockerfile that are compared.
_MOST = 500
# The most relative WORKDIRs that are followed, one within another.
_MOST_RELATIVE = 20


def added_paths(stage: Stage) -> tuple[str, ...] | None:
    """Return the paths at which a stage may add or change something of its base image.

    A folder means all that may lie in it. ``None`` is unknown: a variable decides,
    or a script cannot be read.
    """
    found: list[str] = []
    for path in _paths(stage):
        if path is None or len(found) == _MOST:
            return None
        found.append(path)
    return tuple(found)


def written_texts(
    step: Step, wanted: Callable[[str], object]
) -> Iterator[tuple[str, Text, Span | None]]:
    """Yield the texts that a step surely writes to some paths of the image, each after its path.

    One of the build context comes with the word that names it.
    """
    from tightship.commands.file_writes import file_writes  # few steps write what is asked for
    from tightship.syntax.shell.text import Text
    from tightship.text import Span

    if isinstance(step, Run):
        for call in step.calls:
            for name, text in file_writes(call):
                path = absolute_path(name, step) or ""
                if wanted(path):
                    yield path, text, None
    if not isinstance(step, (Add, Copy)) or step.destination is None:
        return
    is_foreign = isinstance(step, Copy) and step.origin is not None
    target, context = step.destination.text, None if is_foreign else step.stage.build.context
    given = {one.name: Text.of(one.body) for one in step.heredocs}
    places = {one.text: one.span for one in step.sources}
    for name in (*given, *places):
        whole = target + posixpath.basename(name) if target.endswith("/") else target
        path = absolute_path(whole, step) or ""
        if not wanted(path):
            continue
        if name in given:
            yield path, given[name], None
        elif context is not None and (source := context.read(name)) is not None:
            yield path, Text.of(Span(source, 0, len(source.text))), places[name]


def may_change_start(stage: Stage) -> bool:
    """Return whether a stage may change what the entrypoint of its base image does."""
    paths = added_paths(stage)
    return paths is None or any(_is_of_entrypoint(path) for path in paths)


def _is_of_entrypoint(path: str) -> bool:
    name = posixpath.basename(path)
    if path in ("/", "/etc") or "entrypoint.sh" in name or name == "entrypoint":
        return True
    return any(part.endswith(_AT_START) for part in path.split("/"))


def _paths(stage: Stage) -> Iterator[str | None]:
    for one in stage.ancestry:
        for step in one.effective_steps:
            if isinstance(step, Run):
                yield from _changed(step)
            elif isinstance(step, (Add, Copy)):
                yield from _copied(step)


def _copied(step: Add | Copy) -> Iterator[str | None]:
    destination = step.destination
    if destination is None or not destination.decided:
        yield None
        return
    path = absolute_path(destination.text, step)
    yield path
    # A file that is copied into a folder keeps its name.
    for source in step.sources:
        name = posixpath.basename(source.text.rstrip("/"))
        if path is not None and name not in ("", ".", "..", posixpath.basename(path)):
            yield posixpath.join(path, name)


def _changed(step: Run) -> Iterator[str | None]:
    """Yield the paths that a RUN names, as it may change what is there.

    They are absolute, apart from an entrypoint that its name shows.
    """
    if any(script.lost or script.problem for script in step.scripts):
        yield None
    for call in step.calls:
        words = [*call.command.words]
        words += [r.target for r in call.command.redirections if r.target is not None]
        program = call.program
        fills = program is not None and program.name in _FILLING
        for word in words:
            value = word.value or ""
            if value in _INTO_ROOT or (value == "/" and fills):
                yield "/"
            elif value.startswith("/") and value != "/":
                yield posixpath.normpath(value)
            elif "entrypoint" in value and _is_of_entrypoint(value):
                yield value


def absolute_path(path: str, step: Step) -> str | None:
    """Return a path of a step in the image, or ``None`` where it is not certain."""
    before = step
    for _ in range(_MOST_RELATIVE):
        if path.startswith("/"):
            return posixpath.normpath(path).replace("//", "/")
        workdir = before.stage.last(Workdir, before.index)
        if workdir is None:
            path = f"/{path}"
            continue
        value = workdir.value
        if value is None or not value.decided:
            return None
        path = posixpath.join(value.text, path)
        before = workdir
    return None
