"""The page for a browser: what is on it, how it is read, and that it asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.report.page import read

from tightship.cli.main import main
from tightship.isolation.reach_map import LIMITS
from tightship_annexes.review.html import report as html_report
from tightship_annexes.review.html.drawing import Box, Line, assign_layers, lay_out

if TYPE_CHECKING:
    from tests.report.page import Element

CSS = Path(html_report.__file__).parent / "templates" / "style.css"

PROJECT = """\
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
    networks: [front]
    depends_on: [api]
  api:
    build: .
    networks: [front, back]
    pid: host  # tightship: ignore[host-pid-namespace] it watches the others
    environment: {DB: db, DB_PASSWORD: CANARY1x}
    volumes: ["/srv/ghp_CANARY6789abcdefghijABCDEFGHIJ012345:/t"]
  db:
    image: postgres:18
    networks: [back]
    volumes: ["data:/var/lib/postgresql"]
  agent:
    image: example/agent
    networks: [back]
    volumes: ["/run/docker.sock:/run/docker.sock", "data:/data:ro"]
networks: {front: {}, back: {}}
volumes: {data: {}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(PROJECT)
    (tmp_path / "Dockerfile").write_text("FROM alpine\nUSER root\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def page_of(capsys: pytest.CaptureFixture[str], *words: str) -> Element:
    main(["check", "--output-format", "html", *words])
    return read(capsys.readouterr().out)


@pytest.mark.usefixtures("folder")
def test_a_page_is_one_file_that_fetches_nothing_and_runs_its_own_script_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = page_of(capsys)
    metas = [one.attributes for one in page.all("meta")]
    [policy] = [one["content"] for one in metas if one.get("http-equiv")]
    [script] = page.all("script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert not script.attributes
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline';"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )
    # It builds no markup, and asks for nothing.
    assert not re.search(r"HTML|fetch|XML|import|eval|src|https?:|storage", script.text)
    [style] = page.all("style")
    assert not re.search(r"url\(|@import|https?:|expression", style.text)


@pytest.mark.usefixtures("folder")
def test_a_screen_reader_finds_its_way(capsys: pytest.CaptureFixture[str]) -> None:
    page = page_of(capsys)
    assert page.attributes["lang"] == "en"
    assert [one.name for one in page.all("header", "main", "footer")] == [
        *("header", "main", "footer")
    ]
    levels = [int(one.name[1]) for one in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = pairwise(levels)
    assert all(after <= before + 1 for before, after in steps)
    assert all(one.attributes.get("scope") in ("row", "col") for one in page.all("th"))
    [picture] = page.all("svg")
    named = [page.one(key) for key in picture.attributes["aria-labelledby"].split()]
    assert [one.name for one in named] == ["title", "desc"]
    assert named[0].text == "Who reaches what in compose.yaml"
    assert "1 that controls the host" in named[1].text
    # What scrolls can be reached by the keyboard.
    assert all(one.attributes.get("tabindex") == "0" for one in page.all("pre"))


@pytest.mark.usefixtures("folder")
def test_each_service_has_its_profile_and_its_findings(capsys: pytest.CaptureFixture[str]) -> None:
    page = page_of(capsys)
    main(["check", "--output-format", "json"])
    data = json.loads(capsys.readouterr().out)
    articles = {one.all("h4")[0].text: one for one in page.all("article")}
    assert {"web", "api", "db", "agent"} <= articles.keys()
    for one in data["findings"]:
        subject = one["subject"]
        where = articles[subject["name"]] if subject["kind"] == "service" else page
        assert one["message"].replace("`", "") in where.text, one
        assert one["rule"] in [code.text for code in where.all("code")]
    rows = {
        cells[0].text: [cell.text for cell in cells[1:]]
        for row in articles["agent"].all("tr")[1:]
        if (cells := row.all("th", "td"))
    }
    assert len(rows) > 10
    assert rows["host path"] == [
        "weak",
        "/run/docker.sock commands the Docker daemon",
        "compose.yaml:20",
    ]
    assert articles["agent"].all("span")[0].text == "F"
    assert rows["root file system"][:2] == ["weak", "writable"]
    assert rows["own namespaces"] == ["strong", "pid, network, ipc, uts", ""]


@pytest.mark.usefixtures("folder")
def test_a_finding_has_its_line_and_its_patch(capsys: pytest.CaptureFixture[str]) -> None:
    page = page_of(capsys)
    [block] = [
        one
        for one in page.all("div")
        if "block" in one.classes and "docker-socket-mounted" in one.text
    ]
    assert "error" in block.classes
    [marked] = block.all("mark")
    assert marked.text.strip('"') == "/run/docker.sock:/run/docker.sock"
    [absences] = [one for one in page.all("article") if one.all("h4")[0].text == "db"]
    added = [one.text for one in absences.all("ins")]
    assert "+     read_only: true" in added


@pytest.mark.usefixtures("folder")
def test_the_map_has_boxes_paths_and_every_connection(capsys: pytest.CaptureFixture[str]) -> None:
    page = page_of(capsys)
    [picture] = page.all("svg")
    boxes = {
        one.all("title")[0].text: (one.classes, [t.text for t in one.all("text")])
        for one in picture.all("g")
    }
    assert boxes["web"] == (["service"], ["web", "8080/tcp"])
    assert boxes["db"] == (["store"], ["db"])
    assert boxes["agent"] == (["service"], ["agent", "control socket"])
    assert boxes["host"] == (["host"], ["host"])
    assert {"front", "back", "volume data", "outside"} <= boxes.keys()
    lists = [one for one in page.all("ol") if "paths" in one.classes]
    routes = [one.text for every in lists for one in every.all("li")]
    assert routes[0].startswith("outside→web→api→agent→host")
    assert any(one.startswith("outside→web→api→db") for one in routes)
    captions = [one.text for one in page.all("caption")]
    assert captions[:-1] == [
        "Reached from outside",
        "Leads to the host",
        "Networks",
        "Through the host's network",
        "Namespaces",
        "Shared files",
    ]
    assert page.text.count(LIMITS) == 1


def test_accepted_findings_and_gaps_are_on_the_page(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = page_of(capsys)
    titles = [one.text for one in page.all("h3")]
    assert "Not checked" not in titles
    [row] = [
        row
        for row in page.all("tr")
        if row.all("th") and "host-pid-namespace" in row.all("th")[0].text
    ]
    assert [cell.text for cell in row.all("td")] == [
        "comment",
        "it watches the others",
        "compose.yaml:10",
    ]
    (folder / "compose.yaml").write_text(f"include: [gone.yaml]\n{PROJECT}")
    page = page_of(capsys)
    assert "Not checked" in [one.text for one in page.all("h3")]
    assert "gone.yaml" in page.one("compose.yaml").all("ul")[0].text


@pytest.mark.usefixtures("folder")
def test_no_secret_is_in_a_row_or_in_the_map(capsys: pytest.CaptureFixture[str]) -> None:
    page = page_of(capsys)
    assert "/srv/****" in page.text
    assert "CANARY" not in page.text


HOSTILE = [
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "a\x1b[31m\u202eb",
    "`code` &amp; <b>",
    "'); </style>",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_files_are_text_everywhere(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    quoted = json.dumps(name)
    (folder / "compose.yaml").write_text(
        "services:\n"
        f"  {quoted}: {{image: {quoted}, networks: [{quoted}], user: {quoted},"
        f" ports: ['80:80'], volumes: [{json.dumps(name + ':/x')}, '/:/host'],"
        f" secrets: [{quoted}], depends_on: [{quoted}]}}\n"
        f"  b: {{image: redis, networks: [{quoted}], pid: {json.dumps('service:' + name)}}}\n"
        f"networks: {{{quoted}: {{}}}}\n"
    )
    page = page_of(capsys)  # which has no element and no attribute of another kind
    shown = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in name)
    assert shown in [one.text for one in page.all("h4")]
    assert page.all("svg")
    assert len(page.all("script")) == 1


def test_stages_of_one_name_in_two_dockerfiles_are_two(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "compose.yaml").write_text("services: {a: {build: ./a}, b: {build: ./b}}\n")
    for name in "ab":
        (folder / name).mkdir()
        (folder / name / "Dockerfile").write_text("FROM alpine:latest AS base\nFROM base\n")
    titles = [one.text.strip() for one in page_of(capsys).all("h4", "h3")]
    assert "stage base of a/Dockerfile" in titles
    assert "stage base of b/Dockerfile" in titles


def test_a_run_that_finds_nothing_has_a_page(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "compose.yaml").unlink()
    (folder / "Dockerfile").write_text("FROM scratch\nUSER 1000\n")
    page = page_of(capsys, "--select", "latest-base-image")
    assert "Nothing to show." in page.all("main")[0].text


@pytest.mark.usefixtures("folder")
def test_without_the_library_one_line_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(name: str) -> None:
        return None

    monkeypatch.setattr("importlib.util.find_spec", nothing)
    assert main(["check", "--output-format", "html=out.html"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "tightship: the format html needs Jinja2, which `pip install 'tightship[html]'` brings\n"
    )


@pytest.mark.usefixtures("folder")
def test_nothing_else_loads_the_library() -> None:
    script = (
        "import sys; from tightship.cli.main import main\n"
        "for form in ('text', 'json', 'markdown'):\n"
        "    main(['check', '--output-format', f'{form}=out'])\n"
        "main(['map'])\n"
        "assert 'jinja2' not in sys.modules and 'markupsafe' not in sys.modules\n"
        "main(['check', '--output-format', 'html=out'])\n"
        "assert 'jinja2' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


def themes() -> dict[str, dict[str, str]]:
    """Return the colours of the light and of the dark theme."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS.read_text(), re.DOTALL)
    read_all = re.compile(r"--(\w+): (#[0-9a-f]{6});").findall
    return {"light": dict(read_all(light)), "dark": dict(read_all(dark))}


def luminance(color: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_enough_contrast(theme: str) -> None:
    colors = themes()[theme]
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for ground in ("ground", "panel"):
        for text in ("text", "quiet", "error", "warning", "info", "added"):
            found = contrast(colors[text], colors[ground])
            assert found >= 4.5, (theme, text, ground, found)
    assert contrast(colors["text"], colors["mark"]) >= 4.5
    # What is no text but has a meaning: lines of the map, frames of grades.
    assert contrast(colors["quiet"], colors["panel"]) >= 3
    used = set(re.findall(r"(?<!-)color: ([^;]+);", CSS.read_text()))
    assert used <= {f"var(--{name})" for name in colors} | {"inherit"}


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=30))
def test_boxes_of_a_picture_do_not_overlap(pairs: list[tuple[int, int]]) -> None:
    boxes = [Box("service", ["x"], width=30 + number) for number in range(15)]
    for number, box in enumerate(boxes):
        box.height = 20 + number
    lines = [
        Line(boxes[start], boxes[end], "shared", arrow=True, certain=True)
        for start, end in pairs
        if start != end
    ]
    last = boxes[14] if any(boxes[14] in (x.start, x.end) for x in lines) else None
    assign_layers(boxes, lines, boxes[0], last)
    width, height = lay_out(boxes, lines)
    for number, one in enumerate(boxes):
        assert one.x >= 0
        assert one.x + one.width <= width
        assert one.y >= 0
        assert one.y + one.height <= height
        for other in boxes[:number]:
            is_beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            is_below = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert is_beside or is_below
    for line in lines:
        steps = pairwise(line.points)
        assert all(abs(one.layer - other.layer) <= 1 for one, other in steps)


def test_what_leads_to_the_host_is_first_and_equal_rows_are_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "compose.yaml").write_text(
        "services:\n"
        + "".join(f"  s{n}: {{image: nginx:1.29, privileged: false}}\n" for n in range(56))
        + "  p: {image: nginx:1.29, ports: ['80:80'], environment: {DB_PASSWORD: CANARY1x}}\n"
        + "  z: {image: nginx:1.29, volumes: ['/var/run/docker.sock:/s']}\n"
        + "  y: {image: nginx:1.29, volumes: ['/var/run/docker.sock:/s']}\n"
    )
    page = page_of(capsys)
    assert page.all("h1")[0].text == folder.name
    head, project, _ = page.all("section")
    steps = head.all("li")
    assert steps[0].text.startswith("service z can command the Docker daemon")
    assert "also compose.yaml:60" in steps[0].text
    assert "59 services lack hardening that tightship harden --write adds" in steps[-1].text
    [table] = [one for one in project.all("table") if "overview" in one.classes]
    rows = [[cell.text for cell in row.all("td", "th")] for row in table.all("tr")[1:]]
    assert [row[0] for row in rows] == ["F", "D", "D"]
    assert rows[0][1].split() == ["z,", "y"]
    [many] = [row for row in rows if "and 50 more" in row[1]]
    assert many[1].split()[:2] == ["s0,", "s1,"]
    assert [one.all("h4")[0].text for one in page.all("article")][:2] == ["z", "y"]


def test_a_rule_is_one_step_by_its_worst_finding(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "compose.yaml").write_text(
        "services:\n"
        "  a: {image: nginx:1.29, volumes: ['/etc:/x:ro']}\n"
        "  b: {image: nginx:1.29, volumes: ['/var:/x:ro']}\n"
    )
    first, *_, hardening = page_of(capsys).all("section")[0].all("li")
    assert first.text.startswith("service b ")
    assert "also compose.yaml:2" in first.text
    assert "2 services lack hardening" in hardening.text


def test_links_to_findings_and_services_stay_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def links() -> set[str]:
        ids = {one.attributes.get("id", "") for one in page_of(capsys).all("p", "li", "article")}
        return ids - {""}

    before = links()
    assert "compose.yaml.agent" in before
    assert any(one.startswith("docker-socket-mounted-") for one in before)
    text = PROJECT.replace("  web:", "  a: {image: nginx:1.29}\n  web:")
    (folder / "compose.yaml").write_text(text)
    assert before < links()


def test_files_that_were_seen_and_skipped_are_on_the_page(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "docker-compose.yml.j2").write_text("services: {}\n")
    section = page_of(capsys).all("section")[-1]
    assert section.all("h2")[0].text == "Files that were not checked"
    assert "docker-compose.yml.j2" in section.text


def test_a_cause_that_repeats_has_its_remedy_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text(
            "FROM debian:13\nUSER 1\nENV PASSWORD=abcdefgh1\n"
        )
    monkeypatch.chdir(tmp_path)
    page = page_of(capsys)
    first, *others = [one for one in page.all("div") if "puts a secret into" in one.text]
    assert first.all("pre")
    assert len(others) == 2
    for name, one in zip("bc", others, strict=True):
        assert not one.all("pre", "li")
        assert f"{name}/Dockerfile:3, as in a/Dockerfile:3" in one.text
        assert one.all("a")[-1].attributes["href"] == f"#{first.all('p')[0].attributes['id']}"
