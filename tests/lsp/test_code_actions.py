from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st
from lsprotocol import types
from tests.lsp.applying import applied, at, by_uri
from tests.lsp.desk import Desk, client, one_of

from tightship.rules import every_rule
from tightship.rules.example import Bad, marked
from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
from tightship_lsp.features.capabilities import FIX_ALL, KINDS, SUPPRESS, CodeActionCapabilities
from tightship_lsp.features.code_actions import code_actions, resolve
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import Edits

    from tightship.rules.definition import Rule

QUICK_FIX = types.CodeActionKind.QuickFix
WEB = """\
version: "3"
services:
  web:
    image: rabbitmq:4
    privileged: true
    ports: ["5672:5672", "15672:15672"]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_safe_fix_is_preferred_and_applied_as_described(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    fix = one_of(desk.ask(uri, "version"), "Remove `version`")
    assert fix.kind == QUICK_FIX
    assert fix.is_preferred is True
    assert [one.code for one in fix.diagnostics or ()] == ["obsolete-version"]
    desk.take(fix.edit)
    assert "obsolete-version" not in desk.rules(uri)
    assert desk.texts[uri] == WEB.partition("\n")[2]


def test_a_fix_that_tightens_says_so_and_is_never_preferred(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    fix = one_of(desk.ask(uri, "true"), "Remove the privileges")
    assert fix.title.endswith(" (tightens)")
    assert not fix.is_preferred
    desk.take(fix.edit)
    assert "privileged-container" not in desk.rules(uri)


def test_a_fix_on_several_lines_names_them(desk: Desk) -> None:
    text = WEB + "  db:\n    image: postgres:17\n    privileged: true\n"
    uri = desk.open("compose.yaml", text)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri),
        types.Range(types.Position(0, 0), types.Position(99, 0)),
        types.CodeActionContext([]),
    )
    titles = [one.title for one in code_actions(desk.session, params, client())]
    assert len(set(titles)) == len(titles)
    ignored = [one for one in titles if "Ignore `privileged-container` here" in one]
    assert ignored == [
        "Ignore `privileged-container` here (line 5)",
        "Ignore `privileged-container` here (line 9)",
    ]
    alone = [one.title for one in desk.ask(uri, "true")]
    assert "Ignore `privileged-container` here" in alone


def test_edits_name_the_versions_of_documents_where_the_client_wants_them(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    edit = one_of(desk.ask(uri, "version"), "Remove").edit
    assert edit is not None
    assert edit.document_changes is not None
    [change] = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 1
    plain = one_of(desk.ask(uri, "version", client(versions=False)), "Remove").edit
    assert plain is not None
    assert plain.document_changes is None
    assert list(plain.changes or ()) == [uri]


def test_a_fix_may_change_several_files(desk: Desk) -> None:
    shared = "services:\n  shared:\n    image: a:1\n    pid: host\n"
    (desk.folder / "shared.yaml").write_text(shared, encoding="utf-8")
    text = "services:\n  web:\n    extends: {file: shared.yaml, service: shared}\n    pid: host\n"
    uri = desk.open("compose.yaml", text)
    fix = one_of(desk.ask(uri, "host"), "(tightens)")
    edits = by_uri(fix.edit)
    assert uri in edits
    for other in edits.keys() - {uri}:
        assert other == uri_of(str(desk.folder / "shared.yaml"))
    new = applied(text, edits[uri])
    assert "pid: host" not in new


def test_columns_are_those_of_the_client(desk: Desk) -> None:
    text = 'services: {"😀": {image: "a:1", privileged: true}}\n'
    uri = desk.open("compose.yaml", text)
    place = types.Position(0, len(text[: text.index("true")]) + 1)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), types.Range(place, place), types.CodeActionContext([])
    )
    actions = code_actions(desk.session, params, client())
    desk.take(one_of(actions, "Remove the privileges").edit)
    assert "privileged-container" not in desk.rules(uri)
    assert "invalid-yaml" not in desk.rules(uri)


def test_all_findings_of_a_rule_can_be_fixed_together(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    fix = one_of(desk.ask(uri, '"5672'), "Fix all 2 `sensitive-port-published`")
    assert not fix.is_preferred
    desk.take(fix.edit)
    assert "sensitive-port-published" not in desk.rules(uri)
    assert desk.texts[uri] == WEB.replace(
        '["5672:5672", "15672:15672"]', '["127.0.0.1:5672:5672", "127.0.0.1:15672:15672"]'
    )
    titles = [one.title for one in desk.ask(uri, "true")]
    assert not any("Fix all" in title and "privileged" in title for title in titles)


def test_expensive_edits_are_computed_when_chosen(desk: Desk) -> None:
    uri, can = desk.open("compose.yaml", WEB), client(resolves=True)
    fix = one_of(desk.ask(uri, '"5672', can), "Fix all 2")
    assert fix.edit is None
    assert fix.data is not None
    done = resolve(desk.session, fix, can)
    desk.take(done.edit)
    assert "sensitive-port-published" not in desk.rules(uri)
    # By now there is nothing left of it.
    again = resolve(desk.session, types.CodeAction(title="", data=fix.data), can)
    assert again.edit is None


def test_source_fix_all_applies_safe_fixes_only(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    for only in ([FIX_ALL], ["source.fixAll"], ["source"]):
        [action] = desk.ask(uri, "true", only=only, trigger=types.CodeActionTriggerKind.Automatic)
        assert action.kind == FIX_ALL
    desk.take(action.edit)
    assert desk.texts[uri] == WEB.partition("\n")[2]
    assert desk.ask(uri, "true", only=[FIX_ALL]) == []


def test_source_fix_all_sees_what_is_open_and_changes_no_other_file(desk: Desk) -> None:
    """The override on the disk would have the fix refused, for it is out of date."""
    override = "services:\n  web:\n    privileged: true\n"
    (desk.folder / "compose.override.yaml").write_text("x: [", encoding="utf-8")
    other = desk.open("compose.override.yaml", 'version: "3"\n' + override)
    dockerfile = "FROM alpine:3.22\nMAINTAINER a\nENV A b\n"
    built = desk.open("Dockerfile", dockerfile, "dockerfile")
    uri = desk.open("compose.yaml", WEB.replace("image: rabbitmq:4", "build: ."))
    for one in (uri, other, built):
        [action] = desk.ask(one, "\n", only=[FIX_ALL])
        assert list(by_uri(action.edit)) == [one]
        desk.take(action.edit)
    assert desk.texts[other] == override
    assert "ENV A=b" in desk.texts[built]


def test_fixes_of_one_project_do_not_harm_another(desk: Desk) -> None:
    """Compose refuses `mem_limit` beside another limit of a deployment."""
    common = desk.open("common.yml", "services:\n  web: {image: 'nginx:1.29'}\n")
    data = {"uri": common, "job": "fix-rule", "rule": "unlimited-resources"}
    fix = types.CodeAction("", data=data)
    desk.open("one/compose.yaml", "include: [../common.yml]\n")
    assert "unlimited-resources" in desk.rules(common)
    assert resolve(desk.session, fix, client()).edit is not None
    fix.edit = None
    limits = "deploy: {resources: {limits: {memory: 1g}}}"
    desk.open("two/extra.yml", f"services:\n  web:\n    {limits}\n")
    both = "include: [{path: [../common.yml, extra.yml]}]\n"
    desk.open("two/compose.yaml", both)
    assert "unlimited-resources" in desk.rules(common)
    assert resolve(desk.session, fix, client()).edit is None


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_marks_and_line_ends_stay_as_they_are(desk: Desk, mark: str, newline: str) -> None:
    text = mark + WEB.replace("\n", newline)
    uri = desk.open("compose.yaml", text)
    [every] = desk.ask(uri, "true", only=[FIX_ALL])
    without = mark + WEB.partition("\n")[2].replace("\n", newline)
    assert applied(text, by_uri(every.edit)[uri]) == without
    here = one_of(desk.ask(uri, "version"), "Ignore `obsolete-version` here")
    comment = f"# tightship: ignore[obsolete-version] reason{newline}"
    assert applied(text, by_uri(here.edit)[uri]) == mark + comment + text[len(mark) :]


def test_only_requested_kinds_are_offered(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    kinds = {one.kind for one in desk.ask(uri, "true")}
    assert kinds == set(KINDS)
    assert {one.kind for one in desk.ask(uri, "true", only=[SUPPRESS])} == {SUPPRESS}
    quick = desk.ask(uri, "true", only=[QUICK_FIX])
    assert {one.kind for one in quick} == {QUICK_FIX, SUPPRESS}
    assert desk.ask(uri, "true", only=["refactor", "source.organizeImports"]) == []
    by_the_way = desk.ask(uri, "true", trigger=types.CodeActionTriggerKind.Automatic)
    assert FIX_ALL not in {one.kind for one in by_the_way}


def test_a_finding_is_accepted_here_or_in_the_file(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    before = desk.rules(uri)
    here = one_of(desk.ask(uri, "true"), "Ignore `privileged-container` here")
    desk.take(here.edit)
    assert "    # tightship: ignore[privileged-container] reason\n" in desk.texts[uri]
    assert sorted([*desk.rules(uri), "privileged-container"]) == sorted(before)
    whole = one_of(desk.ask(uri, '"5672'), "Ignore `sensitive-port-published` in")
    desk.take(whole.edit)
    assert desk.texts[uri].startswith("# tightship: ignore-file[sensitive-port-")
    assert "sensitive-port-published" not in desk.rules(uri)


def test_the_reason_is_a_placeholder_if_the_client_supports_it(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    here = one_of(desk.ask(uri, "true", client(snippets=True)), "container` here")
    [[edit]] = by_uri(here.edit).values()
    assert isinstance(edit, types.SnippetTextEdit)
    assert edit.snippet.value.endswith("[privileged-container] ${1:reason}\n")


def test_no_comment_is_offered_where_none_would_work(desk: Desk) -> None:
    text = "# syntax=docker/dockerfile:1.4\nFROM alpine:3.22\nUSER app\n"
    uri = desk.open("Dockerfile", text, "dockerfile")
    desk.session.settings.select = ("unpinned-syntax-image",)
    titles = [one.title for one in desk.ask(uri, "docker/", only=[SUPPRESS])]
    assert titles == ["Ignore `unpinned-syntax-image` in file"]


def test_diagnostics_lead_to_their_moved_findings(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    fix = one_of(desk.ask(uri, "true"), "Remove the privileges")
    shown = list(fix.diagnostics or ())
    desk.session.put(uri, "dockercompose", 2, "# new\n" * 9 + WEB)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), shown[0].range, types.CodeActionContext(shown)
    )
    again = one_of(code_actions(desk.session, params, client()), "Remove the privileges")
    assert list(again.diagnostics or ()) == shown
    [[edit]] = by_uri(again.edit).values()
    assert edit.range.start.line > 9


def test_clients_that_know_commands_only_get_nothing(desk: Desk) -> None:
    uri = desk.open("compose.yaml", WEB)
    nothing = types.ClientCapabilities()
    can = CodeActionCapabilities(nothing, DiagnosticCapabilities(nothing))
    assert desk.ask(uri, "true", can) == []


def test_unopened_and_unsaved_documents_are_answered(desk: Desk) -> None:
    uri = desk.open("untitled:compose.yaml", WEB)
    desk.take(one_of(desk.ask(uri, "version"), "Remove").edit)
    assert "obsolete-version" not in desk.rules(uri)
    desk.texts["untitled:other"] = WEB
    assert desk.ask("untitled:other", "version") == []
    lost = types.CodeAction(title="", data={"uri": "untitled:other", "job": "fix-all"})
    assert resolve(desk.session, lost, client()).edit is None
    for data in (None, 1, {}, {"uri": uri}, {"uri": uri, "job": "ignore"}):
        action = types.CodeAction(title="", data=data)
        assert resolve(desk.session, action, client()).edit is None


LINES = st.sampled_from(
    (
        'version: "3"',
        "services:",
        "  a:",
        "  b: {image: x, pid: host,",
        "    privileged: true}",
        "    pid: host",
        "    image: 😀",
        "    ports: ['5672:5672',",
        "      '22:22']",
        "    build: {dockerfile_inline: |",
        "      dockerfile_inline: |",
        "        FROM x",
        "        ENV A b",
        "    build:",
        "  - ]",
        "",
    )
)


@given(st.lists(LINES, max_size=12).map("\n".join), st.integers(0, 14))
@settings(max_examples=settings().max_examples // 8)
def test_every_offered_action_can_be_applied(text: str, line: int) -> None:
    session, can = Session(), client()
    uri = "untitled:compose.yaml"
    session.put(uri, "dockercompose", 1, text)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri),
        types.Range(types.Position(0, 0), types.Position(line, 3)),
        types.CodeActionContext([]),
    )
    for action in code_actions(session, params, can):
        [edits] = by_uri(action.edit).values()
        assert applied(text, edits) != text


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["visual_studio_code", "neovim", "emacs"])
async def test_editors_are_offered_fixes_and_apply_them(editor: Edits, name: str) -> None:
    async with editor(name) as ed:
        assert ed.answer is not None
        options = ed.answer.capabilities.code_action_provider
        assert isinstance(options, types.CodeActionOptions)
        assert set(options.code_action_kinds or ()) == set(KINDS)
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        place = at(WEB, "version")
        actions = await ed.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                types.Range(place, place),
                types.CodeActionContext([]),
            )
        )
        found = [one for one in actions or () if isinstance(one, types.CodeAction)]
        fix = one_of(found, "Remove `version`")
        assert applied(WEB, by_uri(fix.edit)[uri]) == WEB.partition("\n")[2]
        every = one_of(found, "Apply all fixes that keep behaviour")
        if every.edit is None:
            every = await ed.client.code_action_resolve_async(every)
        assert applied(WEB, by_uri(every.edit)[uri]) == WEB.partition("\n")[2]


STACK = """\
services:
  web:
    image: nginx:1.29
  api:
    image: example/api:1.2
  db:
    image: postgres:17
"""


def hardened_here(text: str, folder: Path, *names: str) -> str:
    """Return a file after ``tightship harden --write``."""
    from tightship.cli.main import main

    (folder / "compose.yaml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["harden", *names, "--write"]) == 0
    return (folder / "compose.yaml").read_text(encoding="utf-8")


def test_one_action_applies_all_known_hardening_of_a_service(desk: Desk, tmp_path: Path) -> None:
    uri = desk.open("compose.yaml", STACK)
    first, *others = desk.ask(uri, "web")
    assert first.title == "Harden service `web` with known fixes"
    assert len(first.title) <= 60
    assert len(first.diagnostics or ()) == 4
    assert sum(one.title.startswith("Harden service") for one in others) == 0
    desk.take(first.edit)
    assert desk.texts[uri] == hardened_here(STACK, tmp_path, "web")


def test_one_action_hardens_all_services(desk: Desk, tmp_path: Path) -> None:
    uri = desk.open("compose.yaml", STACK)
    action = one_of(desk.ask(uri, "db", client(resolves=True)), "Harden all 2 services")
    assert action.edit is None
    desk.take(resolve(desk.session, action, client(resolves=True)).edit)
    assert desk.texts[uri] == hardened_here(STACK, tmp_path)


def test_nothing_is_offered_without_known_hardening(desk: Desk) -> None:
    uri = desk.open("compose.yaml", STACK)
    assert not any("Harden" in one.title for one in desk.ask(uri, "api"))


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.name)
def test_titles_fit_into_a_menu(desk: Desk, rule: Rule) -> None:
    files = next(one.files for one in rule.examples if isinstance(one, Bad))
    name = "Dockerfile" if rule.language == "dockerfile" else "compose.yaml"
    by_name = files if isinstance(files, dict) else {name: files}
    for name, example in by_name.items():
        (desk.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.folder / name).write_text(marked(example)[0], encoding="utf-8")
    for name, example in by_name.items():
        text = marked(example)[0]
        language = "dockerfile" if "ockerfile" in name else "dockercompose"
        uri = desk.open(name, text, language)
        for start, end in marked(example)[1]:
            titles = [one.title for one in desk.ask(uri, text[start:end])]
            # Equal ones have the line, too.
            titles = [title.partition(" (line ")[0] for title in titles]
            assert [title for title in titles if len(title) > 60] == []
