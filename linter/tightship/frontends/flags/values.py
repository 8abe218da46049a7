"""Words of a command as nodes: what the keys of the Compose Specification take.

What only a run decides is a variable without a value, ``${NAME}``, as in a Compose file.
"""

from __future__ import annotations

import posixpath

from tightship.frontends.flags.variables import decided, defined, with_defaults
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.nodes import Quoted, Simple, Substitution, Unknown, Variable
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.frontends.flags.flags import Given
    from tightship.syntax.shell.nodes import Part, Word
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source, Span

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
# What has no name: the output of a command, or an expression.
NAMELESS = "${_}"
# Variables of make, of an outer script, and of Ansible.
_NAMED = regex(r"\$[({]([A-Za-z_]\w*)[)}]|\$([A-Za-z_]\w*)|\{\{[ \t]*([A-Za-z_]\w*)[ \t]*\}\}")
# A variable of a development container's host, with the value that it has if it is unset.
_LOCAL = regex(r"\$\{(?:localEnv|env):(\w+)(?::([^{}$\n]*))?\}")
# What other languages call the folder of the script, and its user.
_FOLDERS_OF = {
    "%h": "${HOME}",
    "%t": "${XDG_RUNTIME_DIR}",
    "%U": "${UID}",
    "%G": "${GID}",
    "%u": "${USER}",
    "${localEnv:HOME}": "${HOME}",
    **dict.fromkeys(("$(CURDIR)", "${localWorkspaceFolder}"), "${CURDIR}"),
    **dict.fromkeys(("${{ github.workspace }}", "${{github.workspace}}"), "${GITHUB_WORKSPACE}"),
}
# Commands whose output is a variable of the shell, or may be: who runs a script, and where.
_OUTPUTS = {
    "pwd": "${PWD}",
    "pwd -P": "${PWD}",
    "id -u": "${UID}",
    "id -g": "${GID}",
    "id -un": "${USER}",
    "whoami": "${USER}",
}
# Variables with the folder of the repository, in jobs of a CI.
_WORKSPACES = (
    *("BITBUCKET_CLONE_DIR", "BUILD_SOURCESDIRECTORY", "CI_PROJECT_DIR", "DRONE_WORKSPACE"),
    *("CURDIR", "GITHUB_WORKSPACE", "TRAVIS_BUILD_DIR"),
)
# Where the script runs, and the home of its user, as a path of a mount has them.
_FOLDERS = (("${PWD}", "."), ("${HOME}", "~"), *((f"${{{one}}}", ".") for one in _WORKSPACES))
_RELATIVE = regex(r"\.\.?(?:/[^:$]*)?(?=[:$]|\Z)")
_PLAIN = regex(r"[^\"'\\$`]*")
_MODES = frozenset(("host", "none", "bridge", "default", "slirp4netns"))
# Podman has some that no network can be called.
_MODES_OF = ("container:", "ns:", "pasta:", "slirp4netns:", "bridge:")
# The host's namespace by its file.
_OF_HOST = regex(r"ns:/proc/(?:1|self|thread-self)/ns/\w+")
_NESTED = {
    "bind-propagation": ("bind", "propagation"),
    "relabel": ("bind", "selinux"),
    "bind-recursive": ("bind", "recursive"),
    "volume-nocopy": ("volume", "nocopy"),
    "volume-subpath": ("volume", "subpath"),
    "tmpfs-size": ("tmpfs", "size"),
    "tmpfs-mode": ("tmpfs", "mode"),
}
# What Podman takes: `relabel=private`, or `Z`.
_RELABELS = {"private": "Z", "shared": "z"}
_SAME = {
    **dict.fromkeys(("source", "src"), "source"),
    **dict.fromkeys(("target", "dst", "destination"), "target"),
    **dict.fromkeys(("readonly", "ro"), "read_only"),
    "type": "type",
}
# Booleans as Go's `strconv.ParseBool` reads them; others are rejected.
_BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), "true"),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), "false"),
}
_DEVICE = regex(r"([^:]+):([rwm]{1,3})")
# A field of CSV, as Go's `encoding/csv` splits it: only a quote at its start counts.
_FIELD = regex(r'"((?:[^"]|"")*)"(?:,|$)|([^,]*)(?:,|$)')


def template(word: Word, skip: int = 0) -> str:
    """Return a word as a text whose variables are those of the script, after some characters."""
    if word.value is not None:
        return word.value[skip:].replace("$", "$$")
    return "".join(_template(word.parts))[skip:]


def _template(parts: Iterable[Part]) -> Iterable[str]:
    for part in parts:
        if isinstance(part, Quoted):
            yield from _template(part.parts)
        elif part.value is not None:
            yield part.value.replace("$", "$$")
        elif isinstance(part, Variable):
            is_plain = _NAME.fullmatch(part.name) and part.operator[:1] not in ("#", "!")
            known = decided(part) if is_plain else None
            yield known if known is not None else f"${{{part.name}}}" if is_plain else NAMELESS
        elif isinstance(part, Unknown):
            yield named(part.span.text, part.span.source)
        else:
            yield _of_output(part) if isinstance(part, Substitution) else NAMELESS


def named(text: str, source: Source) -> str:
    """Return the variable that a text outside of the shell's language is, such as `$(NAME)`."""
    if text in _FOLDERS_OF:
        return _FOLDERS_OF[text]
    if text.startswith("$(shell "):
        return _OUTPUTS.get(text[len("$(shell ") : -1].strip(), NAMELESS)
    if (local := _LOCAL.fullmatch(text)) is not None:
        return f"${{{local[1]}:-{local[2]}}}" if local[2] else f"${{{local[1]}}}"
    found = _NAMED.fullmatch(text)
    if found is None:
        return NAMELESS
    known = defined(found[1], source) if found[1] else None
    return f"${{{found[1] or found[2] or found[3]}}}" if known is None else known


def _of_output(part: Substitution) -> str:
    """Return the variable that has the output of a command, such as ``$(pwd)``, by its name."""
    items = part.body.items
    commands = items[0][0].commands if len(items) == 1 else []
    command = commands[0] if len(commands) == 1 else None
    words = [one.value or "" for one in command.words] if isinstance(command, Simple) else []
    return _OUTPUTS.get(" ".join(words), NAMELESS)


def place(word: Word, skip: int = 0) -> Span:
    """Return the place of a word, after some characters if these are written as they are."""
    is_plain = skip and _PLAIN.fullmatch(word.raw[:skip]) is not None
    return word.text.span(word.start + skip if is_plain else word.start, word.end)


def text_node(word: Word, skip: int = 0) -> Scalar:
    """Return a word as a text."""
    return Scalar(place(word, skip), template(word, skip), '"')


def namespace_node(word: Word, skip: int = 0) -> Scalar:
    """Return a mode of a namespace; Podman takes the file of one, too."""
    node = text_node(word, skip)
    return Scalar(node.span, "host", '"') if _OF_HOST.fullmatch(node.value) else node


def switch_node(given: Given) -> Scalar:
    """Return a flag that is true or false; one without a value is true."""
    text = "true" if given.value is None else template(given.value, given.skip)
    return Scalar(place(given.word), _BOOLEANS.get(text, text))


def device_node(word: Word, skip: int = 0) -> Scalar:
    """Return a device; permissions may follow it at once, as they cannot in a Compose file."""
    node = text_node(word, skip)
    found = _DEVICE.fullmatch(node.value)
    is_short = found is not None and len(set(found[2])) == len(found[2])
    return Scalar(node.span, f"{found[1]}:{node.value}", '"') if found and is_short else node


def port_node(word: Word, skip: int = 0) -> Scalar:
    """Return a published port, of `published=8080,target=80` as well."""
    node = text_node(word, skip)
    if "=" not in with_defaults(node.value):
        return node
    parts = (one.partition("=") for one in node.value.split(","))
    known = {"protocol": "tcp"} | {name: value for name, _, value in parts}
    text = f"{known.get('published', '')}:{known.get('target', '')}/{known['protocol']}"
    return Scalar(node.span, text, '"')


def volume_node(word: Word, skip: int = 0, here: str | None = ".") -> Scalar:
    """Return a mount in short syntax; ``here`` is the folder of the command, if it is known."""
    return _placed(text_node(word, skip), here)


def root_node(word: Word, *, is_read_only: bool) -> Mapping:
    """Return Podman's `--rootfs` as the mount that it is; with `O`, changes go elsewhere."""
    node = text_node(word)
    path, _, options = node.value.partition(":")
    found = {"type": "bind", "source": path, "target": "/."}
    found |= {"read_only": "true"} if is_read_only or "O" in options.split(",") else {}
    return nested(node.span, {(key,): Scalar(node.span, one, '"') for key, one in found.items()})


def texts_node(words: Iterable[Word], span: Span) -> Sequence:
    """Return words as a list."""
    return Sequence(span, [*map(text_node, words)], flow=True)


def pair_node(given: Given) -> tuple[Scalar, Scalar] | None:
    """Return the entry of ``name=value``."""
    if given.value is None:
        return None
    node = text_node(given.value, given.skip)
    name, equals, value = node.value.partition("=")
    return (Scalar(node.span, name), Scalar(node.span, value, '"')) if equals else None


def limit_node(given: Given) -> tuple[Scalar, Node] | None:
    """Return the entry of a limit, such as ``nofile=1024:2048``."""
    pair = pair_node(given)
    if pair is None:
        return None
    name, value = pair
    soft, _, hard = with_defaults(value.value).partition(":")
    both = [("soft", soft), ("hard", hard or soft)]
    entries: list[tuple[Node, Node]] = [
        (Scalar(value.span, key), Scalar(value.span, text)) for key, text in both
    ]
    return name, Mapping(value.span, entries, flow=True)


def network_of(given: Given) -> tuple[str, Scalar] | None:
    """Return the key for a network, and its value: a mode, or the name of a network."""
    if given.value is None:
        return None
    node = namespace_node(given.value, given.skip)
    text = with_defaults(node.value)
    if "=" in text and not text.startswith(_MODES_OF):
        fields = (one.partition("=") for one in text.split(","))
        text = next((value for key, _, value in fields if key.strip().lower() == "name"), "")
        node = Scalar(node.span, text, '"')
    if text in _MODES or text.startswith(_MODES_OF):
        return "network_mode", node
    return ("networks", node) if text else None


def mount_node(
    given: Given, here: str | None = "."
) -> tuple[Mapping, list[tuple[Node, Node]]] | None:
    """Return a mount of ``type=bind,source=…,target=…`` in long syntax, and its volume's keys."""
    if given.value is None:
        return None
    span, text = place(given.value, given.skip), template(given.value, given.skip)
    found: dict[tuple[str, ...], Scalar] = {("type",): Scalar(span, "volume", '"')}
    options = Mapping(span, [], flow=True)
    definition: list[tuple[Node, Node]] = []
    for field in _fields(text):
        name, equals, value = field.strip().partition("=")
        if name in _RELABELS.values():
            name, value = "relabel", name
        name = name.lower()
        value = value.lower() if name == "type" else value
        node = Scalar(span.part(value if equals else field), value, '"')
        if _SAME.get(name) == "read_only":
            value = value if equals else "true"
            found["read_only",] = Scalar(node.span, _BOOLEANS.get(value, value))
        elif name in _SAME:
            found[_SAME[name],] = _placed(node, here if _SAME[name] == "source" else ".")
        elif name in _NESTED:
            value = _RELABELS.get(value, value) if name == "relabel" else value
            found[_NESTED[name]] = Scalar(node.span, value, '"')
        elif name == "volume-driver":
            definition.append((Scalar(span, "driver"), node))
        elif name == "volume-opt":
            key, _, value = value.partition("=")
            options.entries.append((Scalar(span, key), Scalar(span.part(value), value, '"')))
    if not options.entries:
        return nested(span, found), []
    if ("source",) not in found and ("target",) in found:
        target = found["target",]
        name = "".join(one if one.isalnum() else "-" for one in target.value)
        found["source",] = Scalar(target.span, f"unnamed{name}", '"')  # it has options, and no name
    return nested(span, found), [*definition, (Scalar(span, "driver_opts"), options)]


def _fields(text: str) -> Iterable[str]:
    for one in _FIELD.finditer(text):
        if one[0]:
            yield one[2] if one[1] is None else one[1].replace('""', '"')


def nested(span: Span, found: dict[tuple[str, ...], Scalar]) -> Mapping:
    """Return a mapping of values by their paths, which have one or two parts."""
    inner: dict[str, Mapping] = {"": Mapping(span, [], flow=True)}
    for (*above, key), node in found.items():
        section = "".join(above)
        if section not in inner:
            inner[section] = Mapping(span, [], flow=True)
            inner[""].entries.append((Scalar(span, section), inner[section]))
        inner[section].entries.append((Scalar(span, key), node))
    return inner[""]


def _placed(node: Scalar, here: str | None) -> Scalar:
    """Return a mount whose path is one of the project, if it starts there or in the folder."""
    text = node.value
    for folder, short in _FOLDERS:
        if text == folder or text.startswith((f"{folder}/", f"{folder}:")):
            text = short + text[len(folder) :]
            if folder != _FOLDERS[0][0]:
                return Scalar(node.span, text, '"')
    found = _RELATIVE.match(text) if here != "." else None
    if found is not None:
        path = NAMELESS if here is None else posixpath.normpath(posixpath.join(here, found[0]))
        path = path if path[0] in "/.~$" else f"./{path}"
        text = path + "/" * (found[0][-1] == "/" != path[-1]) + text[found.end() :]
    return Scalar(node.span, text, '"') if text != node.value else node
