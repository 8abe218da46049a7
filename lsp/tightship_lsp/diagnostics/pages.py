"""The pages of rules, to which diagnostics link."""

from __future__ import annotations

import os

import tightship
from tightship_lsp.settings import RULE
from tightship_lsp.uri import uri_of

_PACKAGE = os.path.dirname(tightship.__file__)
# A wheel has the pages in the package, and a checkout next to it.
_FOLDERS = (
    os.path.join(_PACKAGE, "rules", "pages"),
    os.path.join(os.path.dirname(_PACKAGE), "docs", "rules"),
)


class Pages:
    """The addresses of the pages of rules.

    A client that shows the pages itself gives an address with ``{rule}`` in it. For
    others, they are files.
    """

    def __init__(self, address: str = "") -> None:
        """Take a client's own address; without one, look for the files."""
        self._address = address
        self._known: dict[str, str | None] = {}

    def uri(self, rule: str) -> str | None:
        """Return the URI of the page of a rule, or None if there is no page."""
        if self._address:
            return self._address.replace(RULE, rule)
        if rule not in self._known:
            files = (os.path.join(folder, f"{rule}.md") for folder in _FOLDERS)
            file = next(filter(os.path.isfile, files), None)
            self._known[rule] = None if file is None else uri_of(file)
        return self._known[rule]
