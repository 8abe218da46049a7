from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types
from tests.lsp.asking import FULL, Asked, cases

from tightship_lsp.features.completion.answer import Completions

if TYPE_CHECKING:
    from pathlib import Path

EVERY = [
    *cases("completion_compose"),
    *cases("completion_projects"),
    *cases("completion_dockerfile"),
]


def words(item: types.CompletionItem) -> str:
    about = item.documentation
    text = about.value if isinstance(about, types.MarkupContent) else about or ""
    return f"{item.detail or ''} {text}"


def edit(item: types.CompletionItem) -> types.TextEdit:
    assert isinstance(item.text_edit, types.TextEdit)
    return item.text_edit


def asked(
    case: dict[str, Any],
    folder: Path,
    client: types.ClientCapabilities = FULL,
    text: str | None = None,
) -> Any:
    is_dockerfile = case in [one.values[0] for one in cases("completion_dockerfile")]
    written = case if text is None else case | {"text": text}
    question = Asked(written, folder, "Dockerfile" if is_dockerfile else "compose.yaml")
    completions = Completions(client)
    params = types.CompletionParams(question.identifier, question.position)
    found = completions.complete(params, question.view())
    items = {one.label: one for one in found.items} if found is not None else {}
    assert found is None or len(items) == len(found.items)
    return question, completions, items


@pytest.mark.parametrize("case", EVERY)
def test_completion(case: dict[str, Any], tmp_path: Path) -> None:
    question, completions, items = asked(case, tmp_path)
    labels = set(items)
    if case.get("none"):
        assert labels == set()
    if "only" in case:
        assert labels == set(case["only"])
    assert labels >= set(case.get("labels", ()))
    assert labels.isdisjoint(case.get("absent", ()))
    if "first" in case:
        assert min(items.values(), key=lambda one: one.sort_text or "").label == case["first"]
    for label, parts in case.get("about", {}).items():
        shown = words(completions.resolve(items[label]))
        for part in parts:
            assert part in shown
    for item in items.values():
        assert case.get("without", "\0") not in words(item)
        assert edit(item).range.start.line == edit(item).range.end.line == question.position.line
        assert edit(item).range.start.character <= question.position.character
        assert edit(item).range.end.character >= question.position.character
    if "take" in case:
        item = items[case["take"]]
        if item.insert_text_format == types.InsertTextFormat.Snippet:
            assert edit(item).new_text == case["snippet"]
            _, _, items = asked(case, tmp_path, types.ClientCapabilities())
            item = items[case["take"]]
        assert question.applied(edit(item)) == case["after"]


@pytest.mark.parametrize("case", EVERY)
def test_spaces_behind_the_cursor_say_nothing(case: dict[str, Any], tmp_path: Path) -> None:
    before, _, after = case["text"].partition("‸")
    if after[:1] not in ("", "\r", "\n"):
        pytest.skip("something follows")
    _, _, items = asked(case, tmp_path)
    _, _, with_spaces = asked(case, tmp_path, text=f"{before}‸   {after}")
    assert set(with_spaces) == set(items)


def test_a_client_without_snippets_gets_none(tmp_path: Path) -> None:
    case = {"text": "FROM alpine\nCOP‸\n", "file": "Dockerfile"}
    _, _, items = asked(case, tmp_path, types.ClientCapabilities())
    assert [one.insert_text_format for one in items.values()] == [None]


def test_a_client_that_sets_indentation_itself_gets_one_line(tmp_path: Path) -> None:
    case = {"text": "services:\n  web:\n    health‸\n"}
    question, _, items = asked(case, tmp_path, types.ClientCapabilities())
    assert edit(items["healthcheck"]).new_text == "healthcheck:"
    assert "`" not in str(items["healthcheck"].documentation)
    del question


def test_no_path_leaves_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.env").write_text("")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "mine.env").write_text("")
    for typed in ("../", "../outside/", "link/", "/", "~/"):
        case = {"text": f"services:\n  web:\n    env_file: {typed}‸\n"}
        _, _, items = asked(case, root)
        assert not items, typed
    _, _, items = asked({"text": "services:\n  web:\n    env_file: ‸\n"}, root)
    assert set(items) == {"mine.env"}


@pytest.mark.parametrize("case", EVERY)
def test_completion_at_every_place_of_a_text(case: dict[str, Any], tmp_path: Path) -> None:
    text = case["text"].replace("‸", "")
    for at in range(0, len(text) + 1, 3):
        asked({**case, "text": f"{text[:at]}‸{text[at:]}"}, tmp_path)
