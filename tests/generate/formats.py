"""The examples on the page about formats: what Tightship writes about the page's file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.generate.command import printed
from tests.generate.pages import DOCS, with_block

from tightship.report.formats import FORMATS

PAGE = DOCS / "formats.md"
_RULE = "sensitive-port-published"


def page() -> dict[Path, str]:
    """Return the page with the report in each format.

    A new section needs the line ``<!-- example: NAME -->``, an empty block with the language
    of the format, and the line ``<!-- end -->``.
    """
    text = PAGE.read_text("utf-8")
    for name, document in reports(_file(text)).items():
        shown = _EXCERPTS[name](document) if name in _EXCERPTS else document
        found = re.search(rf"<!-- example: {name} -->\n(`+)(\w*)\n", text)
        assert found, f"the page has no example of `{name}`"
        block = f"{found[1]}{found[2]}\n{shown}{found[1]}\n"
        text = with_block(text, f"example: {name}", block)
    return {PAGE: text}


def _file(text: str) -> str:
    """Return the file that the examples are about."""
    found = re.search(r"```yaml\n(services:.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def reports(compose: str) -> dict[str, str]:
    """Return the report on a Compose file in each format."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "compose.yaml").write_text(compose, encoding="utf-8")
        formats = [word for one in FORMATS for word in ("--output-format", f"{one}={one}.out")]
        done = printed(folder, "check", "--no-config", "--select", _RULE, *formats)
        assert done.returncode == 1, done.stderr
        return {one: (folder / f"{one}.out").read_text("utf-8") for one in FORMATS}


def _result(document: str) -> str:
    """Return the result of a SARIF log: the rule's page would fill this one."""
    [run] = json.loads(document)["runs"]
    [result] = run["results"]
    return json.dumps(result, indent=2) + "\n"


def _with_one_mechanism(document: str) -> str:
    """Return the JSON report with the first mechanism of each profile."""
    for profile in json.loads(document)["profiles"]:
        mechanisms = json.dumps(profile["mechanisms"])
        assert mechanisms in document
        document = document.replace(mechanisms, json.dumps(profile["mechanisms"][:1]))
    return document


def _finding(document: str) -> str:
    """Return the finding on an HTML page, without all that is around it."""
    found = re.search(r'<div class="block.*?</div>\n', document, re.DOTALL)
    assert found
    return found[0]


# These reports are too long for the page.
_EXCERPTS = {"sarif": _result, "html": _finding, "json": _with_one_mechanism}
