"""The requests that are answered from texts and symbols, without judging: one table."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tightship_lsp.features.completion.answer import TRIGGERS, Completions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from typing import Any, TypeVar

    from tightship_lsp.features.queries import Queries, View

    T = TypeVar("T")
    Handler = Callable[[Any], Awaitable[Any]]


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

    completion = types.CompletionOptions(trigger_characters=TRIGGERS, resolve_provider=True)
    rows: tuple[tuple[str, str, Handler, object], ...] = (
        (
            "completion",
            types.TEXT_DOCUMENT_COMPLETION,
            asked("completion", completions.complete),
            completion,
        ),
        ("completion", types.COMPLETION_ITEM_RESOLVE, resolve, None),
    )
    without = queries.session.settings.without
    for feature, method, handler, given in rows:
        if feature not in without:
            yield method, handler, given
