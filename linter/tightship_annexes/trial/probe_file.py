"""The file of probes beside a project: its format, its check, and the probes in it."""

from __future__ import annotations

import os
from collections import Counter

from tightship.config.key import ConfigError, ConfigProblem
from tightship.engine.disk.given import read_given
from tightship.engine.disk.regular import Refusal, UndecodedError, decoded
from tightship.engine.disk.root import real_path
from tightship.syntax import toml
from tightship.text import Source, Span
from tightship.values.schema import TEXT, check
from tightship_annexes.trial.probes import Probe
from tightship_annexes.trial.requests import Request, form_body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from tightship.syntax.toml import Path
    from tightship.values.schema import Schema
    from tightship_annexes.trial.requests import Kind

    Table = Mapping[str, Any]

NAME = "tightship-probes.toml"
"""The name of the file, next to the Compose file."""

_MOST_BYTES = 64_000_000  # of a file that is uploaded

_TURNS: Schema = {
    "title": "a text, or a list of them, whose characters are single bytes, up to `\\u00FF`",
    "anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}],
}
_LINES: Schema = {
    "type": "object",
    "title": "a table of texts on one line each",
    "additionalProperties": {
        **TEXT, "title": "a text on one line", "pattern": "^[^\\x00-\\x1f\\x7f]*$",
    },
}  # fmt: skip


def _said(schema: Schema, words: str) -> Schema:
    return {**schema, "description": words}


_KEYS: Mapping[str, Schema] = {
    "service": _said(TEXT, "the service of the Compose file"),
    "http": _said(
        {"title": "a request such as `GET /login`", "type": "string", "pattern": "^[A-Z]+ /[!-~]*$"},
        "the method and the path of a request",
    ),
    "tcp": _said(_TURNS, "what is sent, in turns with `expect`; empty to wait first"),
    "udp": _said(_TURNS, "what is sent, in turns with `expect`"),
    "command": _said(TEXT, "a command for `sh`, which has to succeed"),
    "port": _said(
        {"type": "integer", "minimum": 1, "maximum": 65535}, "the port in the container"
    ),
    "expect": _said(_TURNS, "what the answer has to contain"),
    "status": _said(
        {"type": "integer", "minimum": 100, "maximum": 599},
        "the status of the answer (default: any that is no error)",
    ),
    "headers": _said(_LINES, "headers of the request"),
    "body": _said(TEXT, "the body of the request"),
    "form": _said(_LINES, "the fields of a form, in place of a body"),
    "upload": _said(_LINES, "files to send as fields of a form, by their paths from this file"),
    "image": _said(TEXT, "the image that a command runs in (default: that of the service)"),
    "word": _said(
        {"enum": ["answers", "used"]}, "what a success shows (default: that the service is used)"
    ),
}  # fmt: skip
_ANY = ("service", "word")
_OF_KIND: Mapping[str, Sequence[str]] = {
    "http": ("port", "expect", "status", "headers", "body", "form", "upload"),
    "tcp": ("port", "expect"),
    "udp": ("port", "expect"),
    "command": ("image",),
}
SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "probe": {
            "title": "a table `[[probe]]` for each probe",
            "type": "array",
            "items": {"type": "object", "properties": {**_KEYS}, "required": ["service"]},
        }
    },
    "required": ["probe"],
}
"""The schema of the file."""


def beside(folder: str) -> Sequence[Probe]:
    """Return the probes of the file in a folder, none if there is no file.

    Raises:
        ConfigError: it cannot be read, or is not as it has to be.

    """
    path = os.path.join(folder, NAME)
    data = read_given(path, name=NAME)
    if isinstance(data, Refusal) and data.reason == "missing":
        return ()
    shown = os.path.relpath(path, real_path(os.curdir))
    try:
        text = "" if isinstance(data, Refusal) else decoded(data)[0].removeprefix("\ufeff")
        unread = data.message if isinstance(data, Refusal) else ""
    except UndecodedError as error:
        text, unread = "", f"it {error}"
    source = Source(shown, text)
    probes, problems = read(source, folder)
    if unread:
        problems = [ConfigProblem(Span(source, 0, 0), unread)]
    if problems:
        raise ConfigError(problems)
    return probes


def read(source: Source, folder: str) -> tuple[list[Probe], list[ConfigProblem]]:
    """Return the probes in a file, and its problems: one of both is empty.

    Args:
        source: the file.
        folder: where it is, with the files to upload.

    """
    try:
        file = toml.read(source)
    except toml.TomlError as error:
        return [], [ConfigProblem(error.span, error.message)]
    problems = [ConfigProblem(one.span, one.message) for one in check(file, SCHEMA)]
    if problems:
        return [], problems
    tables: Any = file.data["probe"]
    for number, table in enumerate(tables):
        path: Path = ("probe", number)
        for key, message in _wrong(table):
            problems.append(ConfigProblem(file.key(*path, *key), message))
    probes, names = list[Probe](), Counter[tuple[str, str]]()
    for number, table in enumerate(tables if not problems else ()):
        found = probe_of(table, folder)
        if isinstance(found, Refusal):
            place = file.value("probe", number, "upload")
            problems.append(ConfigProblem(place, found.message))
            continue
        names[found.service, found.command] += 1
        count = names[found.service, found.command]
        same = f" ({count})" if count > 1 else ""
        probes.append(found.replaced(command=found.command + same))
    return ([], problems) if problems else (probes, [])


def _wrong(table: Table) -> Iterator[tuple[Path, str]]:
    """Yield what keys of a table have to do with one another, and do not."""
    kinds = [one for one in _OF_KIND if one in table]
    if len(kinds) != 1:
        yield (), "a probe needs one of `http`, `tcp`, `udp` and `command`"
        return
    [kind] = kinds
    for key in table.keys() - {kind, *_ANY, *_OF_KIND[kind]}:
        yield (key,), f"`{key}` has no meaning with `{kind}`"
    if kind != "command" and "port" not in table:
        yield (), f"`{kind}` needs `port`: {_KEYS['port']['description']}"
    if "body" in table and table.keys() & {"form", "upload"}:
        yield ("body",), "`body` has no meaning with `form` and `upload`"
    for path in table.get("upload", {}).values():
        if os.path.isabs(path) or ".." in path.replace("\\", "/").split("/"):
            yield ("upload",), f"`{path}` is not below the folder of this file"
    turns = {key: _turns(table.get(key, ())) for key in (kind, "expect") if kind != "command"}
    for key, texts in turns.items():
        if kind != "http" and max("".join(texts), default="") > "\xff":
            yield (key,), f"`{key}` has to be {_TURNS['title']}"
    if kind in ("tcp", "udp") and not any(turns["expect"]):
        yield (), f"`{kind}` needs `expect`: {_KEYS['expect']['description']}"
    elif kind in ("tcp", "udp") and len(turns[kind]) != len(turns["expect"]):
        yield ("expect",), f"`expect` has to have as many texts as `{kind}`"


def probe_of(table: Table, folder: str = "") -> Probe | Refusal:
    """Return the probe of a table, or why a file that it uploads is not read."""
    service, word = table.get("service", ""), table.get("word", "used")
    if "command" in table:
        return Probe(table["command"], service, table.get("image", ""), word=word)
    kind: Kind = next(one for one in ("http", "tcp", "udp") if one in table)
    encoding = "utf-8" if kind == "http" else "latin-1"
    expect = [one.encode(encoding) for one in _turns(table.get("expect", ()))]
    request = Request(kind, table["port"], expect=expect)
    if kind == "http":
        sent = _body(table, folder)
        if isinstance(sent, Refusal):
            return sent
        headers, body = sent
        request = request.replaced(
            send=[body],
            line=table["http"],
            headers={**headers, **table.get("headers", {})},
            status=table.get("status", 0),
        )
    else:
        request = request.replaced(send=[one.encode(encoding) for one in _turns(table[kind])])
    return Probe(request.title, service, request=request, word=word)


def _turns(value: str | Sequence[str]) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


def _body(table: Table, folder: str) -> tuple[dict[str, str], bytes] | Refusal:
    """Return the headers and the body of a request."""
    if "form" not in table and "upload" not in table:
        return {}, table.get("body", "").encode()
    files = dict[str, tuple[str, bytes]]()
    for name, path in table.get("upload", {}).items():
        content = read_given(os.path.join(folder, path), name=path, limit=_MOST_BYTES)
        if isinstance(content, Refusal):
            return content
        files[name] = os.path.basename(path), content
    return form_body(table.get("form", {}), files)
