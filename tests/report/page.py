"""A page of HTML as a strict reader sees it."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = frozenset(("meta", "link", "br", "path", "rect", "input"))
# All that a report is made of. None of these elements and attributes fetches anything,
# but for `href`, which is looked at by itself.
ELEMENTS = frozenset((
    *("html", "head", "meta", "link", "title", "style", "body", "header", "main", "nav"),
    *("footer", "section", "article", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "b"),
    *("a", "br", "code", "pre", "mark", "ins", "del", "span", "div", "details"),
    *("summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure"),
    *("figcaption", "svg", "desc", "defs", "marker", "path", "rect", "text", "g"),
    *("script", "label", "input", "select", "option"),
))  # fmt: skip
ATTRIBUTES = frozenset((
    *("lang", "charset", "name", "content", "http-equiv", "rel", "href", "class", "id"),
    *("aria-label", "aria-labelledby", "tabindex", "role", "scope", "open", "title"),
    *("width", "height", "viewbox", "d", "x", "y", "rx", "refx", "refy", "orient"),
    *("markerwidth", "markerheight", "marker-end", "text-anchor", "hidden", "type", "value"),
    *("autocomplete", "data-grade", "data-purpose", "start"),
))  # fmt: skip


class Element:
    """An element: its name, attributes, text with that of its children, and children."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.parts: list[str | Element] = []

    @property
    def text(self) -> str:
        return "".join(p if isinstance(p, str) else p.text for p in self.parts)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, *names: str) -> list[Element]:
        """Return all elements below it, in their order."""
        found = list[Element]()
        for child in self.children:
            if not names or child.name in names:
                found.append(child)
            found += child.all(*names)
        return found

    def one(self, key: str) -> Element:
        """Return the element with an id."""
        [found] = [one for one in self.all() if one.attributes.get("id") == key]
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), attrs
        assert set(names) <= ATTRIBUTES, attrs
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        self.open[-1].parts.append(made)
        if tag not in _VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.name == tag, (closed.name, tag)

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def read(document: str) -> Element:
    """Read a page; every element is closed, and every reference leads somewhere."""
    reader = _Reader()
    reader.feed(document)
    reader.close()
    assert reader.open == [reader.root]
    [page] = reader.root.children
    every = page.all()
    keys = [one.attributes["id"] for one in every if "id" in one.attributes]
    assert len(set(keys)) == len(keys)
    for one in every:
        for key in one.attributes.get("aria-labelledby", "").split():
            assert key in keys
        href = one.attributes.get("href", "")
        assert href in ("", "data:,") or href.removeprefix("#") in keys
        mark = one.attributes.get("marker-end", "")
        assert not mark or mark.removeprefix("url(#").removesuffix(")") in keys
    return page
