"""The scripts that an image of the project and its build start, and what one does as root."""

from __future__ import annotations

import posixpath
from itertools import islice

from tightship.frontends.dockerfile.steps import Add, Copy, Run, Workdir
from tightship.isolation.accounts import could_switch_user, switches_user
from tightship.isolation.added_files import absolute_path
from tightship.isolation.root_steps import HARMLESS, WRITING, capabilities_of_steps, runs_unknown
from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.commands.calls import Call, ScriptRun
    from tightship.frontends.dockerfile.build_mount import BuildMount
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Cmd, Entrypoint, ScriptStep, Step
    from tightship.syntax.shell.nodes import Script, Word
    from tightship.text import Source

# systemd's, s6-overlay's, runit's and that of phusion/baseimage.
_INITS = frozenset((
    *("/init", "/sbin/init", "/usr/sbin/init", "/sbin/my_init", "systemd", "s6-svscan"),
    *("/lib/systemd/systemd", "/usr/lib/systemd/systemd", "runsvdir"),
))  # fmt: skip
_SETUID = frozenset(("sudo", "su", "doas", "newgrp", "pkexec", "mount", "passwd"))
_SHEBANG = regex(r"#![ \t]*/\S{0,80}(?:/|[ \t])(?:ba|da|a|k|z)?sh\b")
_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "source", "."))
# The most commands of a script, and the most scripts, that are looked at.
_MOST = 2_000
_MOST_SCRIPTS = 20
_MOST_DEEP = 4  # scripts that scripts start
# The most steps of a stage that are searched for the text of a script.
_MOST_STEPS = 100


def started_scripts(step: ScriptStep) -> Iterator[tuple[Word, ScriptRun]]:
    """Yield the scripts of the Dockerfile or the build context that a step runs, each after what runs it."""
    started = _paths(step, step.calls, None)
    every = (one for stage in step.stage.ancestry for one in stage.effective_steps)
    steps = [*islice(every, _MOST_STEPS + 1)] if started else []
    if len(steps) > _MOST_STEPS:
        return
    done = set[str]()
    for _ in range(_MOST_DEEP):
        runs = [*_runs(step, steps, started)]
        yield from runs
        done.update(started)
        started = {
            path: found
            for word, run in runs
            for path, found in _paths(step, run.calls, word).items()
            if path not in done
        }


def _paths(step: ScriptStep, every: Iterable[Call], word: Word | None) -> dict[str, Word]:
    """Return the scripts that commands start, each with the word of the step that leads to it."""
    found, folder = dict[str, "Word"](), ""
    for call in every:
        if call.program is None:
            continue
        if call.program.name == "cd" and call.program.words:
            folder = posixpath.join(folder, call.program.words[0].value or "")
        for path, is_script in _started(call):
            if is_script:
                place = posixpath.join(folder, path) if "/" in path else path
                found[absolute_path(place, step) or ""] = word or call.program.word
    return found


def _runs(
    step: ScriptStep, steps: Sequence[Step], started: Mapping[str, Word]
) -> Iterator[tuple[Word, ScriptRun]]:
    from tightship.commands.calls import ScriptRun, calls
    from tightship.isolation.added_files import written_texts
    from tightship.syntax.shell.read import read
    from tightship.syntax.shell.text import Text

    texts = {
        path: text
        for one in steps
        for path, text, place in written_texts(one, started.get)
        # A RUN has the heredocs of COPY that it starts among its scripts.
        if place is not None or not isinstance(step, Run) or isinstance(one, Run)
    }
    for path, word in started.items():
        if path not in texts and (source := _script(path, step.stage, step)) is not None:
            texts[path] = Text(source, [(source.text, 0, len(source.text))])
        if path in texts:
            script = read(texts[path])
            yield word, ScriptRun(script, (), tuple(calls(script)))


class Startup:
    """What the first processes of an image do, as far as its Dockerfile tells.

    ``calls`` are the commands of ENTRYPOINT, or of CMD, and of the scripts of the project
    that these start, those that scripts start included. ``complete`` tells that no command
    is missing: each script was read. ``unread`` tells that one of the project's own could
    not be read. ``served`` are the commands that the entrypoint gets as arguments.
    """

    __slots__ = (
        *("_run", "_started", "_trees"),
        *("calls", "complete", "scripts", "served", "unread"),
    )

    def __init__(
        self, stage: Stage, words: Sequence[str] | None = None, *, replaces_entrypoint: bool = False
    ) -> None:
        """Follow the first process of an image.

        Args:
            stage: makes the image.
            words: the command that replaces CMD; the image's own, without any.
            replaces_entrypoint: whether ENTRYPOINT does not run, either.

        """
        self.complete = True
        self.unread = False
        self.scripts: list[Source] = []
        self.calls: list[Call] = []
        self._run: ScriptRun | None = None
        self._started: dict[int, Script] = {}
        self._trees: list[Script] = []
        self.served: list[Call] = []
        given = stage.command if words is None else None
        own = self._calls_of(words or ()) if given is None else self._known(given)
        # With an ENTRYPOINT, CMD is its arguments (Dockerfile reference).
        entrypoint = None if replaces_entrypoint else stage.entrypoint
        step = entrypoint or given
        if entrypoint is not None:
            self.served += own
        elif given is None:
            for call in own:
                self._add(call, stage)
        if step is not None:
            self._follow(step, stage)

    @property
    def switches_user(self) -> bool | None:
        """Return whether the program that stays is that of a user who is not root.

        ``None`` is undecided: a script of the project could not be read, only some of
        the ways switch, only a run tells to which user, or an init starts services, each
        of which may have its own.
        """
        calls = (*self.calls, *self.served)
        if not any(map(_names_switch, calls)):
            return None if self.unread or any(map(_starts_services, calls)) else False
        if self._run is None:
            return None
        from tightship.isolation.lasting_user import goes_on_as_another

        found = goes_on_as_another(self._run, self._started, self.calls, self.served, is_passive)
        return None if found is False and self.unread else found

    def gains_privileges(self, *, is_root: bool | None = None) -> bool | None:
        """Return whether a setuid program is called; root needs none to become another."""
        every = (*self.calls, *self.served)
        called = _SETUID & {program.name for call in every for program in call.programs}
        if called - ({"su"} if is_root else set()):
            return True
        return False if self.complete else None

    @property
    def capabilities_as_root(self) -> tuple[str, ...] | None:
        """Return what root needs, if it surely goes on as another user.

        Every command has to be one whose needs are known, and the last one has to switch
        the user. ``None`` is unknown.
        """
        if not self.complete or not self.switches_user:
            return None
        if not any(map(switches_user, self.calls)):
            return None
        needed = capabilities_of_steps(self.calls, self._started)
        return None if needed is None else tuple(sorted(needed))

    def _follow(self, step: Entrypoint | Cmd, stage: Stage) -> None:
        if not step.scripts and step.instruction.arguments:
            self.complete = False
        self._run = next(iter(step.runs), None)
        for call in self._known(step):
            self._add(call, stage)

    def _known(self, step: Entrypoint | Cmd) -> Sequence[Call]:
        """Return the commands of a step, and note whether some are missing."""
        found = step.calls
        self.complete &= not any(one.problem or one.unread for one in step.scripts)
        return found

    def _calls_of(self, words: Sequence[str]) -> list[Call]:
        """Return the commands in the words of a command, those of ``sh -c`` included."""
        if not words:
            return []
        from shlex import join

        from tightship.commands.calls import calls
        from tightship.syntax.shell.read import read
        from tightship.syntax.shell.text import Text
        from tightship.text import Source

        text = join(words)
        script = read(Text(Source("", text), [(text, 0, len(text))]))
        found = list(calls(script))
        self.complete &= not (script.problem or script.unread)
        return found

    def _add(self, call: Call, stage: Stage) -> None:
        """Add a command, after those of the script that it starts, if that is one."""
        words = [word.value for word in call.command.words]
        named = next((word for word in words if word and _is_script(word)), None)
        name = named or (words[0] if words else None) or ""
        self._start(name, named, call, stage)
        self.calls.append(call)

    def _start(self, program: str, named: str | None, call: Call, stage: Stage) -> None:
        path = _from_workdir(program, stage)
        source = _script(path, stage) if path else None
        if source is not None and (named or _SHEBANG.match(source.text)):
            self._read(source, call, stage)
        elif named:
            self.complete = False
            self.unread |= source is None and any(_copied(path, stage))

    def _read(self, source: Source, starting: Call, stage: Stage) -> None:
        from tightship.commands.calls import calls
        from tightship.syntax.shell.read import read
        from tightship.syntax.shell.text import Text

        if source in self.scripts:
            read_before = self._trees[self.scripts.index(source)]
            self._started[id(starting.command)] = read_before
            return
        if len(self.scripts) == _MOST_SCRIPTS:
            self.complete = False
            return
        self.scripts.append(source)
        script = read(Text(source, [(source.text, 0, len(source.text))]))
        self._trees.append(script)
        self._started[id(starting.command)] = script
        found = list(islice(calls(script), _MOST + 1))
        self.complete &= not (script.problem or script.unread or len(found) > _MOST)
        for call in found:
            for path, is_script in _started(call):
                self._start(path, path if is_script else None, call, stage)
            self.calls.append(call)


def _started(call: Call) -> Iterator[tuple[str, bool]]:
    """Yield the file that a command of a script starts, and whether it is surely a script.

    It follows the name of a shell, or has a path, as in `./setup.sh`.
    """
    program = call.program
    if program is None:
        return
    path = program.word.value or ""
    if program.name in _SHELLS:
        operands = program.arguments(("-o", "+o", "-O"), mixed=False).operands
        path = operands[0].value or "" if operands else ""
        if path and not any(word.head == "-c" for word in program.words):
            yield path, True
    elif "/" in path or _is_script(path):
        yield path, _is_script(path)


def _starts_services(call: Call) -> bool:
    program = call.program
    return program is not None and (program.word.value or program.name) in _INITS


def _names_switch(call: Call) -> bool:
    """Return whether a command may switch the user, or is to be one that does."""
    if switches_user(call) or could_switch_user(call):
        return True
    if call.program is None or call.program.name != "set":
        return False
    from tightship.isolation.lasting_user import sets_switch  # few scripts do

    return sets_switch(call)


def is_passive(call: Call) -> bool:
    """Return whether a command ends, or only prepares the one that stays."""
    program = call.program
    if program is None:
        return False
    if program.name in ("exec", "eval", "source", "."):
        return not runs_unknown(call)
    return program.name in HARMLESS or program.name in WRITING


def _is_script(word: str) -> bool:
    name = posixpath.basename(word)
    return name.endswith((".sh", ".bash")) or "entrypoint" in name


def _from_workdir(path: str, stage: Stage) -> str:
    """Return a path as it is meant: a name alone is looked up in ``PATH``."""
    if path.startswith("/") or "/" not in path:
        return path
    workdir = stage.last(Workdir)
    if workdir is None or workdir.value is None or not workdir.value.decided:
        return path
    return posixpath.normpath(posixpath.join("/", workdir.value.text, path))


def _script(path: str, stage: Stage, step: ScriptStep | None = None) -> Source | None:
    """Return the script of the project that is at a path of the image, or mounted for a step."""
    context = stage.build.context
    if context is None:
        return None
    mounted = (
        [x for one in step.mounts for x in _mounted(one, path, step)]
        if isinstance(step, Run)
        else []
    )
    found = (context.read(candidate) for candidate in (*mounted, *_copied(path, stage)))
    return next((source for source in found if source is not None), None)


def _mounted(mount: BuildMount, path: str, step: Run) -> Iterator[str]:
    """Yield the paths in the context that a mount of a RUN has at a path."""
    target = absolute_path(mount.target.text, step) if mount.target is not None else None
    target = (target or "").rstrip("/")
    if mount.kind != "bind" or not f"{path}/".startswith(f"{target}/"):
        return
    given = mount.options.get("source") or mount.options.get("src")
    place = posixpath.join(given.text if given is not None else "", path[len(target) + 1 :])
    if mount.origin is None:
        yield place.strip("/")
    elif (other := step.stage.build.named(mount.origin.text)) is not None:
        yield from _copied(posixpath.join("/", place).rstrip("/"), other, through_stage=False)


def _copied(path: str, stage: Stage, *, through_stage: bool = True) -> Iterator[str]:
    """Yield the paths in the context that may be copied to a path of the image.

    They may be copied through another stage, but not through several.
    """
    name = posixpath.basename(path)
    for one in stage.ancestry:
        for step in reversed(one.effective_steps):
            if not isinstance(step, (Add, Copy)) or step.destination is None:
                continue
            found = _origins(step, path, name)
            if not isinstance(step, Copy) or step.origin is None:
                yield from found
            elif through_stage and (other := stage.build.stage(step.origin.text)) is not None:
                for place in found:
                    yield from _copied(posixpath.join("/", place), other, through_stage=False)


def _origins(step: Add | Copy, path: str, name: str) -> Iterator[str]:
    """Yield the paths in the context that a step may have copied to a path."""
    assert step.destination is not None
    target = absolute_path(step.destination.text, step) or step.destination.text
    for argument in step.sources:
        source = argument.text
        if not argument.decided or any(mark in source for mark in "*?["):
            continue
        if posixpath.basename(source) == name or target == path:
            yield source
        elif path.startswith(target.rstrip("/") + "/"):
            yield posixpath.join(source, path[len(target.rstrip("/")) + 1 :])
