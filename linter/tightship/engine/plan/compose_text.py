"""Whether a YAML file of any name is a Compose file, by a look at its text."""

from __future__ import annotations

from tightship.lazy.regex import regex

# What a file of another name looks like that Compose may be given with `-f`: services
# below a key at the start of a line, and a service that has an image or is built. Other
# files in YAML may be templates.
_SERVICES = regex(rb"(?m)^services:[ \t]*(?:#.*)?\r?$")
_DEFINED = regex(rb"(?m)^[ \t]+(?:image|build):")
# What a Swarm and the drivers of logs fill in is no template of a Compose file.
_TEMPLATE = regex(
    rb"\{\{(?!\.(?:Node|Service|Task|Name|ID|FullID|Image\w*|DaemonName)\b)|\{%|<%"
)


def holds_services(text: bytes) -> bool:
    """Return whether the text of a YAML file has services, as a Compose file does."""
    return _SERVICES.search(text) is not None and _DEFINED.search(text) is not None


def is_compose(text: bytes) -> bool:
    """Return whether a file of any name is a Compose file, and no template of one."""
    return holds_services(text) and not is_template(text)


def is_template(text: bytes) -> bool:
    """Return whether a text is that of a template, which is no YAML yet."""
    return _TEMPLATE.search(text) is not None
