"""Whether a YAML file of any name is a Compose file, by a look at its text."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from tightship.syntax.yaml.nodes import Stream

# What a file of another name looks like that Compose may be given with `-f`: services
# below a key at the start of a line, and a service that has an image or is built. Other
# files in YAML may be templates.
_SERVICES = regex(rb"(?m)^services:[ \t]*(?:[#{].*)?\r?$")
_DEFINED = regex(rb"(?m)(?:^[ \t]+|\{[ \t]*)(?:image|build):")
# The same key as YAML may have it, too: in quotes, in JSON, with a tag, indented.
_ODD = (b'services"', b"services'", b"\nservices", b"? services", b"{services", b"{ services")
_INDENTED = regex(rb"(?:[ \t]*(?:#.*|---[ \t]*)?\r?\n)*[ \t]*services")
# What a Swarm and the drivers of logs fill in is no template of a Compose file.
_TEMPLATE = regex(rb"\{\{(?!\.(?:Node|Service|Task|Name|ID|FullID|Image\w*|DaemonName)\b)|\{%|<%")
_MARKS = ("{{", "{%", "<%")
# Texts that Docker only hands on to a program. A template in one of them may be the
# program's own, as in `docker ps --format`.
_HANDED_ON = frozenset((
    "command", "entrypoint", "environment", "healthcheck", "labels", "annotations",
    "logging", "content", "pre_start", "post_start", "pre_stop", "develop",
))  # fmt: skip


def holds_services(text: bytes) -> bool:
    """Return whether the text of a YAML file has services, as a Compose file does."""
    if b"services" not in text:
        return False
    if _SERVICES.search(text) is None:
        is_odd = any(one in text for one in _ODD) or _INDENTED.match(text) is not None
        return is_odd and _has_services(text)
    return _DEFINED.search(text) is not None or _only_adds(text)


def _has_services(text: bytes) -> bool:
    from tightship.frontends.compose.specification.kind import has_services  # rare
    from tightship.syntax.yaml.read import read
    from tightship.text import Source

    return has_services(read(Source("", text.decode("utf-8", "replace"))).documents)


def _only_adds(text: bytes) -> bool:
    from tightship.frontends.compose.specification.kind import adds_settings  # rare
    from tightship.syntax.yaml.read import read
    from tightship.text import Source

    return adds_settings(read(Source("", text.decode("utf-8", "replace"))).documents)


def is_compose(text: bytes) -> bool:
    """Return whether a file of any name is a Compose file, and no template of one."""
    return holds_services(text) and not is_template(text)


def is_template(text: bytes) -> bool:
    """Return whether a text becomes a Compose file only when a template is filled in.

    It does if it is no YAML yet, or if a value that Docker itself reads is built by the
    template. Comments, and values that are handed on, may have anything in them.
    """
    return _TEMPLATE.search(text) is not None and _is_built(text)


def is_unfilled(stream: Stream) -> bool:
    """Return whether a file is no YAML before a template is filled in.

    A syntax error of another line is the author's, and values in quotes can be read.
    """
    text = stream.source.text
    if not any(mark in text for mark in _MARKS):
        return False
    from tightship.syntax.yaml import nodes as yaml  # rare

    wrong = [one.span.start for one in stream.problems]
    for node in yaml.walk(stream.root):
        if isinstance(node, yaml.Mapping):
            wrong += (key.span.start for key, _ in node.entries if isinstance(key, yaml.Mapping))
    lines = (text[yaml.line_start(text, at) : yaml.line_end(text, at)] for at in wrong)
    return any(_TEMPLATE.search(line.encode("utf-8", "replace")) is not None for line in lines)


def _is_built(text: bytes) -> bool:
    from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence  # rare
    from tightship.syntax.yaml.read import read
    from tightship.text import Source

    stream = read(Source("", text.decode("utf-8", "replace")))
    if stream.problems:
        return True
    pending: list[Node] = [*stream.documents]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending += node.items
        elif isinstance(node, Scalar):
            if any(mark in node.value for mark in _MARKS) and _TEMPLATE.search(
                node.value.encode("utf-8", "replace")
            ):
                return True
        elif isinstance(node, Mapping):
            for key, value in node.entries:
                if not isinstance(key, Scalar):
                    return True  # `{{ x }}` without quotes
                pending.append(key)
                if key.value not in _HANDED_ON and not key.value.startswith("x-"):
                    pending.append(value)
    return False
