"""The playground as people use it: typing, fixing, sharing, and without a network."""

from __future__ import annotations

import base64
import json
import shutil
import zlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from tests.site.playground.browsing import BUILT, ROOT, Page, Server

import tightship

if TYPE_CHECKING:
    from pathlib import Path

FIRST_LOOK = ROOT / "linter" / "docs" / "first-look"
EXAMPLES = {path.name: path.read_text("utf-8") for path in sorted(FIRST_LOOK.iterdir())}
EXAMPLE = EXAMPLES["compose.yaml"]
PRIVILEGED = """\
services:
  web:
    image: nginx:1.29
    privileged: true
"""
OVERRIDE = """\
services:
  web:
    read_only: false
"""
TAB, F8 = ("Tab", 9), ("F8", 119)


def rules_of(texts: dict[str, str]) -> set[str]:
    return {one.rule for one in tightship.check_texts(texts).findings}


def test_the_first_visit_shows_what_the_readme_shows(page: Page, server: Server) -> None:
    assert page.text() == EXAMPLE
    assert set(page.rules()) == rules_of(EXAMPLES)
    assert page.state().startswith("1 error, 4 warnings")
    assert page.complaints == []
    # Nothing is asked of anybody else, and all that is asked for is there.
    assert page.requests
    assert all(url.startswith(server.url) for url in page.requests)
    assert {(method, code) for method, _, code in server.asked} <= {("GET", 200), ("GET", 304)}


def test_findings_follow_the_text(empty: Page) -> None:
    empty.replace("compose.yaml", PRIVILEGED)
    empty.until("document.querySelector('#findings li.error')")
    assert "privileged-container" in empty.rules()
    empty.replace("compose.yaml", PRIVILEGED.replace("true", "false"))
    empty.until("!document.querySelector('#findings li.error')")
    assert "privileged-container" not in empty.rules()


def test_files_are_merged(empty: Page) -> None:
    empty.replace("compose.yaml", PRIVILEGED.replace("true", "${MODE}"))
    empty.checked()
    assert "privileged-container" not in empty.rules()
    empty.replace(".env", "MODE=true\n")
    empty.until("document.querySelector('#findings li.error')")
    empty.replace("compose.override.yaml", "services: {web: {privileged: false}}\n")
    empty.until("!document.querySelector('#findings li.error')")
    empty.replace("Dockerfile", "FROM alpine:3.22\nUSER root\n")
    empty.until("document.querySelector('#findings').textContent.includes('Dockerfile:2:6')")
    badges = empty.value(
        "[...document.querySelectorAll('#files .badge')].map((one) => one.textContent)"
    )
    assert badges[-1] == "1"


def test_a_fix_that_keeps_behaviour_and_its_undo(empty: Page) -> None:
    empty.replace("Dockerfile", "FROM alpine:3.22\nADD app.py /srv/\nUSER nobody\n")
    empty.until("document.querySelector('.fix.keeps-behaviour')")
    assert (
        empty.value("document.querySelector('.fix.keeps-behaviour .mark').textContent")
        == "keeps behaviour"
    )
    empty.click("#findings .fix.keeps-behaviour", "COPY")
    empty.until("!document.querySelector('.fix.keeps-behaviour')")
    fixed = "FROM alpine:3.22\nCOPY app.py /srv/\nUSER nobody\n"
    assert empty.text() == fixed
    empty.value("document.querySelector('.cm-content').focus()")
    empty.key("z", 90, modifiers=2)
    empty.until("document.querySelector('.fix.keeps-behaviour')")
    assert empty.text() == fixed.replace("COPY", "ADD")


def test_a_fix_shows_its_change_and_its_risk(page: Page) -> None:
    item = "[...document.querySelectorAll('#findings li')].find((li) => li.textContent.includes('unlimited-resources'))"
    assert page.value(f"{item}.querySelector('.mark').textContent") == "tightens"
    assert "May break: " in page.value(f"{item}.textContent")
    page.value(f"{item}.querySelector('.change').click()")
    page.until(f"{item}.querySelector('pre')")
    shown = page.value(f"{item}.querySelector('pre').textContent").splitlines()
    assert shown == ["compose.yaml:8", "+     mem_limit: 256m", "+     pids_limit: 2048"]


def test_a_fix_of_several_files(empty: Page) -> None:
    base = PRIVILEGED.replace("true", "false")
    empty.replace("compose.yaml", base)
    empty.replace("compose.override.yaml", OVERRIDE)
    empty.until("document.querySelector('#findings').textContent.includes('override.yaml:3')")
    empty.checked()
    empty.click("#findings .fix", "2 writable paths")
    empty.until("!document.querySelector('#findings').textContent.includes('override.yaml:3')")
    assert empty.text() == OVERRIDE.replace("false", "true")
    empty.click("#files [role=tab]", "compose.yaml")
    assert empty.text() == base + "    tmpfs:\n      - /var/cache/nginx\n      - /run\n"


def test_a_fix_in_the_editor(page: Page) -> None:
    page.value("document.querySelector('.cm-content').focus()")
    page.key(*F8)
    page.until("document.querySelector('.cm-tooltip .cm-diagnosticAction')")
    shown = page.value("document.querySelector('.cm-tooltip').textContent")
    assert "root file system" in shown
    assert "Fix (tightens)" in shown
    # The editor takes a press of the button, not a click.
    page.value(
        "document.querySelector('.cm-diagnosticAction').dispatchEvent("
        "new MouseEvent('mousedown', {bubbles: true, cancelable: true}))"
    )
    page.until("document.querySelector('.cm-content').textContent.includes('read_only')")


def test_all_fixes_at_once(page: Page) -> None:
    page.replace("Dockerfile", "FROM alpine:3.22\nADD app.py /srv/\nUSER nobody\n")
    page.until("document.querySelector('.fix.keeps-behaviour')")
    page.checked()
    page.click("#findings .all button", "(keeps behaviour)")
    page.until("document.querySelector('#status').textContent.startsWith('Fixed 1 finding ')")
    assert page.text() == "FROM alpine:3.22\nCOPY app.py /srv/\nUSER nobody\n"
    page.checked()
    page.click("#findings .all button", "(tightens)")
    page.until("document.querySelector('#status').textContent.startsWith('Fixed 4 findings ')")
    page.checked()
    assert page.rules()[0] == "docker-socket-mounted"
    assert not page.value("document.querySelector('#findings .fix')")
    page.click("#files [role=tab]", "compose.yaml")
    assert "    read_only: true\n    tmpfs:\n" in page.text()
    page.value("document.querySelector('.cm-content').focus()")
    page.key("z", 90, modifiers=2)
    page.until("document.querySelector('#findings .fix')")
    assert page.text() == EXAMPLE


def test_the_map_leads_to_the_host(page: Page) -> None:
    page.click("#results [role=tab]", "Map")
    path = "document.querySelector('#map .paths .host strong').textContent"
    assert page.value(path) == "outside → web → app → host"
    boxes = "[...document.querySelectorAll('#map svg g title')].map((one) => one.textContent)"
    assert {*page.value(boxes)} == {"outside", "web", "default", "app", "host"}
    page.replace("compose.override.yaml", "# nothing\n")
    page.until("!document.querySelector('#map .paths')")
    page.click("#clear")
    page.until("document.querySelector('#map .empty')")


def test_a_remembered_state_is_compared_with_the_text(page: Page) -> None:
    page.replace("compose.override.yaml", "# nothing\n")
    page.checked()
    page.click("#results [role=tab]", "Compare")
    page.click("#compare button", "Remember")
    summary = "document.querySelector('#compare [role=status]').textContent"
    page.until(f"{summary}.endsWith('isolation is unchanged.')")
    page.replace("compose.override.yaml", EXAMPLES["compose.override.yaml"])
    page.until(f"{summary}.endsWith('1 service worse.')")
    assert page.value("document.querySelector('#compare h2').textContent") == "A → F app"
    line = page.value("document.querySelector('#compare li.worse').textContent")
    assert "commands the Docker daemon" in line
    assert "compose.override.yaml:4" in line
    page.click("#compare button", "Go back")
    page.until(f"{summary}.endsWith('isolation is unchanged.')")
    assert page.text() == "# nothing\n"
    page.click("#compare button", "Forget")
    page.until("!document.querySelector('#compare [role=status]')")


def test_a_place_is_selected_in_its_file(empty: Page) -> None:
    line = "    volumes: [🐳🐳:/x, /var/run/docker.sock:/var/run/docker.sock]\n"
    empty.replace("compose.yaml", PRIVILEGED.replace("    privileged: true\n", line))
    empty.until("document.querySelector('#findings li.error')")
    empty.click("#files [role=tab]", "Dockerfile")
    empty.click("#findings .about:has([href*=docker-socket-mounted]) .place")
    assert empty.value("String(getSelection())") == ("/var/run/docker.sock:/var/run/docker.sock")
    selected = "document.querySelector('#files [aria-selected=true]').textContent"
    assert empty.value(selected).startswith("compose.yaml")


def test_the_isolation_of_services(page: Page) -> None:
    page.click("#results [role=tab]", "Isolation")
    grades = (
        "[...document.querySelectorAll('.profiles summary')].map((one) =>"
        " [...one.children].map((part) => part.textContent).join(' '))"
    )
    assert page.value(grades) == ["D web 5 weak mechanisms", "F app 2 weak mechanisms"]
    page.value("document.querySelector('.profiles summary').click()")
    page.click("#isolation .fix", "Drop all capabilities")
    page.until("document.querySelector('.cm-content').textContent.includes('cap_drop')")
    page.until("document.querySelector('.count').textContent.startsWith('4 weak')")
    assert page.value("document.querySelector('.profiles details').open")


def test_a_link_carries_the_texts(page: Page, server: Server) -> None:
    page.click("#clear")
    page.replace("compose.yaml", PRIVILEGED)
    page.replace("Dockerfile", "FROM alpine:3.22 # «🐳»\n")
    page.value("document.querySelector('#rules').value = 'strict'")
    page.value("document.querySelector('#rules').dispatchEvent(new Event('change'))")
    page.checked()
    rules = page.rules()
    page.click("#share")
    page.until("document.querySelector('#status').textContent.startsWith('The link')")
    address: str = page.value("location.href")
    assert urlsplit(address).fragment.isascii()
    server.asked.clear()
    page.visit(address)
    page.checked()
    assert page.text() == PRIVILEGED
    assert page.rules() == rules
    assert page.value("document.querySelector('#rules').value") == "strict"
    page.click("#files [role=tab]", "Dockerfile")
    assert page.text() == "FROM alpine:3.22 # «🐳»\n"
    assert not any("?" in path or "#" in path for _, path, _ in server.asked)


@pytest.mark.parametrize("fragment", ["1.!!", "1.AAAA", "1.", "1.q1YqSS0uUbJSUEpMSlaqBQA"])
def test_a_damaged_link_is_named(page: Page, server: Server, fragment: str) -> None:
    page.visit(f"{server.url}#{fragment}")
    page.until("document.querySelector('[role=alert]')")
    assert "The link is damaged" in page.state()
    page.checked()
    assert page.text() == EXAMPLE
    page.click("[role=alert] button", "Close")
    assert page.value("document.querySelector('[role=alert]')") is None


def test_a_link_that_would_fill_the_memory_is_rejected(page: Page, server: Server) -> None:
    text = json.dumps({"texts": {"compose.yaml": "#" * 50_000_000}, "set": ""})
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(text.encode()) + packer.flush()
    fragment = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    page.visit(f"{server.url}#1.{fragment}")
    page.until("document.querySelector('[role=alert]')")
    assert "the text is too long" in page.state()


def test_example_and_clear(page: Page) -> None:
    page.click("#clear")
    page.until("!document.querySelector('#findings li')")
    page.checked()
    assert page.text() == ""
    assert page.state().startswith("No findings")
    page.click("#example")
    page.until("document.querySelector('#findings li')")
    assert page.text() == EXAMPLE


def test_the_keyboard_does_everything(page: Page) -> None:
    page.value("document.querySelector('#files [aria-selected=true]').focus()")
    page.key("ArrowRight", 39)
    focus = "document.activeElement.textContent"
    assert page.value(focus) == "compose.override.yaml1"  # with the count of its findings
    page.key("ArrowLeft", 37)
    page.key("ArrowLeft", 37)
    assert page.value(focus) == "Dockerfile"
    page.key(*TAB)
    assert page.value("document.activeElement.ariaLabel") == "Dockerfile"
    # In the editor, Tab is a tab, and after Esc the way out.
    page.key(*TAB)
    assert page.text() == f"  {EXAMPLES['Dockerfile']}"
    page.key("Escape", 27)
    page.key(*TAB)
    assert page.value(focus).startswith("Findings")
    reached = set[str]()
    for _ in range(12):
        page.key(*TAB)
        reached.add(page.value("document.activeElement.className"))
    assert {"place", "fix tightens"} <= reached


def test_messages_are_texts_and_never_markup(empty: Page) -> None:
    evil = "<img src=x onerror=alert(1)>"
    empty.replace("compose.yaml", f"services:\n  web:\n    image: nginx\n    '{evil}': 1\n")
    empty.until(f"document.querySelector('#findings').textContent.includes('{evil}')")
    assert empty.value("document.querySelector('#findings img')") is None
    assert empty.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 400])
def test_the_page_fits_in_both_schemes(page: Page, scheme: str, width: int) -> None:
    page.emulate(scheme, width)
    assert page.value("document.documentElement.scrollWidth") <= width
    ground = page.value("getComputedStyle(document.querySelector('.cm-editor')).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}[scheme]
    # The selected file is in sight, also where not all are.
    page.click("#files [role=tab]", "Dockerfile")
    right = "document.querySelector('#files [aria-selected=true]').getBoundingClientRect().right"
    assert round(page.value(right)) <= width


def test_it_works_without_a_network_after_one_visit() -> None:
    with Page(1200, 800) as page:
        with Server() as server:
            url = server.url
            page.visit(url)
            page.until("document.documentElement.dataset.offline === 'ready'")
        page.visit(url)  # nobody listens there any more
        page.checked()
        assert set(page.rules()) == rules_of(EXAMPLES)
        page.click("#clear")
        page.replace("compose.yaml", PRIVILEGED)
        page.until("document.querySelector('#findings li.error')")
        page.visit(f"{url}?from=elsewhere#1.broken")
        page.until("document.querySelector('[role=alert]')")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the playground that a test may change."""
    shutil.copytree(BUILT, tmp_path / "copy")
    return tmp_path / "copy"


def test_a_new_version_replaces_the_old_one_as_a_whole(copy: Path) -> None:
    ready = "document.documentElement.dataset.offline === 'ready'"
    with Page(1200, 800) as page, Server(folder=copy) as server:
        page.visit(server.url)
        page.until(ready)
        (version,) = page.value_of("caches.keys()")
        hash_of_files = version.split(" ")[-1]
        for name, old, new in (
            ("service-worker.js", hash_of_files, "0123456789abcdef"),
            ("index.html", "<title>Tightship", "<title>Newer"),
        ):
            text = (copy / name).read_text("utf-8")
            assert old in text
            (copy / name).write_text(text.replace(old, new), "utf-8")
        page.visit(server.url)  # the old one, which finds the new one behind it
        assert page.value("document.title") == "Tightship playground"
        page.until(ready)
        page.until("caches.keys().then((all) => all.length === 2)")
        page.until("navigator.serviceWorker.getRegistration().then((one) => !!one.waiting)")
        page.visit(server.url)
        page.until("document.title === 'Newer playground'")
        page.checked()
        page.until("caches.keys().then((all) => all.length === 1)")


def test_without_a_good_snapshot_it_starts_from_the_packages(copy: Path) -> None:
    (copy / "snapshot.gz").write_bytes(b"no snapshot")
    with Page(1200, 800) as page, Server(folder=copy) as server:
        page.visit(server.url)
        page.until("document.querySelector('#findings li')")
        assert set(page.rules()) == rules_of(EXAMPLES)


def test_a_linter_that_does_not_start_says_why(copy: Path) -> None:
    (copy / "pyodide" / "pyodide.asm.wasm").unlink()
    with Page(1200, 800) as page, Server(folder=copy) as server:
        page.visit(server.url)
        page.until("document.querySelector('[role=alert]')")
        assert "The linter did not start" in page.state()
        assert page.value("document.querySelector('[role=alert] button').textContent") == "Reload"
