"""Somebody at an editor who asks what can be done about findings, without a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from tests.lsp.applying import applied, at, by_uri
from tests.lsp.conftest import capabilities
from tests.lsp.findings import findings

from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
from tightship_lsp.features.capabilities import CodeActionCapabilities
from tightship_lsp.features.code_actions import code_actions
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def client(
    *, resolves: bool = False, versions: bool = True, snippets: bool = False
) -> CodeActionCapabilities:
    can = capabilities("visual_studio_code")
    assert can.text_document is not None
    assert can.workspace is not None
    assert can.text_document.code_action is not None
    assert can.workspace.workspace_edit is not None
    action, edit = can.text_document.code_action, can.workspace.workspace_edit
    action.data_support = resolves
    action.resolve_support = types.ClientCodeActionResolveOptions(["edit"] if resolves else [])
    edit.document_changes = versions
    edit.snippet_edit_support = snippets
    return CodeActionCapabilities(can, DiagnosticCapabilities(can))


class Desk:
    """A session in a folder, and what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.session = Session()
        self.session.add_folders([uri_of(str(self.folder))])
        self.texts: dict[str, str] = {}

    def open(self, name: str, text: str, language: str = "dockercompose") -> str:
        uri = name if ":" in name else uri_of(str(self.folder / name))
        self.session.put(uri, language, 1, text)
        self.texts[uri] = text
        return uri

    def ask(
        self,
        uri: str,
        part: str,
        can: CodeActionCapabilities | None = None,
        *,
        only: Sequence[str] | None = None,
        trigger: types.CodeActionTriggerKind | None = None,
    ) -> list[types.CodeAction]:
        place = at(self.texts[uri], part)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(place, place),
            types.CodeActionContext([], only, trigger),
        )
        return code_actions(self.session, params, can or client())

    def take(self, edit: types.WorkspaceEdit | None) -> None:
        """Apply an edit to what is open."""
        for uri, edits in by_uri(edit).items():
            self.texts[uri] = applied(self.texts[uri], edits)
            self.session.put(uri, "dockercompose", 2, self.texts[uri])

    def rules(self, uri: str) -> list[str]:
        return [one.rule.name for one in findings(self.session, uri)]


def one_of(actions: Sequence[types.CodeAction], title: str) -> types.CodeAction:
    [found] = [one for one in actions if title in one.title]
    return found
