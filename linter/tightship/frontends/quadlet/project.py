"""The container of a unit of Podman, whose keys are flags of `podman run`.

Its pod, volumes, networks and images are units of the same folder. One that is not there is a
gap, and so is a key that is not understood, and a manifest of Kubernetes.
"""

from __future__ import annotations

import posixpath
from functools import cache

from tightship.findings import Gap
from tightship.frontends.docker_build.project import ImageSettings, Paths, entries_of, located
from tightship.frontends.flags.editor import FlagEditor, end_of
from tightship.frontends.flags.entries import Entries, FlagSettings, network_names
from tightship.frontends.flags.flags import Arguments, build_arguments
from tightship.frontends.flags.options import extra_flags, whole_word
from tightship.frontends.flags.values import NAMELESS, nested, place, text_node
from tightship.frontends.names import has_section, unit_path
from tightship.frontends.quadlet.unit import Unit, keys, read_unit
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.syntax.yaml.nodes import Scalar
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.flags.flags import Given
    from tightship.model.editor import Edits
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Word

_VOLUME = regex(r"(?:(?:.*,)?(?:source|src)=)?([^/:,=]+\.volume)(?:[:,].*)?")
_NETWORK = regex(r"([^/:,=]+\.(?:network|container))(?::.*)?")
_NAMED = regex(r"(?:(?:.*,)?(?:source|src)=)?([^/.:,=$%][^/:,=$%]*)(?:[:,].*)?")
_NAME_OF_VOLUME = regex(r"(?m)^[ \t]*VolumeName[ \t]*=[ \t]*\"?([^\s\"]+)")
_GRANTS = ("cap-add", "device", "security-opt", "volume")
_OF_VOLUME = ("type", "o", "device")


class UnitSettings(FlagSettings):
    """The settings of the container of a unit."""

    __slots__ = ()

    @property
    def engine(self) -> str:
        """Return the engine that runs the unit."""
        return "Podman"

    @property
    def secrets_kept(self) -> str:
        """Return how a unit gets a secret that is not in the file."""
        return (
            "keep it with `podman secret create`, and pass it with"
            " `Secret=NAME,type=env,target=VARIABLE`"
        )

    @property
    def editor(self) -> UnitEditor:
        """Return what edits the unit."""
        return UnitEditor(self.arguments, self.span)

    def spelled(self, key: str, flag: str, values: Sequence[str]) -> str:
        """Return the key of a unit for a flag, or what gives Podman the flag."""
        if values:
            return " ".join(line_of(flag, "" if one == "true" else one) for one in values)
        name, _, value = flag.partition(" ")
        own = key_of(name)
        return f"{own}={value}".rstrip("=") if own is not None else f"--{flag}"


def declare(project: FileProject) -> None:
    """Add the container, the pod or the image of a unit to the project of the file."""
    source = project.source
    path = unit_path(source.name)
    if path is None or not has_section(source.name, source.text):
        return
    if path != source.name and isinstance(project.disk.read(path), Source):
        return  # it is a part of that unit
    unit = read_unit(project, path, source)
    if unit.kind == "build":
        _add_build(project, unit)
    elif unit.kind == "kube":
        word = unit.word("Yaml") or whole_word(Text(source, [(source.name, 0, 0)]))
        reason = "the containers of a Kubernetes manifest are not checked"
        project.gaps.append(Gap(place(word), reason))
    elif unit.kind == "container" or (unit.kind == "pod" and not _has_containers(project, path)):
        _add(project, unit)


def _has_containers(project: FileProject, path: str) -> bool:
    """Return whether a unit next to a pod has its containers, which are checked with it."""
    folder, name = posixpath.split(path)
    every = (one for one in project.names_in(folder) if one.endswith(".container"))
    texts = (project.disk.read(posixpath.join(folder, one)) for one in every)
    return any(isinstance(one, Source) and name in one.text for one in texts)


def _add(project: FileProject, unit: Unit) -> None:
    """Add the container of a unit, or a pod as one of which little is known."""
    if not unit.lines:
        return
    image, command = unit.word("Image"), unit.words("Exec")
    key = unit.lines[0].key.span
    entries = Entries()
    if image is not None:
        key = next(one.key.span for one in unit.lines if one.name == "Image")
        entries.set("image", text_node(_image(project, image)))
    parts, unknown = [unit], unit.unknown
    pod = unit.word("Pod")
    if pod is not None and (joined := _related(project, pod, pod.value or "")) is not None:
        parts.insert(0, joined)
    elif pod is not None:
        unknown = unknown or pod
    given = list["Given"]()
    for part in parts:
        extra = extra_flags(project, part.words("PodmanArgs"), "podman")
        given += [*part.flags(), *extra.flags]
        unknown = unknown or part.unknown or extra.unknown
    if len(parts) > 1:
        given = [one for one in given if one.flag.name != "pod"]  # it is among the units
    given = [_resolved(project, unit, one) for one in given]
    made = Arguments(given, None, command, unknown)
    is_whole = image is not None or unit.word("Rootfs") is not None
    project.add(
        unit.name,
        lambda free: UnitSettings(free, key, made, entries, project, complete=is_whole),
        network_names(given),
    )


def _resolved(project: FileProject, unit: Unit, given: Given) -> Given:
    """Return a flag with what the units that it names define."""
    word, group = given.value, unit.word("Group")
    text = word.value if word is not None else None
    if word is None or text is None:
        return given
    if given.flag.name == "user" and group is not None:
        return given.replaced(value=_word(word, f"{text}:{group.value or UNKNOWN}"))
    if given.flag.path == ("volumes",) and (found := _VOLUME.fullmatch(text)):
        _define(project, "volumes", word, found[1])
    elif given.flag.path == ("volumes",) and (found := _NAMED.fullmatch(text)):
        _define_by_name(project, word, found[1])
    elif given.flag.kind == "network" and (found := _NETWORK.fullmatch(text)):
        if found[1].endswith(".container"):
            _related(project, word, found[1])
            name = found[1].removesuffix(".container")
            return given.replaced(value=_word(word, f"container:systemd-{name}"))
        _define(project, "networks", word, found[1])
        return given.replaced(value=_word(word, found[1]))
    return given


def _word(word: Word, text: str) -> Word:
    """Return a text as a word at the place of another one."""
    span = place(word)
    return whole_word(Text(span.source, [(text, span.start, span.end)]))


def _define(project: FileProject, section: str, word: Word, file: str, name: str = "") -> None:
    """Define a volume or network by its unit; without one, a volume may be any folder."""
    unit, span = _related(project, word, file), place(word)
    found = dict[tuple[str, ...], Scalar]()
    for line, meaning, value in unit.values() if unit is not None else ():
        key = tuple(meaning.split("."))
        found[key] = Scalar(line.key.span, "true") if value is None else text_node(value)
    if section == "volumes" and (unit is None or unit.unknown is not None):
        found |= {("driver_opts", one): Scalar(span, NAMELESS, '"') for one in _OF_VOLUME}
    elif unit is None:
        return
    project.define(section, name or file, nested(span, found).entries)


def _define_by_name(project: FileProject, word: Word, name: str) -> None:
    """Define a volume by the unit of the folder that makes one of this name."""
    folder = posixpath.dirname(project.source.name)
    for one in project.names_in(folder):
        source = project.disk.read(posixpath.join(folder, one)) if one.endswith(".volume") else None
        made = _NAME_OF_VOLUME.search(source.text) if isinstance(source, Source) else None
        if source and name == (made[1] if made else f"systemd-{one.removesuffix('.volume')}"):
            _define(project, "volumes", word, one, name)


def _related(project: FileProject, word: Word, name: str) -> Unit | None:
    """Return a unit of the same folder; one that is not there is a gap."""
    path = posixpath.join(posixpath.dirname(project.source.name), name)
    source = project.disk.read(path)
    if isinstance(source, Source):
        return read_unit(project, path, source)
    reason = f"`{name}` was not checked: {source.message}"
    project.gaps.append(Gap(place(word), reason))
    return None


def _image(project: FileProject, image: Word) -> Word:
    """Return an image by its name: that of a unit has it from there."""
    name = image.value or ""
    if not name.endswith((".image", ".build")):
        return image
    unit = _related(project, image, name)
    if unit is None:
        return image
    if unit.kind == "build":
        _add_build(project, unit)
    return unit.word("Image") or unit.word("ImageTag") or image


def _add_build(project: FileProject, unit: Unit) -> None:
    """Add the image that a unit builds."""
    extra = extra_flags(project, unit.words("PodmanArgs"), "podman", build_arguments)
    flags = Arguments([*unit.flags("docker_build"), *extra.flags], None, (), unit.unknown)
    granted = [one.word.span for one in extra.flags if one.flag.name in _GRANTS]
    project.gaps += [Gap(one, "what this gives to the build was not checked") for one in granted]
    entries, is_known = entries_of(flags)
    file, context, tag = map(unit.word, ("File", "SetWorkingDirectory", "ImageTag"))
    folder = posixpath.dirname(project.source.name)
    paths = Paths(
        (place(context), _context(context, file)) if context is not None else None,
        (place(file), file.value) if file is not None else None,
        ("Containerfile", "Dockerfile"),
    )
    found = located(paths, (folder,), project)
    is_known = is_known and unit.unknown is None and extra.unknown is None
    key = next((place(one) for one in (tag, file, context) if one is not None), None)
    if key is None:
        return
    project.add_image(
        unit.name,
        lambda name: ImageSettings(
            name, unit.name, key, key, entries, found, project, complete=is_known
        ),
    )


def _context(context: Word, file: Word | None) -> str | None:
    """Return the path of a context; `unit` and `file` stand for the folders of these."""
    if context.value == "unit":
        return "."
    if context.value == "file":
        return posixpath.dirname(file.value) or "." if file is not None and file.value else None
    return context.value


_ARGUMENTS = regex(r"[ \t]*PodmanArgs[ \t]*=[ \t]*")
_EQUALS = regex(r"[ \t]*=[ \t]*")
_LINE_END = regex(r"\r?\n")


class UnitEditor(FlagEditor):
    """Edits of one unit, whose image is at ``place``."""

    __slots__ = ("_place",)

    ends_with_flags = True

    def __init__(self, arguments: Arguments, place: Span) -> None:
        super().__init__(arguments)
        self._place = place

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return the edit that adds a line for each flag."""
        source = self._place.source
        end = source.line_end(self._place.start)
        lines = "".join(
            f"{source.newline}{line_of(*flag.removeprefix('--').split(' ', 1))}" for flag in flags
        )
        return (Edit(Span(source, end, end), lines),)

    def _removal(self, given: Given) -> Edits:
        """Return the edit that removes a flag; a line that has nothing else goes with it."""
        source, word = given.word.span.source, given.word.span
        start, end = source.line_start(word.start), source.line_end(end_of(given))
        text, value = source.text, given.value.span.start if given.value is not None else word.end
        is_key = start == word.start and _EQUALS.fullmatch(text, word.end, value) is not None
        is_only = is_key or _ARGUMENTS.fullmatch(text, start, word.start) is not None
        if text[:start].rstrip("\r\n").endswith("\\") or "\n" in text[start:end]:
            return ()  # it is on a line that another one continues
        if not is_only or text[end_of(given) : end].strip():
            return super()._removal(given)
        after = _LINE_END.match(text, end)
        return (Edit(Span(source, start, after.end() if after else end), ""),)


def key_of(flag: str) -> str | None:
    """Return the key that stands for a flag, or None."""
    return _keys().get(flag)


def line_of(flag: str, value: str = "") -> str:
    """Return the line that stands for a flag with its value, or else gives Podman the flag."""
    option = value.removesuffix(":true") if flag == "security-opt" else ""
    key = key_of(f"security-opt {option}") if option else None
    if key is not None:
        return f"{key}=true"
    key = key_of(flag)
    if key is not None:
        return f"{key}={value or 'true'}"
    return f"PodmanArgs=--{flag}{' ' * bool(value)}{value}"


@cache
def _keys() -> dict[str, str]:
    return {meaning.partition(" ")[2]: key for key, meaning in keys("container").items()}
