"""What a file says of its purpose: its comment, and what its services run, build and mount.

Two different signs that only developers or tests run a file decide; a statement at its top
counts for two. ``facts/purpose_signs.toml`` has the signs. Services with a profile say
nothing: nobody starts them without asking for it.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.sign_words import (
    DATA,
    PLAIN,
    THEIRS,
    Sign,
    distribution_of,
    is_image,
    shown_image,
    stated,
    words_of,
)
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import TYPE_CHECKING, regex
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue, ScalarValue, SequenceValue, value
from tightship.syntax.yaml.read import read
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from tightship.engine.disk.files import Files
    from tightship.engine.roles.sign_words import Theirs
    from tightship.model.value import Value
    from tightship.syntax.yaml import nodes as yaml

_FEWEST_DISTRIBUTIONS = 3
_STARTS = regex(  # more than a shell
    r"(?mi)^[ \t]*(?:CMD|ENTRYPOINT)[ \t]"
    r"(?![ \t]*(?:\[[ \t]*\")?(?:/usr)?(?:/bin/)?(?:[az]|ba|da)?sh(?:\"[ \t]*\])?[ \t]*$)"
)
_TESTS = regex(r"(?:^|[\s\"'])(?:\.?/)?(?:[\w.-]+/)*(?:tests?/[\w./-]+\.\w+|tests?[-_][\w-]+\.sh)")
_CODE = frozenset(("app", "lib", "source", "src", "test", "tests"))  # folders of source code
_ALWAYS = ("always", "unless-stopped")
_DATA_FOLDERS = ("/config", "/data", "/etc/", "/var/lib/", "/var/log")
_WORKPLACES = _CODE | {"code", "html", "project", "repo", "work", "workdir", "workspace"}


def signs_of(
    files: Files, path: str, names: Callable[[], Iterable[str]] = tuple, *, is_dockerfile: bool
) -> Iterator[Sign]:
    """Yield the signs of a file that may have some; ``names`` returns those of all files."""
    source = files.read(path)
    if not isinstance(source, Source):
        return
    if is_dockerfile:
        yield from _of_dockerfile(source, names)
        return
    yield from stated(source)
    yield from _of_compose(source, files.parsed(source, read))


def _of_dockerfile(source: Source, names: Callable[[], Iterable[str]]) -> Iterator[Sign]:
    if _STARTS.search(source.text):
        return
    above = posixpath.dirname(source.name)
    if posixpath.basename(source.name).lower() in PLAIN:
        above = posixpath.dirname(above)
    beside = (one for one in names() if one.startswith(above) and "file" in one.lower())
    found = {*map(distribution_of, beside)} - {None}
    if len(found) >= _FEWEST_DISTRIBUTIONS:
        message = f"is one of {len(found)} for distributions, and starts nothing"
        yield Sign("matrix", "test", Evidence(source.name, message), 2)


def purposes_of_services(stream: yaml.Stream) -> dict[str, tuple[Theirs, str]]:
    """Return the purposes of services whose profiles, all of them, show that, with one of them."""
    found: dict[str, tuple[Theirs, str]] = {}
    for name, service in _every_service(stream).items():
        profiles = _leaves(service.get("profiles"))
        told: list[Theirs] = [one for one in map(_theirs, profiles) if one is not None]
        if told and len(told) == len(profiles) and not _lasts(service):
            found[name] = told[0], f"its profile is `{profiles[0]}`"
    return found


def lasting(files: Files, path: str) -> Evidence | None:
    """Return the first service that always runs, and that others reach or that keeps data."""
    source = files.read(path)
    if not isinstance(source, Source) or not any(one in source.text for one in _ALWAYS):
        return None
    for name, service in _every_service(files.parsed(source, read)).items():
        if what := _lasts(service):
            message = f"restarts `{name}` always, with {what}"
            return Evidence(_place(service, source), message)
    return None


def _lasts(service: MappingValue) -> str:
    """Return what a service that always runs has of a product; empty without it."""
    if shown_image(_text(service.get("restart"))) not in _ALWAYS:
        return ""
    if _text(service.get("network_mode")) == "host" or service.get("ports") is not None:
        return "published ports"
    return "data" if any(map(_is_data, _mounts(service.get("volumes")))) else ""


def _is_data(mount: tuple[str, str]) -> bool:
    """Return whether a mount keeps what a service writes: a volume, or a folder for data."""
    source, rest = mount
    is_volume = source[:1] not in ("", ".", "/", "~", "$")
    return bool(rest) and (is_volume or (rest.startswith(_DATA_FOLDERS) and rest[-3:] != ":ro"))


def _mounts(volumes: Value | None) -> Iterator[tuple[str, str]]:
    """Yield the sources of mounts, each with its target and its mode."""
    for mount in volumes.items if isinstance(volumes, SequenceValue) else ():
        if isinstance(mount, MappingValue):
            yield _text(mount.get("source")), _text(mount.get("target"))
        else:
            source, _, rest = _text(mount).partition(":")
            yield source, rest


def _theirs(name: str) -> Theirs | None:
    words = {*words_of(name)}
    return next((one for one in THEIRS if not words.isdisjoint(DATA["services"][one])), None)


def _of_compose(source: Source, stream: yaml.Stream) -> Iterator[Sign]:
    found = _every_service(stream)
    plain = {name: one for name, one in found.items() if not _leaves(one.get("profiles"))}
    services = plain or found
    for service in services.values():
        yield from _of_service(service)
    if services:
        yield from _of_all(services, source)


def _every_service(stream: yaml.Stream) -> dict[str, MappingValue]:
    roots = (value(one, (), Reading(NONE)) for one in stream.documents)
    return {
        name: entry.value
        for root in roots
        if isinstance(root, MappingValue)
        for name, entry in _services(root).entries.items()
        if isinstance(entry.value, MappingValue)
    }


def _services(root: MappingValue) -> MappingValue:
    """Return the services of a file; in format 1, they are all that it has."""
    table = root.get("services")
    return table if isinstance(table, MappingValue) else root


def _of_all(services: dict[str, MappingValue], source: Source) -> Iterator[Sign]:
    """Yield what all services together are a sign of."""
    if posixpath.basename(source.name) not in MAIN_NAMES:  # an overlay changes other services
        kept = {name: one for name, one in services.items() if one.get("image") or one.get("build")}
        services = kept or services
    built = [name for name, one in services.items() if one.get("build") is not None]
    first = next(iter(services.values()))
    if not built and all(_is_image(one, DATA["servers"]["images"]) for one in services.values()):
        message = "has only servers for something that runs elsewhere"
        yield Sign("servers", "test", Evidence(_place(first, source), message))
    found = {*map(distribution_of, built)} - {None}
    if len(found) >= _FEWEST_DISTRIBUTIONS and len(found) * 2 > len(services):
        message = f"builds an image for each of {len(found)} distributions"
        yield Sign("matrix", "test", Evidence(_place(first, source), message), 2)


def _of_service(service: MappingValue) -> Iterator[Sign]:
    data, image = DATA, service.get("image")
    tag = _text(image).rpartition("/")[2].partition("@")[0].partition(":")[2]
    for purpose in THEIRS:
        if _is_image(service, data["images"][purpose]):
            yield _sign("image", purpose, image, f"runs `{_text(image)}`")
        if not {*words_of(tag)}.isdisjoint(data["uses"][purpose]):
            yield _sign("build", purpose, image, f"runs `{_text(image)}`")
        for key in ("command", "entrypoint"):
            line = " ".join(_leaves(service.get(key)))
            words = _runs(line, purpose)
            if words is None and purpose == "test" and (script := _TESTS.search(line)):
                words = script[0].strip(" \"'")
            if words:
                yield _sign("command", purpose, service.get(key), f"runs `{words}`")
    yield from _of_environment(service.get("environment"), data["environment"])
    build = service.get("build")
    if build is not None:
        yield from _of_build(build, data["uses"])
    if not _is_image(service, data["servers"]["images"]):
        yield from _of_mounts(service.get("volumes"), build, _text(service.get("working_dir")))
    yield from _of_server(service)


def _runs(line: str, purpose: Theirs) -> str | None:
    """Return the words of a command that only those of a purpose run."""
    return next((one for one in DATA["commands"][purpose] if f" {one} " in f" {line} "), None)


def _of_environment(found: Value | None, known: dict[str, Any]) -> Iterator[Sign]:
    for name, text in _pairs(found):
        last, words = words_of(text)[-1], words_of(name)
        for purpose in THEIRS:
            if name in known["names"] and last in known[purpose]:
                yield _sign("environment", purpose, found, f"sets `{name}` to `{text}`")
        if text.lower() in ("1", "true", "yes", "on") and ("debug" in words or "dev" in words):
            yield _sign("environment", "development", found, f"sets `{name}` to `{text}`")
        if name in known["databases"] and not {*words_of(text)}.isdisjoint(("test", "tests")):
            yield _sign("database", "test", found, f"has the data base `{text}`")


def _of_server(service: MappingValue) -> Iterator[Sign]:
    """Yield the signs of a server that keeps nothing."""
    data = DATA["servers"]
    for key in ("command", "environment"):
        found = service.get(key)
        for text in (*_leaves(found), *(text for _, text in _pairs(found))):
            if any(one in text for one in data["unsafe"]):
                yield _sign("throwaway", "test", found, "has a server that may lose its data")
    for text in _leaves(service.get("tmpfs")):
        if text.partition(":")[0].rstrip("/") in data["folders"]:
            yield _sign("throwaway", "test", service.get("tmpfs"), f"keeps no data in `{text}`")


def _of_build(build: Value, words: dict[str, tuple[str, ...]]) -> Iterator[Sign]:
    table = build if isinstance(build, MappingValue) else None
    parts = [_text(table.get(key)) if table else "" for key in ("target", "dockerfile")]
    parts.append(_text(table.get("context") if table else build))
    for purpose in THEIRS:
        for part in parts:
            if not {*words_of(part)}.isdisjoint(words[purpose]):
                yield _sign("build", purpose, build, f"builds `{part}`")


def _of_mounts(volumes: Value | None, build: Value | None, workplace: str) -> Iterator[Sign]:
    context = _text(build.get("context") if isinstance(build, MappingValue) else build) or "."
    for source, rest in _mounts(volumes):
        shown = f"{source}:{rest}"
        is_data = not rest or rest.endswith(":ro") or rest.startswith(_DATA_FOLDERS)
        if source[:1] != "." or is_data:
            continue
        folder, target = posixpath.normpath(source), rest.partition(":")[0].rstrip("/")
        is_built = build is not None and folder in (".", posixpath.normpath(context))
        is_source = posixpath.basename(folder) in _CODE or folder in (".", "..")
        is_workplace = posixpath.basename(target) in _WORKPLACES or target == workplace
        if is_built or (is_source and is_workplace):
            yield _sign("mount", "development", volumes, f"mounts its source as `{shown}`")


def _is_image(service: MappingValue, names: Iterable[str]) -> bool:
    return is_image(_text(service.get("image")), names)


def _sign(kind: str, purpose: Theirs, at: Value | None, message: str) -> Sign:
    place = _place(at, at.span.source) if at is not None else ""
    return Sign(kind, purpose, Evidence(place, message))


def _place(at: Value, source: Source) -> str:
    return f"{source.name}:{source.point(at.span.start)[0] + 1}"


def _text(found: Value | None) -> str:
    return found.text if isinstance(found, ScalarValue) else ""


def _pairs(found: Value | None) -> list[tuple[str, str]]:
    if isinstance(found, MappingValue):
        return [(name, _text(one.value)) for name, one in found.entries.items()]
    return [(one.partition("=")[0], one.partition("=")[2]) for one in _leaves(found)]


def _leaves(found: Value | None) -> list[str]:
    items = found.items if isinstance(found, SequenceValue) else (found,)
    return [one.text for one in items if isinstance(one, ScalarValue)]
