"""The capabilities of a client for edits and code actions, and the kinds of these."""

from __future__ import annotations

from typing import cast

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.diagnostics.convert import DiagnosticCapabilities

SUPPRESS = "quickfix.suppress.tightship"
FIX_ALL = "source.fixAll.tightship"
KINDS = (types.CodeActionKind.QuickFix, SUPPRESS, FIX_ALL)
"""The kinds of code actions that are offered."""

TOKEN_TYPES = (
    *("keyword", "comment", "parameter", "property", "namespace", "class", "macro", "string"),
    *("variable", "operator", "modifier"),
)
TOKEN_MODIFIERS = ("declaration", "deprecated")
"""What semantic tokens may be."""

COMPLETION_TRIGGERS = (":", " ", "-", "$", "{", "*", "/", "[", ",", "=", "@")
SIGNATURE_TRIGGERS = (" ", "[", ",", "=", ":", "@", '"')
"""The characters after which editors ask by themselves."""


class EditCapabilities:
    """The edits that a client can apply."""

    def __init__(self, client: types.ClientCapabilities) -> None:
        edit = client.workspace and client.workspace.workspace_edit
        self.versions = bool(edit and edit.document_changes)
        self.snippets = self.versions and bool(edit and edit.snippet_edit_support)


class CodeActionCapabilities:
    """The code actions that a client can show.

    ``resolves`` tells that it asks for the edit of an action once that is chosen.
    """

    def __init__(
        self, client: types.ClientCapabilities, diagnostics: DiagnosticCapabilities
    ) -> None:
        action = client.text_document and client.text_document.code_action
        self.literals = bool(action and action.code_action_literal_support)
        self.preferred = bool(action and action.is_preferred_support)
        resolve = action.resolve_support if action and action.data_support else None
        self.resolves = resolve is not None and "edit" in resolve.properties
        self.edits = EditCapabilities(client)
        self.diagnostics = diagnostics


def table(data: object) -> dict[str, object]:
    """Return JSON data as a table; anything else is an empty one."""
    return cast("dict[str, object]", data) if isinstance(data, dict) else {}
