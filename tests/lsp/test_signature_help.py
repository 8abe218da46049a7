from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types
from tests.lsp.asking import Asked, cases

from tightship_lsp.features.signature_help import signature_help

if TYPE_CHECKING:
    from pathlib import Path


def asked(text: str, folder: Path) -> types.SignatureHelp | None:
    question = Asked({"text": text, "file": "Dockerfile"}, folder)
    params = types.SignatureHelpParams(question.identifier, question.position)
    return signature_help(params, question.view())


@pytest.mark.parametrize("case", [*cases("signature_help")])
def test_signature_help(case: dict[str, Any], tmp_path: Path) -> None:
    found = asked(case["text"], tmp_path)
    labels = [one.label for one in found.signatures] if found is not None else []
    assert labels == case["forms"]
    if found is None:
        return
    first = found.signatures[0]
    assert first.documentation or first.label.startswith("--")
    assert first.parameters is not None
    assert found.active_parameter is not None
    assert first.parameters[found.active_parameter].label == case["part"]


def test_every_place_has_an_answer(tmp_path: Path) -> None:
    for case in (one.values[0] for one in cases("signature_help")):
        text = case["text"].replace("‸", "")
        for at in range(len(text) + 1):
            found = asked(f"{text[:at]}‸{text[at:]}", tmp_path)
            for one in found.signatures if found is not None else ():
                assert one.parameters
                assert all(str(part.label) in one.label for part in one.parameters)
