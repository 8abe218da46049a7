"""What a client can do with edits and code actions, and what it is offered."""

from __future__ import annotations

from typing import cast

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.diagnostics.convert import Abilities

SUPPRESS = "quickfix.suppress.tightship"
FIX_ALL = "source.fixAll.tightship"
KINDS = (types.CodeActionKind.QuickFix, SUPPRESS, FIX_ALL)
"""The kinds of code actions that are offered."""


class Editing:
    """What a client takes of edits."""

    __slots__ = ("snippets", "versions")

    def __init__(self, client: types.ClientCapabilities) -> None:
        told = client.workspace and client.workspace.workspace_edit
        self.versions = bool(told and told.document_changes)
        self.snippets = self.versions and bool(told and told.snippet_edit_support)


class Client:
    """What a client can do with code actions.

    ``resolves`` tells that it asks for the edit of an action once that is chosen.
    """

    __slots__ = ("diagnostics", "editing", "literals", "preferred", "resolves")

    def __init__(self, client: types.ClientCapabilities, can: Abilities) -> None:
        told = client.text_document and client.text_document.code_action
        self.literals = bool(told and told.code_action_literal_support)
        self.preferred = bool(told and told.is_preferred_support)
        later = told.resolve_support if told and told.data_support else None
        self.resolves = later is not None and "edit" in later.properties
        self.editing = Editing(client)
        self.diagnostics = can


def table(data: object) -> dict[str, object]:
    """Return what came as JSON as a table; anything else is an empty one."""
    return cast("dict[str, object]", data) if isinstance(data, dict) else {}
