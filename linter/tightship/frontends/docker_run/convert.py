"""A command as a service of a Compose file that has the same isolation."""

from __future__ import annotations

from tightship.frontends.flags.values import text_node
from tightship.model.value import MappingValue, SequenceValue
from tightship.syntax.yaml.layout import Style, Text, entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.frontends.docker_run.project import CommandSettings
    from tightship.model.value import Value
    from tightship.syntax.yaml.layout import Plain
    from tightship.text import Span

# What only concerns the terminal or the life of the command, and no setting of a container.
_OF_THE_CALL = frozenset((
    "attach", "detach", "detach-keys", "disable-content-trust", "help", "interactive", "quiet",
    "replace", "rm", "rmi", "sig-proxy", "tty",
))  # fmt: skip


class NotConvertible(ValueError):  # noqa: N818 - it is about the command, and no mistake
    """A command whose settings are not all known; the message says why, without a full stop."""


def as_service(settings: CommandSettings) -> str:
    """Return a Compose file with the one service, and comments on what has no key.

    Raises:
        NotConvertible: if what a command sets is not certain.

    """
    name = _service_name(settings.name)
    table, left = _certain(settings)
    service = {key: _plain(value) for key, value in table.items() if key not in _TERMINAL}
    made: dict[str, Plain] = {"services": {name: service}}
    if files := [*_env_files(settings)]:
        service["env_file"] = files
    networks = service.get("networks")
    if isinstance(networks, list):
        made["networks"] = {str(one): {"external": "true"} for one in networks}
    if volumes := [one.source for one in settings.volumes if one.kind == "volume" and one.source]:
        made["volumes"] = {one: {"name": one} for one in volumes}
    names = dict.fromkeys(one for one, _ in _unset(table.values()))
    lines = [f"# Not carried over: {', '.join(left)}"] if left else []
    if names:
        lines.append(f"# Set these variables, as the script does: {', '.join(names)}")
    if settings.engine == "Podman":
        lines.append(_FOR_PODMAN)
    for key, value in made.items():
        lines += entry(key, value, Style())
    return "\n".join(lines) + "\n"


def _certain(settings: CommandSettings) -> tuple[dict[str, Value], list[str]]:
    """Return the keys of a command with their values, and what is left out of them.

    Raises:
        NotConvertible: if what it sets is not certain.

    """
    arguments = settings.command.arguments
    if arguments.unknown is not None:
        word = arguments.unknown.span.text
        raise NotConvertible(f"what `{word}` stands for is known only when the command runs")
    if arguments.image is None or arguments.is_of_folder:
        raise NotConvertible("it names no image")
    table = {key: one.value for key, one in settings.table.entries.items()}
    left = [*dict.fromkeys(_without_key(settings))]
    command = [table["command"]] if "command" in table else []
    if any(one == _NAMELESS for one, _ in _unset(command)):
        del table["command"]
        left.append("its arguments")
    nameless = next((span for name, span in _unset(table.values()) if name == _NAMELESS), None)
    if nameless is not None:
        raise NotConvertible(f"a part of `{nameless.text}` is known only when the command runs")
    return table, left


_TERMINAL = frozenset(("stdin_open", "tty"))
_NAMELESS = "_"
_FOR_PODMAN = "# For Podman: Docker has other default capabilities, and another seccomp profile"


def _unset(values: Iterable[Value]) -> Iterator[tuple[str, Span]]:
    """Yield the variables that values take from elsewhere, each with its place."""
    for value in values:
        if isinstance(value, MappingValue):
            yield from _unset(one.value for one in value.entries.values())
        elif isinstance(value, SequenceValue):
            yield from _unset(value.items)
        else:
            yield from ((name, value.span) for name in value.unset)


def _without_key(settings: CommandSettings) -> Iterator[str]:
    """Yield the flags that no key of a service stands for."""
    for one in settings.command.arguments.flags:
        kind, name = one.flag.kind, one.flag.name
        if name == "env-file":
            continue
        if kind in ("hides", "opens") or (kind in ("value", "flag") and name not in _OF_THE_CALL):
            yield f"--{name}"


def _env_files(settings: CommandSettings) -> Iterator[Plain]:
    """Yield the files of variables: Docker takes their lines as they are, as `raw` does."""
    for one in settings.command.arguments.flags:
        if one.flag.name == "env-file" and one.value is not None:
            yield {"path": text_node(one.value, one.skip).value, "format": "raw"}


def _plain(value: Value) -> Plain:
    if isinstance(value, MappingValue):
        return {key: _plain(one.value) for key, one in value.entries.items()}
    if isinstance(value, SequenceValue):
        return [*map(_plain, value.items)]
    text = value.node.value
    return Text(text) if value.node.style else text


def _service_name(name: str) -> str:
    """Return a name that Compose takes for a service."""
    kept = "".join(one if one.isascii() and (one.isalnum() or one in "_.-") else "" for one in name)
    return kept.strip("_.-") or "service"
