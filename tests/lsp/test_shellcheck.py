"""What ShellCheck finds, as an editor shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.conftest import needs_shellcheck
from tests.lsp.conftest import rules
from tests.lsp.desk import Desk, one_of

from tightship.engine.shellcheck import program
from tightship.engine.shellcheck.answers import shellcheck

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import Edits

FILE = "FROM debian:13\nRUN echo x && \\\n    echo $A\n"


@pytest.mark.asyncio
async def test_findings_are_published_where_they_are_selected(editor: Edits) -> None:
    needs_shellcheck()
    async with editor(options={"tightship": {"select": ["shellcheck"]}}) as ed:
        uri = ed.open("Dockerfile", "dockerfile", FILE)
        [one] = await ed.publishes(uri, version=1)
        assert one.code == "SC2086"
        assert one.range == types.Range(types.Position(2, 9), types.Position(2, 11))
        assert one.severity is types.DiagnosticSeverity.Information
        assert one.code_description is not None
        assert one.code_description.href.endswith("/shellcheck-finding.md")
        ed.change(uri, 2, FILE.replace("$A", '"$A"'))
        assert rules(await ed.publishes(uri, version=2)) == []


def test_a_fix_and_a_comment_are_offered(tmp_path: Path) -> None:
    needs_shellcheck()
    desk = Desk(tmp_path)
    desk.session.settings.select = ("shellcheck",)
    uri = desk.open("Dockerfile", FILE, "dockerfile")
    titles = [one.title for one in desk.ask(uri, "$A")]
    assert any(title.startswith("Ignore `SC2086`") for title in titles), titles
    fix = one_of(desk.ask(uri, "$A"), "Apply ShellCheck's fix for SC2086")
    desk.take(fix.edit)
    assert desk.texts[uri] == FILE.replace("$A", '"$A"')


def test_without_the_extra_a_gap_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "PACKAGE", "no-such-package")
    program.shellcheck_program.cache_clear()
    shellcheck.cache_clear()
    desk = Desk(tmp_path)
    desk.session.settings.select = ("shellcheck",)
    uri = desk.open("Dockerfile", FILE, "dockerfile")
    try:
        assert desk.rules(uri) == ["not-checked"]
    finally:
        program.shellcheck_program.cache_clear()
