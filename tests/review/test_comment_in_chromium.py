"""The comment on a pull request as a reader sees it: rendered, in a browser.

A code host renders the Markdown and draws the diagram; here the diagram stays its source.
The pictures are in ``tests/review/artefacts`` afterwards.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from tests.report.chromium import PROGRAM, Browser

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium")

ARTEFACTS = Path(__file__).parent / "artefacts"

BEFORE = """\
services:
  proxy:
    image: nginx:1.29
    ports: ["443:443"]
    networks: [front]
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE, CHOWN, SETUID, SETGID]
  api:
    image: example/api:1.4
    user: "1000"
    read_only: true
    networks: [front, back]
    depends_on: [proxy]
  worker:
    image: example/worker:1.4
    networks: [back]
  db:
    image: postgres:18
    networks: [back]
  cache:
    image: redis:8
    networks: [back]
    ports: ["6379:6379"]
networks: {front: {}, back: {}}
"""
AFTER = (
    BEFORE.replace('user: "1000"', 'user: "0"\n    privileged: true')
    .replace("networks: [front]\n", "networks: [front, back]\n")
    .replace('    ports: ["6379:6379"]\n', "    read_only: true\n")
    .replace("example/worker:1.4\n", "example/worker:1.4\n    pid: host\n")
).replace(
    "networks: {front", "  shell:\n    image: busybox:1.37\n    networks: [back]\nnetworks: {front"
)

# What a code host sets for a comment: its width, its letters, the lines of a table.
PAGE = """\
<!doctype html><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>comment</title>
<style>
body {{ font: 14px/1.5 sans-serif; max-width: 820px; margin: 16px auto; padding: 0 16px; }}
table {{ border-collapse: collapse; display: block; overflow: auto; }}
th, td {{ border: 1px solid #d0d7de; padding: 6px 13px; text-align: left; }}
code, pre {{ font: 12px monospace; background: #f2f3f5; border-radius: 4px; }}
code {{ padding: 2px 4px; }} pre {{ padding: 12px; overflow: auto; }}
</style>{}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(width=900) as one:
        yield one


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("comment"), BEFORE, AFTER)


def rendered(folder: Path, old: str, new: str) -> Path:
    for name, text in (("before", old), ("after", new)):
        (folder / name).mkdir()
        (folder / name / "compose.yaml").write_text(text, "utf-8")
    written = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(written):
        patch.chdir(folder)
        assert main(["diff", "before", "after", "--output-format=markdown"]) == 1
    markdown = written.getvalue()
    html = MarkdownIt("gfm-like", {"linkify": False}).render(markdown)
    (folder / "comment.html").write_text(PAGE.format(html), "utf-8")
    return folder / "comment.html"


@pytest.mark.parametrize("width", [900, 390])
def test_the_comment_shows_which_services_got_worse_and_why(
    browser: Browser, page: Path, width: int
) -> None:
    browser.emulate("light", width)
    browser.open(page)
    ARTEFACTS.mkdir(exist_ok=True)
    browser.picture(ARTEFACTS / f"comment-{width}.png")
    assert browser.complaints == []
    assert browser.requests == []
    assert browser.value("document.documentElement.scrollWidth") <= width
    heading = browser.value("document.querySelector('h2').innerText")
    assert heading.startswith("Tightship: isolation of ")
    rows = cells(browser)
    assert rows[0] == ["service", "grade", "what changed"]
    found = {name: (grade, what) for name, grade, what in rows[1:]}
    assert [*found] == ["api", "worker", "db", "cache", "shell"], "the worst first"
    assert found["api"] == (
        "C\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}F",
        "worse · privileged (capabilities, host device, seccomp, masks over /proc and"
        " /sys, AppArmor, SELinux): off → on (not set → compose.yaml:11)\n"
        "worse · user: 1000 → root (compose.yaml:10)",
    )
    assert "better · published port 6379/tcp: 6379 on all" in found["cache"][1]
    assert found["shell"][1] == "new"


def test_the_map_is_a_block_that_a_code_host_draws(browser: Browser, page: Path) -> None:
    browser.open(page)
    source = browser.value("document.querySelector('code.language-mermaid').textContent")
    assert source.startswith("flowchart LR\n")
    assert 'outside -.->|"gone: port 6379/tcp"|' in source
    assert '==>|"new: privileged"| host' in source


def test_the_rest_of_the_comment_is_folded(browser: Browser, tmp_path: Path) -> None:
    old = "services:\n" + "".join(f"  s{n}: {{image: x{n}}}\n" for n in range(58))
    new = old.replace("}", ", ports: ['80'], pid: host, privileged: true}")
    browser.open(rendered(tmp_path, old, new))
    browser.picture(ARTEFACTS / "comment-58.png")
    hidden = (
        "[...document.querySelectorAll('details :is(li, p)')].every(one => !one.checkVisibility())"
    )
    assert browser.value("document.querySelectorAll('details li').length") > 100
    assert browser.value(hidden) is True
    browser.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.value(hidden) is False


def cells(browser: Browser) -> list[list[str]]:
    """Return the text of the table, cell by cell."""
    table: list[list[str]] = browser.value(
        "[...document.querySelectorAll('tr')]"
        ".map(row => [...row.cells].map(cell => cell.innerText))"
    )
    return table
