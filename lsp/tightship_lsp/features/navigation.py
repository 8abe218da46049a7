"""Answers about the symbols of documents: where they are, and what a document consists of."""

from __future__ import annotations

from tightship_lsp.features.capabilities import EditCapabilities
from tightship_lsp.work.worker import Priority

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lsprotocol import types

    from tightship_lsp.features.queries import Queries, View

# The modules that answer are loaded with the first question.


class Navigation:
    """Answers in the thread of the queries."""

    def __init__(self, queries: Queries, client: types.ClientCapabilities) -> None:
        self._queries = queries
        self._edits = EditCapabilities(client)
        text = client.text_document
        symbol = text and text.document_symbol
        self._is_flat = not (symbol and symbol.hierarchical_document_symbol_support)

    async def definition(self, params: types.DefinitionParams) -> list[types.Location] | None:
        """Return the places that declare what is at a position."""

        def query(view: View) -> list[types.Location]:
            from tightship_lsp.features.places import definition

            return definition(view, params.position)

        return await self._queries.answer_if("definition", params.text_document.uri, query)

    async def references(self, params: types.ReferenceParams) -> list[types.Location] | None:
        """Return all places of the symbol at a position."""

        def query(view: View) -> list[types.Location]:
            from tightship_lsp.features.places import references

            wanted = params.context.include_declaration
            return references(view, params.position, with_declarations=wanted)

        return await self._queries.answer_if("references", params.text_document.uri, query)

    async def highlights(
        self, params: types.DocumentHighlightParams
    ) -> list[types.DocumentHighlight] | None:
        """Return the places in a document of the symbol at a position."""

        def query(view: View) -> list[types.DocumentHighlight]:
            from tightship_lsp.features.places import highlights

            return highlights(view, params.position)

        return await self._queries.answer_if("highlight", params.text_document.uri, query)

    async def prepare_rename(
        self, params: types.PrepareRenameParams
    ) -> types.PrepareRenamePlaceholder | None:
        """Return the range of the name at a position, if it can be another one."""

        def query(view: View) -> types.PrepareRenamePlaceholder | None:
            from tightship_lsp.features.rename import prepare

            return prepare(view, params.position)

        return await self._queries.answer_if("rename", params.text_document.uri, query)

    async def rename(self, params: types.RenameParams) -> types.WorkspaceEdit | None:
        """Return the edits that give the symbol at a position another name."""

        def query(view: View) -> types.WorkspaceEdit | None:
            from tightship_lsp.features.rename import rename

            return rename(view, params.position, params.new_name, self._edits)

        return await self._queries.answer_if("rename", params.text_document.uri, query)

    async def document_symbols(
        self, params: types.DocumentSymbolParams
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
        """Return the symbols of a document."""
        uri = params.text_document.uri

        def query(view: View) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
            from tightship_lsp.features.document_symbols import document_symbols, flat

            found = document_symbols(view)
            return flat(found, uri) if self._is_flat else found

        return await self._queries.answer_if("symbols", uri, query)

    async def workspace_symbols(
        self, params: types.WorkspaceSymbolParams
    ) -> list[types.WorkspaceSymbol] | None:
        """Return the declared names of the workspace that match a query."""

        def job() -> list[types.WorkspaceSymbol]:
            from tightship_lsp.features.document_symbols import workspace_symbols

            return workspace_symbols(self._queries, params.query)

        return await self._queries.run(job, Priority.BACKGROUND)

    async def links(self, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
        """Return the links of a document."""

        def query(view: View) -> list[types.DocumentLink]:
            from tightship_lsp.features.document_links import document_links

            return document_links(view)

        return await self._queries.answer_if("links", params.text_document.uri, query)

    async def folding(self, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        """Return the parts of a document that can be folded."""

        def query(view: View) -> list[types.FoldingRange]:
            from tightship_lsp.features.ranges import folding_ranges

            return folding_ranges(view)

        return await self._queries.answer_if("folding", params.text_document.uri, query)

    async def selections(
        self, params: types.SelectionRangeParams
    ) -> list[types.SelectionRange] | None:
        """Return the ranges around positions."""

        def query(view: View) -> list[types.SelectionRange]:
            from tightship_lsp.features.ranges import selection_ranges

            return selection_ranges(view, params.positions)

        return await self._queries.answer_if("selection", params.text_document.uri, query)
