"""The settings that a project gives to a well-known image.

They are in its command, in its variables, and in the configuration files that it mounts
or copies.
"""

from __future__ import annotations

import posixpath

from tightship.images.written_settings import settings_of
from tightship.isolation.command import commands_in
from tightship.isolation.writable_paths import clean, covers
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.model.value import MappingValue, ScalarValue
from tightship.text import Source, Span

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from tightship.images.needs import Needs
    from tightship.images.written_settings import WrittenSettings
    from tightship.isolation.container import Container
    from tightship.model.items import Volume

# A line, or a statement of it, behind the item mark of YAML: its name and its value.
_SETTING = regex(r"""[ \t]*(?:-[ \t]+)?["']?(!?[\w.-]{1,100})["']?(?:[ \t]*[=:])?(.*)""")
_COMMENT = regex(r"(?:^|(?<=\s))#.*")
_STATEMENT = regex(r"[^\n;{}]+")
# The parts of a line of JSON, or of YAML in its short form.
_PART = regex(r"[^\n{},\[\]]+")
_LINE = regex(r"[^\n]+")
_ATTACHED = regex(r"(?s)-([A-Za-z])(/.*)")
_ASSIGNED = regex(r"(?s)([\w.-]{1,100})=(.*)")
# Programs whose settings end at a semicolon or at a brace.
_STATEMENTS = frozenset(("nginx", "nginx-debug", "varnishd"))
# Files that hold no settings.
NO_SETTINGS = (
    *(".html", ".htm", ".css", ".js", ".map", ".svg", ".png", ".ico", ".jpg", ".md"),
    *(".crt", ".cer", ".pem", ".key", ".pub", ".csv", ".txt"),
)
_SCRIPTS = ("initdb.d", "init-db.d", "entrypoint.d", "entrypoint-init")
_QUERIES = (".sql", ".sql.gz", ".sql.xz", ".sql.zst")
_SETTINGS_FILE = (
    *(".conf", ".cfg", ".cnf", ".ini", ".json", ".toml", ".vcl", ".yaml", ".yml"),
    "/Caddyfile",
)
# Folders of which the name says that settings are in them.
_SETTINGS_FOLDER = regex(r"/etc(?:/|$)|(?:^|/)(?:conf|config|conf\.d|configs|settings)(?:/|$)")
_LARGEST = 200_000
_MOST = 100
# Programs that write what follows them, and the flags and signs before what is written.
_MAKING = frozenset(("touch", "mkdir", "tee", "cp", "mv", "mktemp"))
_TARGETS = frozenset((">", ">>", "-o", "-O", "--output", "--output-document"))


SCRIPT = "script"
"""The name of a script that runs at the start, in place of a setting."""


class OwnSetting(Record):
    """A setting of the project's own.

    ``name`` is in lower case, with ``-`` for ``_``, and empty where there is none.
    ``value`` is ``None`` where the settings at this place cannot be read; ``written``
    describes it in words. ``in_file`` tells a configuration file from a command.
    """

    name: str
    value: str | None
    place: Span
    written: str
    in_file: bool = False


def own_settings(container: Container, needs: Needs) -> Iterator[OwnSetting]:
    """Yield the settings that a project gives to an image."""
    known = settings_of(needs.family.programs)
    splits = not _STATEMENTS.isdisjoint(needs.family.programs or ())
    for setting in _commands(container, splits):
        yield setting
        yield from _of_named_file(container, setting, splits)
    for name, pair in container.environment.items():
        value = pair.value.value
        if value is not None and "/" in value:
            yield OwnSetting(_normal(name), value, pair.value.span, f"`{name}`")
    folder = container.text("working_dir")
    if folder.value:
        yield OwnSetting("working-dir", folder.value, folder.span, "`working_dir`")
    yield from _checks(container)
    yield from _mounted(container, known, splits)
    if container.stage is not None:
        from tightship.isolation.built_settings import built_settings  # most build nothing

        yield from built_settings(container.stage, known, splits)


def _normal(name: str) -> str:
    return name.lstrip("-").lower().replace("_", "-")


def _commands(container: Container, splits: bool) -> Iterator[OwnSetting]:
    service, stage = container.settings, container.stage
    found: list[tuple[str, Span]] = []
    command = service.value("command")
    for value in (service.value("entrypoint"), command):
        lines = commands_in(value) if value is not None else iter(())
        found += [(word.text, word.span) for word in next(lines, ())]
    if stage is not None and command is None:
        for step in (stage.entrypoint, stage.command):
            for call in step.calls if step is not None else ():
                words = call.command.words
                found += [(w.value if w.value is not None else "$", w.span) for w in words]
    yield from _words(found, splits)


def _words(words: list[tuple[str, Span]], splits: bool) -> Iterator[OwnSetting]:
    flag = ""
    # The first word is the program, unless the entrypoint adds that.
    is_program = bool(words) and not words[0][0].startswith("-")
    for text, place in words[is_program:]:
        attached = _ATTACHED.fullmatch(text) if text[2:3] == "/" else None
        if attached is not None:
            yield OwnSetting(_normal(attached[1]), attached[2], place, f"`{text}`")
            flag = ""
        elif text.startswith("-"):
            name, equals, value = text.partition("=")
            flag = "" if equals else name
            if equals:
                yield OwnSetting(_normal(name), value, place, f"`{name}`")
        elif "\n" in text or "; " in text or text.endswith(";"):
            yield from settings_in(text, place, splits, in_file=False)
            flag = ""
        else:
            assigned = _ASSIGNED.fullmatch(text)
            name = assigned[1] if assigned is not None else flag
            value = assigned[2] if assigned is not None else text
            yield OwnSetting(_normal(name), value, place, f"`{name or text}`")
            flag = ""


def _mounted(container: Container, known: WrittenSettings, splits: bool) -> Iterator[OwnSetting]:
    for volume in container.volumes[:_MOST]:
        if volume.kind in ("bind", "unknown"):
            yield from _of_volume(container, volume, known, splits)
    for item in container.items("configs"):
        source = item.get("source") if isinstance(item, MappingValue) else item
        if not isinstance(source, ScalarValue):
            continue
        file = container.project.text("configs", source.text, "file")
        if file is not None and file.decided:
            read = container.project.read(file.text)
            if isinstance(read, Source):
                yield from settings_in_file(read, splits)
            else:
                yield unread(f"the config `{source.text}`", item.span)


def _checks(container: Container) -> Iterator[OwnSetting]:
    """Yield what health checks and hooks write: they run in the container as well."""
    values = [container.value("healthcheck", "test")]
    if any(container.value(key) is not None for key in ("post_start", "pre_stop")):
        from tightship.model.items import hooks

        values += [hook.table.get("command") for hook in hooks(container.settings)]
    for value in values:
        for line in commands_in(value) if value is not None else ():
            before = ""
            for word in line:
                is_target = before in _TARGETS or before.endswith(">")
                makes = is_target or any(one.text in _MAKING for one in line)
                if makes and word.text.startswith("/"):
                    what = f"`{before} {word.text}`"
                    yield OwnSetting("made", word.text, word.span, what)
                before = word.text


def _of_named_file(container: Container, setting: OwnSetting, splits: bool) -> Iterator[OwnSetting]:
    """Yield the settings of a file that a command names, in a folder that is mounted."""
    path, project = clean(setting.value or ""), container.project
    if not path.endswith(_SETTINGS_FILE) or not project.has_folder:
        return
    for volume in container.volumes[:_MOST]:
        target = clean(volume.target)
        if volume.kind != "bind" or path == target or not covers(target, path):
            continue
        name = posixpath.join(volume.source or "", path[len(target.rstrip("/")) + 1 :])
        read = project.read(name)
        if isinstance(read, Source):
            yield from settings_in_file(read, splits)
        else:
            yield unread(f"`{path}`", setting.place)


def _of_volume(
    container: Container, volume: Volume, known: WrittenSettings, splits: bool
) -> Iterator[OwnSetting]:
    project = container.project
    target, path = clean(volume.target), volume.source or ""
    if target.endswith(NO_SETTINGS):
        return
    if any(part in target for part in _SCRIPTS) and not target.endswith(_QUERIES):
        # A script of the project runs before the server does.
        what = f"what runs at the start from `{volume.target}`"
        yield OwnSetting(SCRIPT, None, volume.span, what, in_file=True)
        return
    holds = holds_settings(target, known)
    if "source" in volume.undecided or not project.has_folder:
        if holds:
            yield unread(f"what is mounted at `{volume.target}`", volume.span)
        return
    read = project.read(path)
    if isinstance(read, Source):
        yield from settings_in_file(read, splits)
        return
    main = [
        posixpath.join(path, file[len(target.rstrip("/")) + 1 :])
        for file in known.files
        if covers(target, file) and target != file
    ]
    found = [project.read(file) for file in main]
    texts = [one for one in found if isinstance(one, Source)]
    for source in texts:
        yield from settings_in_file(source, splits)
    if holds and not texts and read.reason != "not-text":
        yield unread(f"what is mounted at `{volume.target}`", volume.span)


def holds_settings(target: str, known: WrittenSettings) -> bool:
    """Return whether a folder or a file at a path is likely to hold settings."""
    if known.folders:
        return any(covers(one, target) or covers(target, one) for one in known.folders)
    return not known.is_complete and _SETTINGS_FOLDER.search(target) is not None


def unread(what: str, place: Span) -> OwnSetting:
    """Return the setting that stands for those that cannot be read."""
    return OwnSetting("", None, place, what, in_file=True)


def settings_in_file(source: Source, splits: bool) -> Iterator[OwnSetting]:
    """Yield the settings in a configuration file."""
    if len(source.text) > _LARGEST:
        yield unread(f"the file `{source.name}`", Span(source, 0, 0))
        return
    yield from settings_in(source.text, Span(source, 0, len(source.text)), splits)


def settings_in(
    text: str, place: Span, splits: bool, *, in_file: bool = True
) -> Iterator[OwnSetting]:
    """Yield the settings of a text; ``place`` is as long as the text, or is for all."""
    is_own = place.end - place.start == len(text)
    for line in _LINE.finditer(text):
        end = line.end()
        comment = _COMMENT.search(line[0])
        if comment is not None:
            end = line.start() + comment.start()
        parts: Iterable[re.Match[str]] = (line,)
        if splits or "{" in line[0]:
            pattern = _STATEMENT if splits else _PART
            parts = pattern.finditer(text, line.start(), end)
        for part in parts:
            statement = text[part.start() : min(part.end(), end)]
            found = _SETTING.match(statement)
            if found is None:
                continue
            at = place.within(part.start(), min(part.end(), end)) if is_own else place
            written = f"`{found[1]}`"
            yield OwnSetting(_normal(found[1]), found[2], at, written, in_file=in_file)
