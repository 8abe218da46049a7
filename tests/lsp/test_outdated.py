"""An answer is about the text that the client has now; otherwise there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified
from tests.lsp.conftest import capabilities

from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
from tightship_lsp.features import answers as answers_module, meaning as meaning_module
from tightship_lsp.features.answers import Answers
from tightship_lsp.features.queries import Queries
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of
from tightship_lsp.work.worker import Worker

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio

WEB = "services:\n  web:\n    image: a:1\n    privileged: true\n"


class Client:
    """A client that asks for a hover."""

    def __init__(self, folder: Path) -> None:
        self.session = Session()
        self.uri = uri_of(str(folder / "compose.yaml"))
        self.session.put(self.uri, "dockercompose", 1, WEB)
        can = capabilities("visual_studio_code")
        queries = Queries(self.session, self)
        diagnostics = DiagnosticCapabilities(can)
        self.answers = Answers(self.session, Worker(), queries, self, can, diagnostics)
        self.version = 1

    def failed(self, error: Exception) -> None:
        raise error

    def refresh_code_lenses(self) -> None:
        """Have no code lenses."""

    def refresh_inlay_hints(self) -> None:
        """Have no inlay hints."""

    def change(self, *_: object, **__: object) -> None:
        self.version += 1
        self.session.change(self.uri, self.version, [(None, WEB)], lambda text, _: len(text))

    async def hover(self) -> str:
        place = types.TextDocumentIdentifier(self.uri), types.Position(3, 5)
        found = await self.answers.hover(types.HoverParams(*place))
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value


@pytest.mark.parametrize(
    ("module", "step"), [(meaning_module, "meaning"), (answers_module, "hover")]
)
async def test_a_change_during_either_half_of_a_hover_outdates_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, step: str
) -> None:
    client = Client(tmp_path)
    assert "privileged" in await client.hover()
    with monkeypatch.context() as patched:
        patched.setattr(module, step, client.change)
        with pytest.raises(JsonRpcContentModified):
            await client.hover()
    assert "privileged" in await client.hover()
