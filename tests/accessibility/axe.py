"""Runs axe-core in a page: https://github.com/dequelabs/axe-core."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.report.chromium import PROGRAM

if TYPE_CHECKING:
    from tests.report.chromium import Browser

AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"

needs_axe = pytest.mark.skipif(
    PROGRAM is None or not AXE.is_file(),
    reason="there is no Chromium, or no axe-core: `npm ci` in tests/accessibility installs it",
)

_RUN = """
window.found = undefined
axe.run({exclude: EXCLUDED}, {resultTypes: ["violations"]}).then((done) => {
  window.found = done.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.split("\\n").slice(1).join(" ")}`))
}, (error) => { window.found = [String(error)] })
null
"""


def violations(browser: Browser, exclude: str = "") -> list[str]:
    """Return what is wrong in the page that is open, one line for each element.

    In what ``exclude`` selects, nothing is looked for: a large page would take minutes.
    """
    browser.value(AXE.read_text("utf-8") + ";null")
    browser.value(_RUN.replace("EXCLUDED", json.dumps([[exclude]] if exclude else [])))
    browser.until("window.found !== undefined")
    found: list[str] = browser.value("window.found")
    return found
