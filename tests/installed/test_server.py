"""The server of the wheel answers an editor as that of the checkout does."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

from lsprotocol import converters, types
from tests.installed.inputs import CHANGE, DOCKERFILE
from tests.installed.installation import CHECKOUT
from tests.lsp.conftest import session

if TYPE_CHECKING:
    from pathlib import Path

    from tests.installed.installation import Installation

OPENED = (("compose.yaml", "dockercompose", CHANGE), ("app/Dockerfile", "dockerfile", DOCKERFILE))


async def answers(installation: Installation, folder: Path) -> str:
    """Return all that a server says about two documents."""
    found: list[Any] = []
    async with session(folder, server=installation.server()) as editor:
        client = editor.client
        for name, language, text in OPENED:
            uri = editor.open(name, language, text)
            document = types.TextDocumentIdentifier(uri)
            shown = await editor.publishes(uri, version=1)
            end = types.Position(text.count("\n"), 0)
            everything = types.Range(types.Position(0, 0), end)
            context = types.CodeActionContext(shown)
            found += shown
            found.append(
                await client.text_document_code_action_async(
                    types.CodeActionParams(document, everything, context)
                )
            )
            found.append(await client.text_document_code_lens_async(types.CodeLensParams(document)))
            found.append(
                await client.text_document_document_symbol_async(
                    types.DocumentSymbolParams(document)
                )
            )
            for line, written in enumerate(text.splitlines()):
                place = types.Position(line, len(written) - len(written.lstrip()))
                found.append(
                    await client.text_document_hover_async(types.HoverParams(document, place))
                )
                found.append(
                    await client.text_document_completion_async(
                        types.CompletionParams(document, place)
                    )
                )
    plain: object = converters.get_converter().unstructure(found)
    text = json.dumps(plain, indent=1, default=str, sort_keys=True)
    # Each process writes its pages of rules into a folder of its own.
    return re.sub(r"/tightship-\w+/", "/pages/", text)


def test_it_answers_as_that_of_the_checkout(installed: Installation, project: Path) -> None:
    expected = asyncio.run(answers(CHECKOUT, project))
    assert '"privileged-container"' in expected
    assert asyncio.run(answers(installed, project)) == expected
