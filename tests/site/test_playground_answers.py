"""What the playground's worker answers, without a browser."""

from __future__ import annotations

import json
import runpy
from typing import Any

from tests.site.conftest import ROOT

import tightship

_ANSWER = runpy.run_path(str(ROOT / "linter/site/playground/src/check.py"))["answer"]
EXAMPLE = {
    path.name: path.read_text("utf-8")
    for path in sorted((ROOT / "linter/docs/first-look").iterdir())
}


def answer(texts: dict[str, str], **more: object) -> Any:
    return json.loads(_ANSWER(json.dumps({"texts": texts, "select": [], **more})))


def test_a_check_finds_what_the_api_finds() -> None:
    found = answer(EXAMPLE)
    wanted = tightship.check_texts(EXAMPLE)
    assert [one["fingerprint"] for one in found["findings"]] == [
        one.fingerprint for one in wanted.findings
    ]
    assert found["changes"] is None
    [reach] = found["maps"]
    assert reach["paths"][0][0] == ["outside", "web", "app", "host"]


def test_a_change_of_the_texts_is_compared() -> None:
    before = {name: text for name, text in EXAMPLE.items() if "override" not in name}
    [service] = answer(EXAMPLE, before=before)["changes"]["services"]
    assert (service["name"], service["grades"], service["direction"]) == (
        "app",
        ["A", "F"],
        "worse",
    )


def test_all_fixes_with_an_effect_and_no_others() -> None:
    texts = {
        **EXAMPLE,
        "Dockerfile": "\ufeff" + EXAMPLE["Dockerfile"].replace("CMD", "ADD app.py /srv/\nCMD"),
    }
    kept = answer(texts, fix="keeps-behaviour")
    assert kept["texts"] == {"Dockerfile": texts["Dockerfile"].replace("ADD", "COPY")}
    tightened = answer(texts, fix="tightens")
    assert [*tightened["texts"]] == ["compose.yaml"]
    assert tightened["count"] == 4
    assert answer({**texts, **tightened["texts"]}, fix="tightens")["count"] == 0
