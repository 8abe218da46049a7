"""What the tests ask of a page: its anchors, its addresses, and its text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]
)


class HtmlPage(HTMLParser):
    """A page, read once.

    ``counts`` has the elements of its article by name, and ``text`` what a reader reads
    there, without white space and without the links that the site adds.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.addresses: list[str] = []
        self.rows: list[dict[str, str | None]] = []
        self.counts: dict[str, int] = {}
        self._pieces: list[str] = []
        self._article = 0
        self._left_out = 0
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return re.sub(r"\s+", "", "".join(self._pieces))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("id", "name"):
            if value := given.get(name):
                self.anchors.add(value)
        for name in ("href", "src"):
            if (value := given.get(name)) is not None:
                self.addresses.append(value)
        if tag == "tr" and "data-severity" in given:
            self.rows.append(given)
        if self._left_out or given.get("class") in ("headerlink", "md-source-file"):
            self._left_out += tag not in VOID
        elif self._article or tag == "article":
            self.counts[tag] = self.counts.get(tag, 0) + 1
            self._article += tag not in VOID

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._left_out:
            self._left_out -= 1
        elif self._article:
            self._article -= 1

    def handle_data(self, data: str) -> None:
        if self._article and not self._left_out:
            self._pieces.append(data)
