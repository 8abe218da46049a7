from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st
from lsprotocol import types
from markdown_it import MarkdownIt
from tests.lsp.applying import at
from tests.lsp.findings import findings

from tightship.isolation.effect import KEYS, effect
from tightship.rules import every_rule
from tightship.values import capability
from tightship_lsp.features.code_lens import code_lenses
from tightship_lsp.features.hover import hover, remedy, why
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from tests.lsp.conftest import Edits

SOCKET = """\
services:
  web:
    image: nginx:1.29
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    read_only: true
"""
WEB = """\
services:
  web:
    image: ${NAME:-nginx}:1.27
    privileged: true
    cap_add: [NET_ADMIN]
    cap_drop:
      - NET_RAW
    security_opt: ["no-new-privileges"]
    pid: "service:db"
  db:
    image: postgres:17
    read_only: true
"""


class Reader:
    """Somebody who points at places."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.session = Session()
        self.session.add_folders([uri_of(str(self.folder))])
        self.texts: dict[str, str] = {}
        self.markdown = True
        self.findings = True

    def open(self, name: str, text: str, language: str = "dockercompose") -> str:
        uri = name if ":" in name else uri_of(str(self.folder / name))
        self.session.put(uri, language, 1, text)
        self.texts[uri] = text
        return uri

    def point(self, uri: str, part: str, within: int = 0) -> types.Hover | None:
        place = at(self.texts[uri], part, within)
        return hover(self.session, uri, place, markdown=self.markdown, findings=self.findings)

    def read(self, uri: str, part: str, within: int = 0) -> str:
        found = self.point(uri, part, within)
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def covered(self, uri: str, part: str, within: int = 0) -> str:
        """Return the text that a hover is about."""
        found = self.point(uri, part, within)
        assert found is not None
        assert found.range is not None
        start, end = found.range.start, found.range.end
        assert start.line == end.line
        line = self.texts[uri].splitlines()[start.line]
        return line[start.character : end.character]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_a_hover_on_a_finding_shows_what_why_and_how_to_fix(reader: Reader) -> None:
    uri = reader.open("compose.yaml", WEB)
    text = reader.read(uri, "true")
    assert text.startswith("**service `web` is privileged")
    assert "error: `privileged-container`" in text
    assert "gives every capability and every device of the host" in text
    assert "How to fix: Remove `privileged`" in text
    assert ". May break: " in text
    assert reader.covered(uri, "true") == "true"


def test_every_rule_has_a_reason_and_a_fix_to_show() -> None:
    for rule in every_rule():
        assert len(why(rule.doc)) > 40, rule.name
        assert len(remedy(rule.doc)) > 20, rule.name


def test_a_hover_on_a_service_shows_its_isolation(reader: Reader) -> None:
    uri = reader.open("compose.yaml", WEB)
    text = reader.read(uri, "web")
    assert text.startswith("**Isolation of `web`: grade F**. ")
    [table] = [part for part in text.split("\n\n") if part.startswith("|")]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.split("\n")]
    assert {len(row) for row in rows} == {4}
    assert rows[2] == ["✗", "capabilities", "all, by `privileged`", f"[compose.yaml:4]({uri}#L4)"]
    assert "✓" in {row[0] for row in rows}
    # What is missing there is told as well, below it.
    assert text.index("root file system") < text.index("writable-root-filesystem")
    assert reader.covered(uri, "web") == "web"


def test_the_key_of_a_list_describes_its_items(reader: Reader) -> None:
    text = WEB.replace("[NET_ADMIN]", "[NET_ADMIN, SYSLOG, NET_ADMIN, $MORE]")
    uri = reader.open("compose.yaml", text)
    assert reader.read(uri, "cap_add").startswith(
        "\n\n".join(effect("cap_add", name) for name in ("NET_ADMIN", "SYSLOG"))
    )
    assert reader.covered(uri, "cap_add") == "cap_add"
    assert effect("cap_drop", "NET_RAW") in reader.read(uri, "cap_drop")


@pytest.mark.parametrize(
    ("key", "value"), [("privileged", "true"), ("image", "nginx"), ("pid", "service:db")]
)
def test_a_key_describes_the_effect_of_its_value(reader: Reader, key: str, value: str) -> None:
    uri = reader.open("compose.yaml", WEB)
    assert reader.read(uri, value)
    assert reader.read(uri, key) == reader.read(uri, value)
    assert reader.covered(uri, key) == key


MOUNTS = """\
services:
  web:
    image: nginx:1.27@sha256:{digest}
    volumes:
      - /:/host
      - /var/run/docker.sock:/var/run/docker.sock
      - /etc:/etc
    restart: always
    ports:
      - "80:80"
  db:
    image: a:1
    volumes: [/home:/home]
""".format(digest="0" * 64)


def test_the_key_of_a_list_sums_up_its_findings(reader: Reader) -> None:
    uri = reader.open("compose.yaml", MOUNTS)
    rows = reader.read(uri, "volumes").splitlines()
    assert [row.rpartition(" ")[2] for row in rows] == [
        "(`host-root-mounted`)",
        "(`docker-socket-mounted`)",
        "(`sensitive-host-path-writable`)",
    ]
    assert reader.covered(uri, "volumes") == "volumes"


def test_an_editor_adds_messages_only_at_their_own_places(reader: Reader) -> None:
    uri = reader.open("compose.yaml", MOUNTS)
    told = reader.read(uri, "volumes")
    reader.findings = False
    assert reader.read(uri, "volumes") == told
    assert "**" not in reader.read(uri, "/:/host")


@pytest.mark.parametrize("key", ["services", "restart", "ports"])
def test_an_unknown_key_has_no_hover(reader: Reader, key: str) -> None:
    uri = reader.open("compose.yaml", MOUNTS.replace("80:80", "127.0.0.1:80:80"))
    assert reader.point(uri, key) is None


def test_a_service_is_known_by_its_name_in_every_file(reader: Reader) -> None:
    reader.open("compose.yaml", WEB)
    override = reader.open("compose.override.yaml", "services:\n  db:\n    read_only: false\n")
    assert "| root file system | writable |" in reader.read(override, "db")


def test_a_variable_shows_where_its_value_comes_from(reader: Reader) -> None:
    uri = reader.open("compose.yaml", WEB)
    text = reader.read(uri, "NAME")
    assert "In effect: `nginx:1.27`" in text
    assert "`NAME` is not set, so its default counts" in text
    env = reader.open(".env", "NAME=caddy\n", "dotenv")
    text = reader.read(uri, "NAME")
    assert "In effect: `caddy:1.27`" in text
    assert f"[.env:1]({env}#L1)" in text


def test_a_replaced_value_is_named_as_such(reader: Reader) -> None:
    uri = reader.open("compose.yaml", WEB)
    reader.open("compose.override.yaml", "services:\n  db:\n    image: redis:8\n")
    text = reader.read(uri, "postgres")
    assert "Not in effect: `redis:8` at [compose.override.yaml:3](" in text
    assert "in the place of" not in text
    over = reader.open("compose.override.yaml", "services:\n  db:\n    image: redis:8\n")
    assert "In effect: `redis:8`\n\n- in the place of `postgres:17`, [" in reader.read(
        over, "redis"
    )


def test_a_replaced_secret_is_hidden(reader: Reader) -> None:
    text = "services:\n  db:\n    image: a\n    environment: {DB_PASSWORD: hunter22x}\n"
    reader.open("compose.yaml", text)
    over = reader.open("compose.override.yaml", text.replace("hunter22x", "$PASSWORD"))
    found = reader.read(over, "$PASSWORD")
    assert "in the place of" in found
    assert "hunter22x" not in found


@pytest.mark.parametrize(
    ("tag", "said"), [("!reset []", "removes it"), ("!override ['81:80']", "replaces it")]
)
def test_a_removed_value_is_named_as_such(reader: Reader, tag: str, said: str) -> None:
    text = "services:\n  db:\n    image: a\n    ports: ['8080:80', '9090:90']\n"
    uri = reader.open("compose.yaml", text)
    over = reader.open("compose.override.yaml", f"services:\n  db:\n    ports: {tag}\n")
    for part in ("ports", "8080"):
        found = reader.read(uri, part)
        assert f"Not in effect: `{tag.split(' ')[0]}` at [compose.override.yaml:3](" in found
        assert found.count(said) == 1
    assert "Not in effect" not in reader.read(over, "ports")
    assert "Not in effect" not in reader.read(uri, "image")


@pytest.mark.parametrize(
    ("part", "said", "about"),
    [
        ("NET_ADMIN", "lets the container configure interfaces", "NET_ADMIN"),
        ("NET_RAW", "the container cannot craft packets", "NET_RAW"),
        ("no-new-pr", "Programs gain no privileges at start", '"no-new-privileges"'),
        ("service:db", "shares the PID namespace of the service `db`", '"service:db"'),
        ("pid:", "shares the PID namespace of the service `db`", "pid"),
    ],
)
def test_a_setting_describes_what_it_grants_or_removes(
    reader: Reader, part: str, said: str, about: str
) -> None:
    text = WEB.replace("    privileged: true\n", "")
    uri = reader.open("compose.yaml", text)
    assert said in reader.read(uri, part)
    assert reader.covered(uri, part) == about


def test_a_shared_setting_describes_its_effect(reader: Reader) -> None:
    text = "x-base: &base\n  ipc: host\nservices:\n  a:\n    <<: *base\n    image: x:1\n"
    uri = reader.open("compose.yaml", text)
    assert "`/dev/shm`" in reader.read(uri, "host")
    other = reader.open("other/compose.yaml", "networks:\n  pid:\n    pid: host\n")
    assert "PID" not in reader.read(other, "host")


def test_every_capability_describes_what_it_grants() -> None:
    for name in (*capability.ALL_CAPABILITIES, "ALL"):
        for key in ("cap_add", "cap_drop"):
            for spelling in (name, name.lower(), f"CAP_{name}"):
                if spelling != "CAP_ALL":  # which the engine rejects
                    assert effect(key, spelling)
    assert effect("cap_add", "NET_ADMINN") == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("security_opt", "seccomp:unconfined"),
        ("security_opt", "seccomp=./profile.json"),
        ("security_opt", "apparmor=unconfined"),
        ("security_opt", "apparmor:mine"),
        ("security_opt", "label=disable"),
        ("security_opt", "disable"),
        ("security_opt", "label:type:spc_t"),
        ("security_opt", "systempaths=unconfined"),
        ("security_opt", "no-new-privileges:false"),
        ("network_mode", "none"),
        ("network_mode", "container:x"),
        ("uts", "host"),
        ("userns_mode", "host"),
        ("cgroup", "private"),
        ("ipc", "none"),
    ],
)
def test_settings_of_isolation_are_known(key: str, value: str) -> None:
    assert effect(key, value)


@given(st.sampled_from(sorted(KEYS)), st.text())
def test_unknown_values_are_not_guessed(key: str, value: str) -> None:
    text = effect(key, value)
    assert "$" not in value or text == ""
    assert text.count("`") % 2 == 0


def test_a_stage_shows_the_configuration_of_its_image(reader: Reader) -> None:
    compose = "services:\n  web: {build: {context: ., target: last}}\n"
    reader.open("compose.yaml", compose)
    text = (
        "FROM alpine:3.22 AS first\nEXPOSE 80 443/udp\nVOLUME /data\nFROM first AS last\nUSER app\n"
    )
    uri = reader.open("Dockerfile", text, "dockerfile")
    told = reader.read(uri, "FROM first")
    assert "| User | `app` |" in told
    assert "| Exposes | `80`, `443/udp` |" in told
    assert "| Volumes | `/data` |" in told
    assert "| Run by | `web` |" in told
    assert reader.covered(uri, "FROM first") == "FROM first AS last"
    first = reader.read(uri, "FROM alpine")
    assert "| User | `root` |" in first
    assert "Run by" not in first


def test_a_standalone_dockerfile_shows_its_stages(reader: Reader) -> None:
    uri = reader.open("Dockerfile", "FROM x\nUSER app\n", "dockerfile")
    assert "| User | `app` |" in reader.read(uri, "FROM")


def test_plain_text_has_no_marks(reader: Reader) -> None:
    reader.markdown = False
    uri = reader.open("compose.yaml", WEB)
    found = reader.point(uri, "web")
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind == types.MarkupKind.PlainText
    assert "](" not in found.contents.value
    assert "|" not in found.contents.value
    assert "capabilities  all, by `privileged`  compose.yaml:4" in (found.contents.value)


@pytest.mark.parametrize(
    "name", ["a`b", "<img src=x>", "[a](command:b)", "a|b|c", "**a**", "`[a](b)`"]
)
def test_text_of_a_file_is_escaped(reader: Reader, name: str) -> None:
    text = f"services:\n  '{name}':\n    image: ${{X:-{name}}}\n    volumes: ['/:/{name}']\n"
    uri = reader.open("compose.yaml", text)
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for part in (name, "image", "X", "/:/"):
        for token in parser.parse(reader.read(uri, part, 1)):
            assert token.type != "html_block"
            for child in token.children or ():
                assert child.type not in ("html_inline", "image")
                if child.type == "link_open":
                    assert str(child.attrs["href"]).startswith("file:///")


def test_most_places_have_no_hover(reader: Reader) -> None:
    uri = reader.open("compose.yaml", WEB)
    assert reader.point(uri, "services") is None
    for line, column in ((99, 0), (0, 99), (11, 99), (12, 0)):
        place = types.Position(line, column)
        hover(reader.session, uri, place, markdown=True)
    assert hover(reader.session, "file:///x", types.Position(0, 0), markdown=True) is None
    python = reader.open("a.py", "web: true", "python")
    assert reader.point(python, "true") is None


CORPUS = (Path(__file__).parents[3] / "shared" / "corpus").resolve()
FILES = sorted(
    path
    for top in (CORPUS, Path(__file__).parents[1] / "projects")
    for path in top.rglob("*")
    if path.is_file()
    and not path.is_symlink()
    and ("ompose" in path.name or "ockerfile" in path.name)
    and path.suffix not in (".json", ".md")
)


@pytest.mark.skipif(not FILES, reason="there is no corpus")
@given(
    st.sampled_from(FILES),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1),
)
@settings(max_examples=settings().max_examples // 6)
def test_hovers_never_fail_in_half_typed_files(
    path: Path, start: int, end: int, places: list[tuple[int, int]]
) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    start, end = sorted((start % (len(text) + 1), end % (len(text) + 1)))
    session, uri = Session(), uri_of(str(path))
    kind = "dockerfile" if "ockerfile" in path.name else "dockercompose"
    for version, typed in enumerate((text, text[:start] + text[end:])):
        session.put(uri, kind, version, typed)
        lines = typed.count("\n") + 2
        for line, column in places:
            position = types.Position(line % lines, column)
            found = hover(session, uri, position, markdown=column % 2 == 0)
            if found is not None and found.range is not None:
                first, last = found.range.start, found.range.end
                assert (first.line, first.character) <= (last.line, last.character)
                # A line that is not there stands for the last one.
                assert first.line <= min(position.line, lines - 2) <= last.line
        for lens in code_lenses(session, uri):
            assert lens.range.start.line < lines


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "kind"),
    [("visual_studio_code", types.MarkupKind.Markdown), ("emacs", types.MarkupKind.Markdown)],
)
async def test_editors_get_the_markup_that_they_support(
    editor: Edits, name: str, kind: types.MarkupKind
) -> None:
    async with editor(name) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        found = await ed.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), at(WEB, "true"))
        )
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.kind == kind
        assert "privileged" in found.contents.value


def test_messages_shown_by_the_editor_are_not_repeated(reader: Reader) -> None:
    uri = reader.open("compose.yaml", WEB)
    told = reader.read(uri, "true")
    message = next(
        one.finding.message
        for one in findings(reader.session, uri)
        if one.rule.name == "privileged-container"
    )
    reader.findings = False
    rest = reader.read(uri, "true")
    assert "privileged-container" in told
    assert "privileged-container" not in rest
    assert message.split("`")[-1] not in rest
    assert "How to fix" in rest
    assert told.endswith(rest)


def test_the_first_rows_of_a_service_are_the_cause_of_its_grade(reader: Reader) -> None:
    text = reader.read(reader.open("compose.yaml", SOCKET), "web", 1)
    assert "grade F" in text
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    assert rows[0][1] == "host path"
    marks = [row[0].removeprefix("| ") for row in rows]
    assert marks == sorted(marks, key="✗?✓".index)
