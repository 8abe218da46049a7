"""The requests that are answered from texts and symbols, without judging: one table."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tightship_lsp.features.capabilities import (
    COMPLETION_TRIGGERS,
    SIGNATURE_TRIGGERS,
    TOKEN_MODIFIERS,
    TOKEN_TYPES,
)
from tightship_lsp.features.completion.answer import Completions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from typing import Any, TypeVar

    from tightship_lsp.features.queries import Queries, View

    T = TypeVar("T")
    Handler = Callable[[Any], Awaitable[Any]]

# The modules that answer are loaded with the first request.


def handlers(
    queries: Queries, client: types.ClientCapabilities
) -> Iterator[tuple[str, Handler, object]]:
    """Yield the methods, each with its handler and its options.

    A feature that the settings turn off is not offered. If they do so later, it has no answers.
    """
    completions = Completions(client)

    def asked(feature: str, query: Callable[[Any, View], T]) -> Handler:
        """Return the handler of a feature, whose query gets the request and the document."""

        async def handle(params: Any) -> T | None:
            uri = params.text_document.uri
            return await queries.answer_if(feature, uri, partial(query, params))

        return handle

    async def resolve(item: types.CompletionItem) -> types.CompletionItem:
        return completions.resolve(item)

    completion = types.CompletionOptions(
        trigger_characters=COMPLETION_TRIGGERS, resolve_provider=True
    )
    signatures = types.SignatureHelpOptions(SIGNATURE_TRIGGERS)
    tokens = types.SemanticTokensLegend(TOKEN_TYPES, TOKEN_MODIFIERS)
    without = queries.session.settings.without
    if "completion" not in without:
        yield types.COMPLETION_ITEM_RESOLVE, resolve, None
    for feature, method, query, options in (
        ("completion", types.TEXT_DOCUMENT_COMPLETION, completions.complete, completion),
        ("signatures", types.TEXT_DOCUMENT_SIGNATURE_HELP, _signature_help, signatures),
        ("tokens", types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _semantic_tokens, tokens),
    ):
        if feature not in without:
            yield method, asked(feature, query), options


def _signature_help(params: types.SignatureHelpParams, view: View) -> types.SignatureHelp | None:
    from tightship_lsp.features.signature_help import signature_help

    return signature_help(params, view) if view.is_dockerfile else None


def _semantic_tokens(params: types.SemanticTokensParams, view: View) -> types.SemanticTokens | None:
    from tightship_lsp.features.semantic_tokens import semantic_tokens

    return semantic_tokens(params, view)
