"""A first file of probes: the table of protocols, forms, and the file itself."""

from __future__ import annotations

from typing import Any

import pytest

from tightship.lazy.modules import facts
from tightship.text import Source
from tightship_annexes.trial import proposing
from tightship_annexes.trial.probe_file import NAME, read
from tightship_annexes.trial.probes import Probe

FORM = b"""<form method=post action="/save"><input name=title><input type=email name=from>
<input type=file name=f><textarea name=text></textarea></form>
<form action="/search"><input name=q></form><form method=POST action="https://other/"></form>"""


@pytest.mark.parametrize("table", facts("probes")["probe"], ids=lambda one: str(one["port"]))
def test_each_entry_of_the_table_can_be_written(table: dict[str, Any]) -> None:
    text = proposing._written("web", table)
    [probe], problems = read(Source(NAME, text), "")
    assert not problems
    expected = proposing._probe("web", table)
    assert isinstance(probe, Probe)
    assert (probe.command, probe.word) == (expected.command, expected.word)
    if probe.request and expected.request:
        assert [*probe.request.send] == [*expected.request.send]
        assert [*probe.request.expect] == [*expected.request.expect]


def test_pages_and_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    def page(_place: object, _path: str) -> bytes:
        return FORM

    monkeypatch.setattr(proposing, "page", page)
    first, form = proposing._web(80, "HTTP 200", ("127.0.0.1", 4000))
    assert (first["http"], first["status"], first["word"]) == ("GET /", 200, "answers")
    assert (form["http"], form["word"]) == ("POST /save", "answers")
    assert form["form"] == {"title": "tightship", "from": "probe@example.org", "text": "tightship"}
    text = "".join(proposing._written("web", one) for one in (first, form))
    assert not read(Source(NAME, text), "")[1]


def test_the_request_of_a_health_check() -> None:
    test = ["CMD-SHELL", "curl -f 'http://localhost:8080/health?a=1' || exit 1"]
    [one] = proposing._of_health({"Config": {"Healthcheck": {"Test": test}}})
    assert (one["port"], one["http"], one["word"]) == (8080, "GET /health?a=1", "answers")
    assert not [*proposing._of_health({"Config": {}})]
