"""What configuration files say, in the editor as on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.lsp.conftest import WEB, rules
from tests.lsp.findings import findings

from tightship.engine.accept.baseline import written
from tightship_lsp.session import Session
from tightship_lsp.settings import Settings
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import Editor, Edits

IGNORE = 'ignore = ["privileged-container"]\n'


class Desk:
    """A session in a folder whose client watches files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.said: list[str] = []
        self.warned: list[str] = []
        self.session = Session(self.said.append, self.warned.append)
        self.session.watched = True
        self.session.add_folders([uri_of(str(self.folder))])
        self.version = 1

    def uri(self, name: str) -> str:
        return uri_of(str(self.folder / name))

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.session.touch([self.uri(name)])

    def open(self, name: str, text: str, language: str = "dockercompose") -> str:
        uri = self.uri(name)
        self.session.put(uri, language, 1, text)
        return uri

    def change(self, uri: str, text: str) -> None:
        self.version += 1
        self.session.change(uri, self.version, [(None, text)], lambda _, at: at)

    def rules(self, uri: str) -> list[str]:
        return [one.rule.name for one in findings(self.session, uri)]

    def problems(self, uri: str) -> list[str]:
        report = self.session.report(uri)
        assert report is not None
        return [one.message for one in report.problems]

    def grade(self, uri: str, rule: str) -> str:
        [one] = [one for one in findings(self.session, uri) if one.rule.name == rule]
        return one.severity.word


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("name", "head"),
    [("tightship.toml", ""), (".tightship.toml", ""), ("pyproject.toml", "[tool.tightship]\n")],
)
def test_a_configuration_applies_below_its_folder_and_follows_edits(
    desk: Desk, name: str, head: str
) -> None:
    uri = desk.open("app/compose.yaml", WEB)
    assert "privileged-container" in desk.rules(uri)
    desk.write(name, head + IGNORE)
    assert "privileged-container" not in desk.rules(uri)
    unsaved = desk.open(name, head + 'ignore = ["root-user"]\n', "toml")
    assert "privileged-container" in desk.rules(uri)
    desk.session.close(unsaved)
    assert "privileged-container" not in desk.rules(uri)
    nearer = desk.open("app/tightship.toml", "", "toml")
    assert "privileged-container" in desk.rules(uri)
    desk.session.close(nearer)
    (desk.folder / name).unlink()
    desk.session.touch([desk.uri(name)])
    assert "privileged-container" in desk.rules(uri)


def test_a_changed_configuration_judges_only_projects_below_it(desk: Desk) -> None:
    one, two = desk.open("one/compose.yaml", WEB), desk.open("two/compose.yaml", WEB)
    first = {uri: desk.session.report(uri) for uri in (one, two)}
    desk.write("one/tightship.toml", IGNORE)
    for uri, is_same in ((one, False), (two, True)):
        now, before = desk.session.report(uri), first[uri]
        assert now is not None
        assert before is not None
        assert now.is_like(before) == is_same


def test_settings_of_the_editor_override_those_of_files(desk: Desk) -> None:
    desk.write("tightship.toml", 'select = ["network"]\nignore = ["unlimited-log"]\n')
    uri = desk.open("compose.yaml", WEB)
    assert "privileged-container" not in desk.rules(uri)
    desk.session.configure(Settings.read({"select": ["default"]}))
    found = desk.rules(uri)
    assert "privileged-container" in found
    assert "unlimited-log" not in found
    desk.session.configure(Settings.read({"ignore": ["privileged-container"]}))
    assert "privileged-container" not in desk.rules(uri)


def test_exceptions_and_the_host_grade_and_accept_findings(desk: Desk) -> None:
    desk.write(
        "tightship.toml",
        '[severity]\nprivileged-container = "info"\n'
        '[host]\nlsm = "none"\n'
        '[[per-path]]\npaths = ["dev/"]\nignore = ["privileged-container"]\n'
        'reason = "nobody runs it"\n'
        '[[per-service]]\nservices = ["d*"]\nignore = ["privileged-container"]\n'
        'reason = "it has to"\n',
    )
    uri = desk.open("compose.yaml", WEB)
    assert desk.grade(uri, "privileged-container") == "info"
    dev = desk.open("dev/compose.yaml", WEB)
    assert "privileged-container" not in desk.rules(dev)
    db = desk.open("db/compose.yaml", WEB.replace("web:", "db:"))
    assert "privileged-container" not in desk.rules(db)
    relaxed = "services:\n  a:\n    image: a:1\n    security_opt: [apparmor:unconfined]\n"
    lone = desk.open("lone/compose.yaml", relaxed)
    report = desk.session.report(lone)
    assert report is not None
    [(judged, project)] = [
        pair for pair in report.found if pair[0].rule.name == "apparmor-unconfined"
    ]
    [because] = [one for one in judged.finding.because if "host" in one.message]
    assert report.uri_of(project, because.span.source) == desk.uri("tightship.toml")


def test_known_findings_of_a_baseline_are_hidden_and_new_ones_shown(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    before = findings(desk.session, uri)
    assert before
    desk.write("tightship.toml", 'baseline = "known.json"\n')
    assert desk.problems(desk.open("tightship.toml", 'baseline = "known.json"\n'))
    assert len(desk.rules(uri)) == len(before)
    desk.write("known.json", written(before))
    assert desk.rules(uri) == []
    assert desk.problems(desk.uri("tightship.toml")) == []
    desk.change(uri, WEB + "    pid: host\n")
    assert desk.rules(uri) == ["host-pid-namespace"]
    # Judged again, it is known again.
    desk.change(uri, WEB + "#\n")
    assert desk.rules(uri) == []


def test_a_baseline_of_the_usual_name_counts_unless_the_workspace_is_not_trusted(
    desk: Desk,
) -> None:
    uri = desk.open("compose.yaml", WEB)
    before = findings(desk.session, uri)
    desk.write("tightship-baseline.json", written(before))
    assert desk.rules(uri) == []
    desk.session.configure(Settings.read({"tightship": {"trusted": False}}))
    assert len(desk.rules(uri)) == len(before)


@pytest.mark.parametrize("put", [" # tightship: ignore[privileged-container] -- a test"])
def test_a_typed_comment_removes_a_finding(desk: Desk, put: str) -> None:
    uri = desk.open("compose.yaml", WEB)
    assert "privileged-container" in desk.rules(uri)
    desk.change(uri, WEB.rstrip() + put + "\n")
    assert "privileged-container" not in desk.rules(uri)
    desk.write("tightship.toml", "require-reason = true\n")
    assert "privileged-container" not in desk.rules(uri)
    desk.change(uri, WEB.rstrip() + put.partition(" --")[0] + "\n")
    assert "privileged-container" in desk.rules(uri)


def test_files_that_are_put_together_are_one_project(desk: Desk) -> None:
    desk.write(
        "tightship.toml",
        '[[project]]\nfiles = ["base.yaml", "more/prod.yaml"]\nenv-files = ["p.env"]\n',
    )
    desk.write("base.yaml", "services:\n  web:\n    build: app\n    pid: ${P}\n")
    desk.write("app/Dockerfile", "FROM a:1\n")
    desk.write("p.env", "P=host\n")
    # Neither name is one of Compose's, and an editor calls it YAML.
    prod = desk.open("more/prod.yaml", "services:\n  web:\n    user: '1'\n", "yaml")
    base = desk.open("base.yaml", "services:\n  web:\n    build: app\n    pid: ${P}\n")
    dockerfile = desk.open("app/Dockerfile", "FROM a:1\nUSER root\n", "dockerfile")
    assert "host-pid-namespace" in desk.rules(base)
    assert "image-runs-as-root" not in desk.rules(dockerfile)
    [project] = {
        id(one): one
        for uri in (prod, base)
        for one in desk.session.report(uri).projects  # type: ignore[union-attr]
    }.values()
    assert [one.name for one in project.inspection.services] == ["web"]
    desk.change(prod, "services:\n  web:\n    privileged: true\n")
    assert "privileged-container" in desk.rules(prod)
    assert "image-runs-as-root" in desk.rules(dockerfile)
    desk.open("p.env", "P=\n", "dotenv")
    assert "host-pid-namespace" not in desk.rules(base)


def test_findings_of_several_projects_are_shown_once(desk: Desk) -> None:
    desk.write(
        "tightship.toml",
        '[[project]]\nfiles = ["compose.yaml", "compose.prod.yaml"]\n'
        '[[project]]\nfiles = ["compose.yaml", "compose.dev.yaml"]\n',
    )
    desk.write("compose.prod.yaml", "services: {web: {hostname: web}}\n")
    dev = desk.open("compose.dev.yaml", "services: {web: {pid: host}}\n")
    uri = desk.open("compose.yaml", WEB)
    assert desk.rules(uri).count("privileged-container") == 1
    assert "host-pid-namespace" in desk.rules(dev)
    # Each project is judged in place of what Compose would load by itself.
    desk.open("compose.override.yaml", "services: {web: {privileged: false}}\n")
    assert "privileged-container" in desk.rules(uri)


def test_a_scan_judges_what_texts_name(desk: Desk) -> None:
    desk.write("tightship.toml", 'exclude = ["old.txt"]\n')
    desk.write("up.sh", "docker compose -f stack.txt up\ndocker compose -f old.txt up\n")
    desk.write("a/Makefile", "image:\n\tdocker build -f Dockerfile.bak .\n")
    for name in ("stack.txt", "old.txt", "other.txt"):
        desk.write(name, WEB)
    desk.write("a/Dockerfile.bak", "FROM alpine\n")
    scanned = {one.uri for one in desk.session.scan()}
    assert scanned == {desk.uri("stack.txt"), desk.uri("a/Dockerfile.bak")}


def test_a_scan_applies_exclusions_and_file_sets(desk: Desk) -> None:
    desk.write(
        "tightship.toml", 'exclude = ["vendor/"]\n[[project]]\nfiles = ["base.yaml", "prod.yaml"]\n'
    )
    desk.write("base.yaml", "services: {web: {image: 'a:1'}}\n")
    desk.write("prod.yaml", "services: {web: {pid: host}}\n")
    desk.write("vendor/compose.yaml", WEB)
    desk.write("a/compose.yaml", WEB)
    scanned = {one.uri: one for one in desk.session.scan()}
    assert scanned.keys() == {
        desk.uri(name) for name in ("a/compose.yaml", "base.yaml", "prod.yaml")
    }
    found = [one.rule.name for one in scanned[desk.uri("prod.yaml")].findings]
    assert "host-pid-namespace" in found
    # What is named, as a document that is opened is, is judged all the same.
    assert desk.rules(desk.open("vendor/compose.yaml", WEB))
    # The last settings that made sense count here, too.
    desk.open("tightship.toml", 'exclude = ["vendor/"\n', "toml")
    desk.session.close(desk.uri("vendor/compose.yaml"))
    assert desk.uri("vendor/compose.yaml") not in {one.uri for one in desk.session.scan()}


def test_an_invalid_configuration_is_reported_and_the_last_valid_one_applies(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    toml = desk.open("tightship.toml", IGNORE, "toml")
    assert "privileged-container" not in desk.rules(uri)
    assert desk.problems(toml) == []
    for text in (IGNORE + "fail_on = 1\n", IGNORE + "fail 1", 'ignore = ["privil'):
        desk.change(toml, text)
        assert "privileged-container" not in desk.rules(uri)
        assert desk.problems(toml)
    # Its problems are shown in it, and nowhere else as long as it is open.
    assert desk.warned == []
    assert len(desk.said) == 1
    assert "tightship.toml:2:1" in desk.said[0]
    assert "last valid settings" in desk.said[0]
    desk.change(toml, "")
    assert desk.problems(toml) == []
    assert "privileged-container" in desk.rules(uri)
    # Once it is closed, only a message can tell of them.
    desk.write("tightship.toml", "")
    desk.session.close(toml)
    assert desk.rules(uri)
    desk.write("tightship.toml", "fail_on = 1\n")
    assert "privileged-container" in desk.rules(uri)
    assert len(desk.warned) == 1
    assert "tightship.toml:1:1" in desk.warned[0]


def test_a_file_closed_with_problems_shows_a_message(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    toml = desk.open("tightship.toml", IGNORE, "toml")
    desk.change(toml, "fail_on = 1\n")
    assert desk.rules(uri)
    assert desk.warned == []
    desk.write("tightship.toml", "fail_on = 1\n")
    desk.session.close(toml)
    for _ in range(2):
        assert desk.rules(uri)
        desk.session.touch([desk.uri("tightship.toml")])
    assert len(desk.warned) == 1


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "typed", ["f", "fail-on", "  fail-on =", "[", "[ru", "[[project", "[rules.x]", '"a']
)
def test_a_key_that_is_half_typed_is_no_problem_yet(desk: Desk, typed: str, line_end: str) -> None:
    before = IGNORE.replace("\n", line_end)
    toml = desk.open("tightship.toml", before, "toml")
    uri = desk.open("compose.yaml", WEB)
    assert "privileged-container" not in desk.rules(uri)
    for after in ("", line_end, f'{line_end}exclude = ["a"]{line_end}'):
        desk.change(toml, before + typed + after)
        assert desk.problems(toml) == []
        assert "privileged-container" not in desk.rules(uri)
        assert desk.warned == []
        # A save ends the typing.
        desk.session.save(toml)
        assert len(desk.problems(toml)) == 1


@pytest.mark.parametrize(
    "text", ["fail_on = 1", 'fail-on = "erro"', "fail-on = 1", "ignore = [", "a b"]
)
def test_a_key_with_its_value_is_a_problem_at_once(desk: Desk, text: str) -> None:
    toml = desk.open("tightship.toml", "", "toml")
    desk.change(toml, f"{text}\n")
    assert len(desk.problems(toml)) == 1


@pytest.mark.parametrize("name", ["tightship.toml", "pyproject.toml"])
def test_without_an_earlier_valid_configuration_the_defaults_apply(desk: Desk, name: str) -> None:
    desk.write("tightship.toml", IGNORE)
    desk.write(f"app/{name}", "[tool.tightship]\n= 1\n" + IGNORE)
    uri = desk.open("app/compose.yaml", WEB)
    assert "privileged-container" in desk.rules(uri)
    assert "defaults" in desk.warned[0]
    assert len(desk.warned) == 1


def test_an_unreadable_configuration_is_harmless(desk: Desk) -> None:
    (desk.folder / "tightship.toml").mkdir()
    uri = desk.open("compose.yaml", WEB)
    assert "privileged-container" in desk.rules(uri)
    assert "directory" in desk.warned[0]
    desk.write("sub/compose.yaml", WEB)
    assert desk.uri("sub/compose.yaml") in {one.uri for one in desk.session.scan()}


@pytest.mark.asyncio
@pytest.mark.parametrize("client", ["visual_studio_code", "neovim@v0.11"])
async def test_an_editor_shows_what_is_wrong_with_a_configuration(
    editor: Edits, client: str
) -> None:
    async with editor(client) as ed:
        toml = ed.open("tightship.toml", "toml", "fail_on = 1\n" + IGNORE)
        [shown] = await _shown(ed, toml, 1)
        assert shown.code == "configuration"
        assert shown.source == "tightship"
        start = types.Position(0, 0)
        assert shown.range == types.Range(start, types.Position(0, 7))
        assert "`fail-on`" in shown.message
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        assert "privileged-container" in rules(await _shown(ed, uri, 1))
        assert len(ed.client.messages) == 0
        assert any("tightship.toml" in one.message for one in ed.client.log_messages)
        ed.change(toml, 2, IGNORE)
        assert await _shown(ed, toml, 2) == []
        await ed.until(lambda: ed.shown(uri) is None or "privileged-container" not in _now(ed, uri))
        assert "privileged-container" not in rules(await _shown(ed, uri, 1))


@pytest.mark.asyncio
async def test_an_editor_watches_configuration_files(editor: Edits, tmp_path: Path) -> None:
    async with editor() as ed:
        await ed.until(lambda: ed.registered)
        text = json.dumps(ed.client.protocol._converter.unstructure(ed.registered))
        assert "{tightship,.tightship,pyproject}.toml" in text
        assert "facts" in text
        assert "baseline" in text
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        assert "privileged-container" in rules(await ed.publishes(uri, version=1))
        (tmp_path / "tightship.toml").write_text(IGNORE, encoding="utf-8")
        ed.touch(ed.uri("tightship.toml"))
        await ed.until(lambda: "privileged-container" not in _now(ed, uri))


@pytest.mark.asyncio
async def test_only_fixes_of_selected_rules_are_offered(editor: Edits) -> None:
    text = 'version: "3"\n' + WEB
    async with editor() as ed:
        ed.open("tightship.toml", "toml", 'ignore = ["obsolete-version"]\n')
        uri = ed.open("compose.yaml", "dockercompose", text)
        await ed.publishes(uri, version=1)
        asked = types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(types.Position(0, 0), types.Position(0, 0)),
            types.CodeActionContext([], only=["source.fixAll.tightship"]),
        )
        for action in await ed.client.text_document_code_action_async(asked) or ():
            assert isinstance(action, types.CodeAction)
            assert "version" not in str(action.edit)
        ed.change(ed.uri("tightship.toml"), 2, "")
        await ed.until(lambda: "obsolete-version" in _now(ed, uri))
        found = await ed.client.text_document_code_action_async(asked)
        assert found
        [action] = found
        assert isinstance(action, types.CodeAction)
        assert action.edit is not None


async def _shown(ed: Editor, uri: str, version: int) -> list[types.Diagnostic]:
    assert ed.answer is not None
    if ed.answer.capabilities.diagnostic_provider is None:
        return await ed.publishes(uri, version=version)
    report = await ed.pull(uri)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    return list(report.items)


def _now(ed: Editor, uri: str) -> list[str]:
    shown = ed.shown(uri)
    return [] if shown is None else rules(shown.diagnostics)


FACTS = """\
[families.web]
service = "web"
summary = "web"
holds_for = "all"
new_privileges = { needed = false, source = "us" }
sources.us = "documented: our wiki"
"""
LOWERED = "privilege-escalation-allowed"


@pytest.mark.parametrize("name", ["tightship-facts.toml", "facts/web.toml"])
def test_facts_of_the_users_own_are_followed_as_they_change(desk: Desk, name: str) -> None:
    desk.write("tightship.toml", 'facts = ["facts/web.toml"]\n' if "/" in name else "")
    facts = FACTS if "/" not in name else FACTS.replace('service = "web"', 'names = ["acme/web"]')
    desk.write("facts/web.toml", FACTS)
    uri = desk.open("compose.yaml", "services:\n  web:\n    image: acme/web\n")
    assert desk.grade(uri, LOWERED) == "info"
    desk.write(name, facts)
    assert desk.grade(uri, LOWERED) == "warning"
    desk.write(name, facts.replace("false", "true"))
    assert desk.grade(uri, LOWERED) == "info"
    unsaved = desk.open(name, facts, "toml")
    assert desk.grade(uri, LOWERED) == "warning"
    desk.session.close(unsaved)
    assert desk.grade(uri, LOWERED) == "info"


def test_wrong_facts_are_told_and_ignored_until_they_are_right(desk: Desk) -> None:
    uri = desk.open("compose.yaml", "services:\n  web:\n    image: acme/web\n")
    desk.write("tightship-facts.toml", FACTS.replace("needed =", "neded ="))
    assert desk.grade(uri, LOWERED) == "info"
    [warning] = desk.warned
    assert warning.startswith("tightship-facts.toml:5:20: unknown key `neded` here")
    assert warning.endswith("until it is fixed, facts of your own are ignored")
    facts = desk.open("tightship-facts.toml", FACTS.replace("needed =", "neded ="), "toml")
    [problem] = desk.problems(facts)
    assert problem == "unknown key `neded` here; did you mean `needed`?"
    desk.change(facts, FACTS)
    assert desk.problems(facts) == []
    assert desk.grade(uri, LOWERED) == "warning"


def test_wrong_facts_leave_the_baseline_and_a_wrong_baseline_the_facts(desk: Desk) -> None:
    text = "services:\n  web:\n    image: acme/web\n"
    uri = desk.open("compose.yaml", text)
    before = findings(desk.session, uri)
    desk.write("tightship-baseline.json", written(before))
    desk.write("tightship-facts.toml", FACTS.replace("needed =", "neded ="))
    assert desk.rules(uri) == []
    desk.write("tightship-facts.toml", FACTS)
    desk.write("tightship-baseline.json", "{")
    assert desk.grade(uri, LOWERED) == "warning"
    desk.write("tightship-facts.toml", "wrong")
    assert desk.grade(uri, LOWERED) == "info"


POLICY = """
[policy]
name = "corp"
[[rule]]
id = "corp/privileged"
for = "service"
require.privileged = false
message = "{name} is privileged"
good = [{ "compose.yaml" = "services: {a: {image: b}}" }]
bad = [{ "compose.yaml" = "services: {a: {image: b, privileged: true}}" }]
"""


def test_policies_are_judged_and_followed(desk: Desk) -> None:
    desk.write("policy.toml", POLICY)
    desk.write("tightship.toml", f'policies = ["policy.toml"]\n{IGNORE}')
    uri = desk.open(
        "compose.yaml", "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n"
    )
    assert "corp/privileged" in desk.rules(uri)
    assert "privileged-container" not in desk.rules(uri)
    desk.write("policy.toml", POLICY.replace("= false", "= true"))
    assert "corp/privileged" not in desk.rules(uri)
    desk.write("policy.toml", "[policy]\n")
    assert "unlimited-resources" in desk.rules(uri)
    assert desk.warned == [
        "policy.toml:1:2: `policy` needs `name`: a text that is not empty;"
        " until it is fixed, no policy is judged"
    ]
    desk.write("policy.toml", POLICY)
    assert "corp/privileged" in desk.rules(uri)
