"""The pages of rules, to which diagnostics link, and others that a client shows."""

from __future__ import annotations

import re

from tightship_lsp.settings import RULE
from tightship_lsp.uri import uri_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.new_file import TemporaryFolder

_LONGEST_NAME = 60


class Pages:
    """The addresses of the pages of rules.

    A client that shows the pages itself gives an address with ``{rule}`` in it. Others
    get the page on the web. As long as the project has no address there, they get a file
    that is written on first use, and removed by :meth:`close`.
    """

    def __init__(self, address: str = "") -> None:
        """Take a client's own address, if it has one."""
        self._address = address
        self._folder: TemporaryFolder | None = None
        self._files: dict[str, str | None] = {}
        self._number = 0

    def uri(self, rule: str) -> str | None:
        """Return the URI of the page of a rule, or None if there is no page."""
        # Rules are loaded when the client has been answered.
        from tightship.rules.address import page_address
        from tightship.rules.definition import rule_of

        if self._address:
            return self._address.replace(RULE, rule_of(rule))
        return page_address(rule) or self._file(rule_of(rule))

    def new(self, name: str, text: str) -> str | None:
        """Write a page of another kind; return its URI, or None if that fails."""
        self._number += 1
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:_LONGEST_NAME]
        try:
            return self._write(f"{safe}-{self._number}.md", text)
        except OSError:
            return None

    def close(self) -> None:
        """Remove the files."""
        if self._folder is not None:
            self._folder.remove()
            self._folder = None
            self._files.clear()

    def _file(self, rule: str) -> str | None:
        if rule not in self._files:
            try:
                self._files[rule] = self._written(rule)
            except OSError:  # no folder for temporary files, or no room in it
                self._files[rule] = None
        return self._files[rule]

    def _written(self, rule: str) -> str | None:
        from tightship.rules.definition import known_rules

        entry = next((entry for entry in known_rules() if entry.name == rule), None)
        if entry is None:
            return None
        from tightship.rules.page import page

        return self._write(f"{rule.replace('/', '-')}.md", page(entry.load()))

    def _write(self, name: str, text: str) -> str:
        if self._folder is None:
            from tightship.engine.disk.new_file import TemporaryFolder

            self._folder = TemporaryFolder()
        return uri_of(self._folder.write(name, text))
