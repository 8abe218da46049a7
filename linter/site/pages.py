"""The pages of the site: which there are outside of linter/docs, and how links are followed.

Links in the repository are relative to the file that they are in. On the site, one to a file
that has no page leads to the repository, or is plain text while that has no address.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
DOCS = "linter/docs"

PAGES = {
    "index.md": "linter/site/front.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": ".github/CONTRIBUTING.md",
    "vscode.md": "vscode-ext/README.md",
}
"""The pages that are elsewhere in the repository, by their names on the site."""

PLAYGROUND = Path(__file__).with_name("playground") / "dist"
"""The playground, once it is built: a page `index.html` and all that it loads."""

# It loads when it is opened, and no sooner: a visit downloads 17 MB.
_EMBEDDED = """\
<details class="playground">
<summary>Try it here: this project in your browser, which sends nothing</summary>
<iframe src="playground/index.html" title="Playground" loading="lazy"></iframe>
</details>
"""

_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s:#]+)(#[^)\s]*)?\)")
_BLOCK = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
_ITEM = re.compile(r"^(?:```(?:.|\n)*?^```$|\d\. .*(?:\n(?:   .*)?)*)", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]+`")


def playground_is_built() -> bool:
    """Return whether the site can have the playground."""
    return (PLAYGROUND / "index.html").is_file()


def embedded(markdown: str) -> str:
    """Return the front page with the playground, if it is built."""
    return markdown.replace("<!-- playground -->\n", _EMBEDDED if playground_is_built() else "")


def linked(markdown: str, page: str, repository: str) -> str:
    """Return the text of a page with links as they have to be on the site."""
    source = PAGES.get(page, f"{DOCS}/{page}")
    names = {path: name for name, path in PAGES.items()}

    def followed(link: re.Match[str]) -> str:
        mark, text, target, anchor = link[1], link[2], link[3], link[4] or ""
        path = normpath(join(dirname(source), target))
        if path.startswith(f"{DOCS}/"):
            path = path.removeprefix(f"{DOCS}/")
        elif path in names:
            path = names[path]
        elif repository:
            return f"{mark}[{text}]({repository}/blob/main/{path}{anchor})"
        else:
            return text
        return f"{mark}[{text}]({relpath(path, dirname(page) or '.')}{anchor})"

    return _outside_of_blocks(markdown, lambda text: _LINK.sub(followed, text))


def readable(markdown: str) -> str:
    """Return the text without notes to our tests, and as Python-Markdown reads it.

    What belongs to an item of a numbered list is indented by three spaces for CommonMark, and
    by four here. In a code span of a table, a code host needs a backslash before `|`, which
    would be shown here.
    """

    def row(found: re.Match[str]) -> str:
        return _CODE.sub(lambda code: code[0].replace("\\|", "|"), found[0])

    def item(found: re.Match[str]) -> str:
        text = found[0]
        return text if text[0] == "`" else text.replace("\n   ", "\n    ")

    text = _outside_of_blocks(markdown, lambda text: _ROW.sub(row, _COMMENT.sub("", text)))
    return _ITEM.sub(item, text)


def _outside_of_blocks(markdown: str, change: Callable[[str], str]) -> str:
    pieces, end = list[str](), 0
    for block in _BLOCK.finditer(markdown):
        pieces += [change(markdown[end : block.start()]), block[0]]
        end = block.end()
    return "".join([*pieces, change(markdown[end:])])
