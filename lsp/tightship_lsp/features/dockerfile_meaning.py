"""What an instruction, a flag, an image, a stage or a variable of a Dockerfile means."""

from __future__ import annotations

from functools import partial

from tightship.syntax.dockerfile.nodes import Dockerfile
from tightship.syntax.dockerfile.read import read
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.text import Source, Span
from tightship_lsp.features.completion.dockerfile import instructions, listed
from tightship_lsp.features.meaning import image, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.syntax.dockerfile.nodes import Instruction
    from tightship.syntax.yaml.nodes import Node
    from tightship_lsp.features.completion.cursor import Inline
    from tightship_lsp.features.markup import Markup
    from tightship_lsp.features.meaning import Meaning
    from tightship_lsp.features.queries import View
    from tightship_lsp.symbols.index import Key, Placed
    from tightship_lsp.symbols.members import Members

    Symbol = Callable[[], Meaning | None]


_NAMED = {"stage": "stage", "context": "build context", "secret": "secret of the build"}
_NULL = ("", "~", "null", "Null", "NULL")


def dockerfile_meaning(view: View, at: int, write: Markup) -> Meaning | None:
    """Return what the word at an offset of a Dockerfile means."""
    tree = view.outline.tree if view.outline is not None else None
    if not isinstance(tree, Dockerfile):
        return None
    return _in_file(tree, at, write, partial(_symbol, view, at, write))


def inline_meaning(view: View, inline: Inline, write: Markup) -> Meaning | None:
    """Return what a word means in a Dockerfile that is written in a service."""
    source = view.document.source

    def moved(found: Meaning | None, by: int) -> Meaning | None:
        if found is None:
            return None
        span, text = found
        return Span(source, span.start + by, span.end + by), text

    def symbol() -> Meaning | None:
        return moved(_symbol(view, inline.at + inline.moved, write), -inline.moved)

    tree = read(Source("Dockerfile", inline.text))
    return moved(_in_file(tree, inline.at, write, symbol), inline.moved)


def _in_file(tree: Dockerfile, at: int, write: Markup, symbol: Symbol) -> Meaning | None:
    for directive in tree.directives:
        about = listed("directives").get(directive.name)
        if about and _holds(directive.span, at):
            return directive.span, f"{write.strong(f'`{directive.name}`')}: {write.prose(about)}"
    for one in tree.every_instruction():
        if one.trigger is None and one.span.start <= at <= one.span.end:
            return _in_instruction(one, at, write, symbol)
        if one.trigger is not None and _holds(one.keyword.span, at):
            return _keyword(one, write)
    return None


def _holds(span: Span, at: int) -> bool:
    return span.start <= at <= span.end


def _in_instruction(one: Instruction, at: int, write: Markup, symbol: Symbol) -> Meaning | None:
    if _holds(one.keyword.span, at):
        return _keyword(one, write)
    found = symbol()
    if found is not None:
        return found
    for flag in one.flags:
        if _holds(flag.name.span, at) or _holds(flag.span, at):
            about = instructions().get(one.name, {}).get("flags", {}).get(flag.name.value)
            if about:
                return flag.span, f"{write.strong(f'`--{flag.name.value}`')}: {write.prose(about)}"
    if one.name == "FROM" and one.arguments and _holds(one.arguments[0].span, at):
        word = one.arguments[0]
        text = image(word.value, write) if "$" not in word.value else ""
        return (word.span, text) if text else None
    return None


def _keyword(one: Instruction, write: Markup) -> Meaning | None:
    known = instructions().get(one.name)
    if known is None:
        return None
    forms = write.items([write.code(form) for form in known["forms"]])
    text = f"{write.strong(f'`{one.name}`')}: {write.prose(known['about'])}\n\n{forms}"
    return one.keyword.span, text


def _symbol(view: View, at: int, write: Markup) -> Meaning | None:
    """Return what a stage or a variable is, and which value Compose passes."""
    for project in view.projects:
        for key, one in project.index.at(view.path, at):
            declared = project.index.meaning(key, one, view.path)
            if one.kind in _NAMED and declared and not one.is_declaration:
                place = place_of(view, declared[0].path, declared[0].occurrence.span, write)
                head = f"{write.strong(f'`{one.name}`')}: {_NAMED[one.kind]}"
                return one.span, f"{head}, declared in {place}"
            if one.kind in ("argument", "environment"):
                text = _variable(view, key, declared, write)
                return (one.span, text) if text else None
    return None


def _variable(view: View, key: Key, declared: list[Placed], write: Markup) -> str:
    kind, home, name = key
    lines = [f"{write.strong(f'`{name}`')}: {_what(kind, name)}"]
    rows = [row for one in declared for row in _default(view, one, write)]
    if kind == "argument":
        rows += _passed(view, home, name, write)
    if rows:
        lines.append(write.items(rows))
    return "\n\n".join(lines)


def _what(kind: str, name: str) -> str:
    for words in ("platform_arguments", "proxy_arguments"):
        if name in listed(words):
            return f"set by BuildKit. {listed(words)[name]}"
    return "build argument" if kind == "argument" else "environment variable of the image"


def _default(view: View, one: Placed, write: Markup) -> Iterator[str]:
    """Yield the value that a declaration in a Dockerfile gives."""
    span = one.occurrence.span
    line = span.source.text[span.end :].partition("\n")[0].rstrip("\r")
    if one.path == view.path or one.occurrence.kind == "environment":
        place = place_of(view, one.path, span, write)
        if line.startswith("="):
            from tightship.report.explanation import value_without_secrets

            name = one.occurrence.name
            value = value_without_secrets(line[1:].split(" ")[0].strip("\"'"), name, (name,))
            by = " by default" if one.occurrence.kind == "argument" else ""
            yield f"{write.code(value) or 'an empty value'}{by}, {place}"
        else:
            yield f"declared in {place}"


def _passed(view: View, home: str, name: str, write: Markup) -> Iterator[str]:
    """Yield the values that services pass, which win over the default."""
    from tightship_lsp.features.completion.scope import below

    for project in view.projects:
        members = project.members
        for member in members.by_path.values():
            documents = getattr(member.outline.tree, "documents", ())
            for service in member.outline.services:
                built = members.build_home(member, service)
                if built is None or not f"{home}\0".startswith(f"{built}\0"):
                    continue
                for document in documents:
                    node = below(document, "services", service, "build", "args")
                    found = _argument(node, name) if node is not None else None
                    if found is not None:
                        written, span = found
                        put = _put(members, name, written, write)
                        place = place_of(view, member.path, span, write)
                        yield f"{put} from the service {write.code(service)}, {place}"


def _put(members: Members, name: str, written: str | None, write: Markup) -> str:
    """Return the value of an argument, if files decide it; one without text is a variable's."""
    from tightship.report.explanation import value_without_secrets

    found = members.expansion(f"${{{name}}}" if written is None else written)
    if written is None and not found.decided:
        return "a value of the shell"
    text = found.text if found.decided or written is None else written
    names = (name, *(used for used, _ in found.used))
    return write.code(value_without_secrets(text, name, names)) or "an empty value"


def _argument(node: Node, name: str) -> tuple[str | None, Span] | None:
    """Return the text that ``args`` give an argument, if any, and its place."""
    if isinstance(node, Mapping):
        value = node.get(name)
        if isinstance(value, Scalar):
            is_null = not value.style and value.value in _NULL
            return None if is_null else value.value, value.span
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar):
            key, sign, text = item.value.partition("=")
            if key == name:
                return text if sign else None, item.span
    return None
