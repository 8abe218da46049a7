"""Compare what the model says of images with what was seen in them.

Each setting has a function that returns what a stage decides about it, or ``UNDECIDED``.
What the base image sets is never decided: the model does not see it.
"""

from __future__ import annotations

from posixpath import join, normpath
from typing import TYPE_CHECKING, Any

from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.steps import Label, ShellStep, StopSignal, Workdir
from tightship.frontends.dockerfile.variable import Variable
from tightship.syntax import seconds
from tightship.syntax.dockerfile.read import read
from tightship.text import Source
from tightship.values.port import exposed_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.frontends.dockerfile.argument import Argument
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Cmd, Entrypoint

    Record = dict[str, Any]


class _Undecided:
    def __repr__(self) -> str:
        return "undecided"


UNDECIDED: Any = _Undecided()
"""What the file does not decide."""


class Comparison:
    """The comparison of some records; each disagreement is one line.

    ``compared`` counts the values that are decided, and ``open`` names those that are
    not though no base image has a say in them.
    """

    def __init__(self) -> None:
        self.disagreements: list[str] = []
        self.open: list[str] = []
        self.compared = 0
        self.images = 0

    def add(self, record: Record) -> None:
        """Compare the images of one Dockerfile."""
        build = build_of(record)
        for target, seen in record["images"].items():
            stage = build.target(target)
            if isinstance(seen, str):
                continue
            self.images += 1
            where = f"{record['name']} {target}"
            if stage is None:
                self.disagreements.append(f"{where}: no such target")
                continue
            for what, said, is_seen in _sides(stage, seen):
                if said is not UNDECIDED:
                    self.compared += 1
                    if said != is_seen:
                        line = f"{where}: {what}: {said!r}; seen: {is_seen!r}"
                        self.disagreements.append(line)
                elif stage.is_from_scratch:
                    self.open.append(f"{where}: {what}; seen: {is_seen!r}")


def compare(records: Sequence[Record]) -> Comparison:
    """Compare all images of some records."""
    made = Comparison()
    for record in records:
        made.add(record)
    return made


def build_of(record: Record) -> Build:
    """Return the build of a record, with its build arguments."""
    given = {name: Variable(name, text, "given") for name, text in record.get("args", {}).items()}
    return Build(read(Source("Dockerfile", record["text"])), given)


def _sides(stage: Stage, seen: Record) -> Iterator[tuple[str, Any, Any]]:
    """Yield each setting, with what the stage decides and what was seen."""
    for key, (decided, default) in SETTINGS.items():
        yield key, decided(stage), plain(key, seen.get(key) or default)
    variables = seen.get("Env", {})
    for name, variable in stage.environment.items():
        said = variable.text if variable.decided else UNDECIDED
        yield f"Env {name}", said, variables.get(name)
    if stage.is_from_scratch:
        yield "Env", {"PATH", *stage.environment}, set(variables)


def plain(key: str, value: Any) -> Any:
    """Return a setting in a form that has one spelling for each meaning."""
    if key == "WorkingDir":
        return normpath(value)
    if key == "OnBuild":
        return [text.split()[0].upper() for text in value]
    return set(value) if key in ("Volumes", "ExposedPorts") else value


def stated(argument: Argument | None) -> Any:
    """Return the text of a word that is decided."""
    if argument is None or not argument.decided:
        return UNDECIDED
    return argument.text


def all_stated(arguments: Sequence[Argument]) -> Any:
    """Return the texts of words that are all decided."""
    texts = [argument.text for argument in arguments if argument.decided]
    return set(texts) if len(texts) == len(arguments) else UNDECIDED


def user(stage: Stage) -> Any:
    """Return the user."""
    if stage.user is None:
        return "" if stage.is_from_scratch else UNDECIDED
    return stated(stage.user.value)


def working_directory(stage: Stage) -> Any:
    """Return the folder in which the command starts."""
    place: Any = "/" if stage.is_from_scratch else UNDECIDED
    for step in stage.every(Workdir):
        path = stated(step.value)
        if path is UNDECIDED or (place is UNDECIDED and not path.startswith("/")):
            place = UNDECIDED
        else:
            place = normpath(join("/" if place is UNDECIDED else place, path))
    return place


def volumes(stage: Stage) -> Any:
    """Return the volumes; a base image may have more."""
    found = all_stated(stage.volumes)
    return found if stage.is_from_scratch else UNDECIDED


def ports(stage: Stage) -> Any:
    """Return the exposed ports; a base image may have more."""
    words = all_stated(stage.exposed)
    if words is UNDECIDED or not stage.is_from_scratch:
        return UNDECIDED
    return {
        f"{number}/{port.protocol}"
        for word in words
        for port in exposed_ports(word.removesuffix("/"))
        for number in range(port.first, port.last + 1)
    }


def _line(stage: Stage, step: Cmd | Entrypoint) -> Any:
    if step.is_exec_form:
        return [word.value for word in step.instruction.arguments] or None
    shell = step.shell
    if shell.span is None and not stage.is_from_scratch:
        return UNDECIDED
    return [*shell.words, step.instruction.body.text]


def entrypoint(stage: Stage) -> Any:
    """Return the entry point."""
    if stage.entrypoint is None:
        return None if stage.is_from_scratch else UNDECIDED
    return _line(stage, stage.entrypoint)


def command(stage: Stage) -> Any:
    """Return the command."""
    if stage.command is not None:
        return _line(stage, stage.command)
    is_reset = stage.entrypoint is not None
    return None if is_reset or stage.is_from_scratch else UNDECIDED


def shell_words(stage: Stage) -> Any:
    """Return the shell of shell forms."""
    if stage.last(ShellStep) is None:
        return None if stage.is_from_scratch else UNDECIDED
    return list(stage.shell_at().words)


def health_check(stage: Stage) -> Any:
    """Return the test of the health check, with its options."""
    step = stage.healthcheck
    if step is None:
        return None if stage.is_from_scratch else UNDECIDED
    words = step.instruction.arguments
    if words[0].value.upper() == "NONE":
        return {"Test": ["NONE"]}
    found: Record = {}
    for flag in step.instruction.flags:
        value = flag.value.value if flag.value else ""
        name = flag.name.value.title().replace("-", "")
        number = int(value) if name == "Retries" else _nanoseconds(value)
        if number:
            found[name] = number
    if step.is_exec_form:
        return {"Test": ["CMD", *(word.value for word in words[1:])], **found}
    script = step.instruction.body.text[len(words[0].value) :].lstrip()
    return {"Test": ["CMD-SHELL", script], **found}


def _nanoseconds(text: str) -> int:
    return round((seconds(text, 20) or 0) * 1e9)


def labels(stage: Stage) -> Any:
    """Return the labels; a base image may have more."""
    if not stage.is_from_scratch:
        return UNDECIDED
    found: dict[str, str] = {}
    for step in stage.every(Label):
        for pair in step.pairs:
            name, value = stated(pair.name), stated(pair.value)
            if name is UNDECIDED or value is UNDECIDED:
                return UNDECIDED
            found[name] = value
    return found


def stop_signal(stage: Stage) -> Any:
    """Return the signal that stops the container."""
    step = stage.last(StopSignal)
    if step is None:
        return None if stage.is_from_scratch else UNDECIDED
    return stated(step.value)


def triggers(stage: Stage) -> Any:
    """Return the kinds of the instructions that wait for builds based on the image."""
    return [trigger.name for trigger in stage.triggers]


SETTINGS: dict[str, tuple[Callable[[Stage], Any], Any]] = {
    "User": (user, ""),
    "WorkingDir": (working_directory, "/"),
    "Volumes": (volumes, ()),
    "ExposedPorts": (ports, ()),
    "Entrypoint": (entrypoint, None),
    "Cmd": (command, None),
    "Shell": (shell_words, None),
    "Healthcheck": (health_check, None),
    "Labels": (labels, {}),
    "StopSignal": (stop_signal, None),
    "OnBuild": (triggers, ()),
}
"""What a stage decides of each setting, and what the engine tells without it."""
