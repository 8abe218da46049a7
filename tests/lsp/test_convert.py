from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from lsprotocol import types
from tests.bounded import within
from tests.lsp.test_document import ENCODINGS, TEXTS, plain_offset

from tightship.findings import Severity
from tightship.text import Source, Span
from tightship_lsp.diagnostics import convert
from tightship_lsp.diagnostics.client_diagnostics import MOST, ClientDiagnostics
from tightship_lsp.diagnostics.convert import (
    DiagnosticCapabilities,
    Ruler,
    diagnostic,
    offset,
    range_of,
)
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of
from tightship_lsp.workspace.document import Document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Judge


def document(text: str) -> Document:
    return Document("untitled:a", None, "a", "yaml", 1, text)


@given(TEXTS, ENCODINGS, st.integers(0, 24), st.integers(0, 24))
def test_a_span_agrees_with_a_plain_walk_through_the_text(
    text: str, encoding: str, start: int, length: int
) -> None:
    source = document(text).source
    start = min(start, len(source.text))
    end = min(start + length, len(source.text))
    place = range_of(Span(source, start, end), encoding)
    for point, at in ((place.start, start), (place.end, end)):
        # Between \r and \n there is no position: it is that before both.
        at -= source.text[at - 1 : at + 1] == "\r\n"
        mark = int(source.bom)
        assert plain_offset(text, point.line, point.character, encoding) == at + mark


@given(TEXTS, ENCODINGS, st.integers(0, 9), st.integers(0, 12))
def test_a_position_agrees_with_a_plain_walk(
    text: str, encoding: str, line: int, character: int
) -> None:
    held = document(text)
    there = offset(held, types.Position(line, character), encoding)
    plain = plain_offset(text, line, character, encoding)
    assert there == max(0, plain - held.source.bom)


@given(TEXTS, ENCODINGS, st.integers(0, 24))
def test_positions_and_offsets_round_trip(text: str, encoding: str, at: int) -> None:
    held = document(text)
    at = min(at, len(held.source.text))
    if held.source.text[max(0, at - 1) : at + 1] == "\r\n":
        return
    position = Ruler(encoding).position(held.source, at)
    assert offset(held, position, encoding) == at


def test_many_places_in_one_long_line_take_little_time() -> None:
    source = Source("a", "é😀" * 200_000)
    ruler = Ruler("utf-16")
    with within(2):
        for at in range(0, 400_000, 100):
            ruler.range_of(Span(source, at, at + 1))


def test_an_info_is_listed_with_the_problems() -> None:
    assert {
        Severity.ERROR: types.DiagnosticSeverity.Error,
        Severity.WARNING: types.DiagnosticSeverity.Warning,
        Severity.INFO: types.DiagnosticSeverity.Information,
    } == convert._SEVERITIES


@pytest.mark.parametrize("can_show", [True, False])
def test_a_client_gets_only_what_it_can_show(judge: Judge, can_show: bool) -> None:
    found = judge(
        'version: "3"\nservices:\n'
        "  a: &a\n    image: x:1\n    privileged: &p true\n"
        "  b:\n    image: x:1\n    privileged: *p\n"
    )
    client = types.ClientCapabilities()
    if can_show:
        client.text_document = types.TextDocumentClientCapabilities(
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
                related_information=True,
                tag_support=types.ClientDiagnosticsTagOptions([types.DiagnosticTag.Unnecessary]),
            )
        )
    can, ruler = DiagnosticCapabilities(client), Ruler("utf-16")
    shown = [diagnostic(one, ruler, can, lambda source: source.name) for one in found]
    assert any(one.related_information for one in shown) == can_show
    assert any(one.tags for one in shown) == can_show
    for one, judged in zip(shown, found, strict=True):
        assert one.data == {"fingerprint": judged.fingerprint}
        assert one.code_description is None


def test_the_most_severe_of_many_findings_are_shown(tmp_path: Path) -> None:
    session = Session()
    uri = uri_of(str(tmp_path / "compose.yaml"))
    services = "".join(f"  s{n}: {{image: a}}\n" for n in range(400))
    last = "  z: {image: a, privileged: true}\n"
    session.put(uri, "dockercompose", 1, f"services:\n{services}{last}")
    report = session.report(uri)
    assert report is not None
    assert len(report.found) > MOST
    shown = ClientDiagnostics(report, "utf-16", DiagnosticCapabilities(types.ClientCapabilities()))
    assert len(shown.diagnostics) == MOST
    assert "privileged-container" in [one.code for one in shown.diagnostics]


@pytest.mark.parametrize("sign", ["\ufeff", "\x85", "\x1b", "\u202e"])
def test_no_message_has_a_hidden_character(judge: Judge, sign: str) -> None:
    escape = f"\\u{ord(sign):04X}"
    text = f'services: {{a: {{image: "b:1", cap_add: ["X{escape}"]}}}}\n'
    found = judge({"compose.yaml": text})
    can = DiagnosticCapabilities(types.ClientCapabilities())
    messages = [
        diagnostic(one, Ruler("utf-16"), can, lambda source: source.name).message for one in found
    ]
    assert any("<U+" in one for one in messages)
    assert not any(sign in one for one in messages)
