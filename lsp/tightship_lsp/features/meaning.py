"""The part of a hover that needs no judgement: what a key, a value, a name or a variable means."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.text import Span
from tightship_lsp.features.markup import Markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.images.needs import Needs
    from tightship.text import Source
    from tightship_lsp.features.completion.cursor import Place
    from tightship_lsp.features.queries import View
    from tightship_lsp.symbols.outline import Occurrence

    # What a text is about, and the text.
    Meaning = tuple[Span, str]

_REFERENCE = regex(r"(?<!\$)(?:\$\$)*(\$(?:\{(\w+)(?:(:?[-?+])([^}]*))?\}?|(\w+)))")
_KINDS = {"config": "config", "secret": "secret", "argument": "build argument"}


def meaning(view: View, at: int, *, markdown: bool) -> Meaning | None:
    """Return what the words at an offset mean, if that is known."""
    from tightship_lsp.workspace.language import language

    kind = language(view.document)
    write = Markup(markdown=markdown)
    if kind == "compose":
        return _in_compose(view, at, write)
    if kind == "dockerfile":
        from tightship_lsp.features.dockerfile_meaning import dockerfile_meaning

        return dockerfile_meaning(view, at, write)
    return None


def _in_compose(view: View, at: int, write: Markup) -> Meaning | None:
    from tightship_lsp.features.completion.cursor import inline_at, place

    source = view.document.source
    inline = inline_at(source.text, at) if "dockerfile_inline" in source.text else None
    if inline is not None:
        from tightship_lsp.features.dockerfile_meaning import inline_meaning

        line = source.text.rfind("\n", 0, at) + 1, source.line_end(at)
        return _variable(view, *line, at, write) or inline_meaning(view, inline, write)
    found = place(source.text, at)
    if found is None or not found.start <= at <= found.end or found.start == found.end:
        return None
    span = Span(source, found.start, found.end)
    if found.is_key:
        text = _key(found, source, write) or _name(view, at, write)
        if text or not found.is_value:
            return (span, text) if text else None
    variable = _variable(view, found.start, found.end, at, write)
    if variable is not None:
        return variable
    text = _value(found, source, write) or _name(view, at, write) or _of(found, source, write)
    return (span, text) if text else None


def _key(found: Place, source: Source, write: Markup) -> str:
    """Return what a key means, its type and its default."""
    from tightship.frontends.compose.specification import meaning as words
    from tightship.frontends.compose.specification.accepts import expected
    from tightship_lsp.features.completion.compose import slot

    where = slot(found.path, source.text, found.anchors)
    key = source.text[found.start : found.end]
    below = where.shape.keys.get(key) if where is not None and where.shape.keys else None
    if where is None or below is None:
        return ""
    head = f"{write.strong(f'`{key}`')}: {write.prose(expected(below))}"
    default = f"Default: {write.code(below.default)}" if below.default else ""
    about = write.prose(words.meaning(where.shape, key))
    return "\n\n".join(filter(None, (head, about, default)))


def _value(found: Place, source: Source, write: Markup) -> str:
    """Return what a value of a closed list, or an image, means."""
    from tightship.frontends.compose.specification import meaning as words
    from tightship_lsp.features.completion.compose import slot

    where = slot(found.path, source.text, found.anchors)
    value = source.text[found.start : found.end]
    if where is None or where.is_named:
        return ""
    if (words.thing(where.owner), where.key) == ("service", "image"):
        return image(value, write)
    about = words.values(where.owner, where.key).get(value, "")
    return f"{write.strong(f'`{value}`')}: {write.prose(about)}" if about else ""


def _of(found: Place, source: Source, write: Markup) -> str:
    """Return what the key of a value means."""
    from tightship.frontends.compose.specification import meaning as words
    from tightship_lsp.features.completion.compose import slot

    where = slot(found.path, source.text, found.anchors)
    about = words.meaning(where.owner, where.key) if where is not None and where.key else ""
    if where is None or where.is_named or not about:
        return ""
    return f"{write.strong(f'`{where.key}`')}: {write.prose(about)}"


def image(written: str, write: Markup) -> str:
    """Return what is known of an image, and until when it is supported."""
    from tightship.images import lookup
    from tightship.images.conditions import Start
    from tightship.images.end_of_life import named_cycles
    from tightship.images.needs import Needs
    from tightship.values.image import OFFICIAL_IMAGES, parse
    from tightship.values.quantity import today

    found = parse(written)
    if found.undecided & {"registry", "repository"}:
        return ""
    known = lookup.known_name(found)
    family = lookup.find(found)
    summary = family.summary if family is not None else _whose(known, known in OFFICIAL_IMAGES)
    lines = [f"{write.strong(f'`{written}`')}: {write.prose(summary)}"]
    for cycle in named_cycles(found):
        word = "Its support ended" if cycle.has_ended(today()) else "Supported until"
        lines.append(write.prose(f"{cycle}. {word} {cycle.end}."))
    if family is not None:
        needs = Needs(family, Start(lookup.known_tag(found), more_environment=True))
        rows = list(_facts(needs, write))
        if rows:
            lines.append(write.table(("", "Image"), rows))
        if family.programs != ():  # what is said of all base images helps with none
            lines.append(write.prose(" ".join(family.about.split())))
    return "\n\n".join(filter(None, lines))


def _whose(known: str, is_official: bool) -> str:
    if is_official:
        return "an official image of Docker Hub"
    registry, slash, _ = known.partition("/")
    if slash and ("." in registry or ":" in registry):
        return f"an image of the registry `{registry}`"
    return f"an image of `{registry}` on Docker Hub" if slash else "an image of Docker Hub"


def _facts(needs: Needs, write: Markup) -> Iterator[tuple[str, str]]:
    """Yield what is known of the containers of an image."""
    family = needs.family
    users = {one.name for one in family.user or ()}
    if len(users) == 1:
        yield "User", write.code(users.pop())
    ports = [f"{write.code(str(one.number))} ({one.speaks})" for one in needs.ports]
    if ports:
        yield "Ports", ", ".join(ports)
    volumes = [write.code(one.path) for one in needs.volumes or ()]
    if volumes:
        yield "Volumes", ", ".join(volumes)


def _variable(view: View, start: int, end: int, at: int, write: Markup) -> Meaning | None:
    """Return what Compose puts in the place of a variable."""
    source = view.document.source
    for one in _REFERENCE.finditer(source.text, start, end):
        if one.start(1) <= at <= one.end(1):
            name, operator, operand = one[2] or one[5], one[3] or "", one[4] or ""
            span = Span(source, one.start(1), one.end(1))
            return span, variable(view, name, operator, operand, write)
    return None


def variable(view: View, name: str, operator: str, operand: str, write: Markup) -> str:
    """Return the value of a variable of Compose, with its origin."""
    from tightship.report.explanation import value_without_secrets
    from tightship_lsp.features.completion.scope import Scope

    head = write.strong(f"`{name}`")
    value, origin = Scope(view).variables().get(name, (None, ""))
    is_set = value is not None and (value != "" or ":" not in operator)
    if is_set and value is not None:
        shown = value_without_secrets(value, name, (name,))
        put = write.code(shown) or "an empty value"
        if operator.endswith("+"):
            put = write.code(operand) or "an empty value"
        return f"{head}: {put}, since {write.code(origin)} sets it. The shell has priority."
    if operator.endswith("-"):
        shown = write.code(value_without_secrets(operand, name, (name,))) or "an empty value"
        return f"{head}: {shown}, the default here, since no file sets the variable."
    if operator.endswith("?"):
        reason = f": {write.code(operand)}" if operand else ""
        return (
            f"{head} is not set in the files. Without a value in the shell, Compose stops{reason}."
        )
    if operator.endswith("+"):
        return f"{head} is not set in the files: without a value in the shell, nothing is put here."
    return (
        f"{head} is not set in the files. Without a value in the shell, Compose warns and puts"
        " a blank string here."
    )


def _name(view: View, at: int, write: Markup) -> str:
    """Return where a name is declared."""
    for project in view.projects:
        for key, one in project.index.at(view.path, at):
            declared = project.index.meaning(key, one, view.path)
            if declared and one.kind == "variable":  # a name without a value
                return variable(view, one.name, "", "", write)
            if declared and not one.is_declaration:
                return _declared(view, one, declared[0].path, declared[0].occurrence, write)
    return ""


def _declared(view: View, one: Occurrence, path: str, declared: Occurrence, write: Markup) -> str:
    from tightship_lsp.features.completion.scope import Scope

    kind = _KINDS.get(one.kind, one.kind)
    head = f"{write.strong(f'`{one.name}`')}: {kind}"
    if one.kind == "service":
        head += f", {write.code(Scope(view).described(one.name))}"
    return f"{head}, declared in {place_of(view, path, declared.span, write)}"


def place_of(view: View, path: str, span: Span, write: Markup) -> str:
    """Return a link to a place of the projects of a document."""
    line = span.source.point(span.start)[0] + 1
    return write.link(f"{span.source.name}:{line}", f"{view.uri(path)}#L{line}")
