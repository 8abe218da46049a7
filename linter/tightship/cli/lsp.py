"""``tightship lsp``: start the language server, a separate package."""

from __future__ import annotations

import argparse

from tightship.cli.arguments import Parser, wrong_value
from tightship.cli.console import UsageError

_ABOUT = """\
Starts the language server, which shows the findings of `tightship check` in an editor
while you edit files. Editors start it themselves; it speaks the Language Server Protocol
on standard input and output.
"""

_EPILOG = """\
exit codes:
  0  the editor ended the session
  1  the session ended unexpectedly
  2  invalid arguments, or the extra `lsp` is not installed

The server needs two more packages than `tightship check`: pip install 'tightship[lsp]'
"""


def run(arguments: list[str]) -> int:
    """Serve an editor until it leaves; return the exit code."""
    # An editor asks for the version to learn whether the server is installed.
    if not {"-V", "--version"}.isdisjoint(arguments):
        _require_packages()
    tcp: int | None = parser().read(arguments).get("tcp")
    _require_packages()
    from tightship_lsp.start import start

    try:
        return start(tcp)
    except OSError as error:
        if tcp is None:
            raise
        raise UsageError(f"cannot listen on port {tcp}: {error}") from None


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("lsp", "[options]", _ABOUT, _EPILOG)
    # Editors pass it to every server; standard input and output are the default.
    made.add_argument("--stdio", action="store_true", help=argparse.SUPPRESS)
    made.add_argument(
        "--tcp",
        type=_port,
        metavar="PORT",
        help="listen on a port of this machine instead, to debug an editor",
    )
    made.add_rules_from()
    return made


def _require_packages() -> None:
    """Raise an error that says what to install, where the server lacks a package."""
    from importlib.util import find_spec

    for package in ("pygls", "lsprotocol"):
        if find_spec(package) is None:
            raise UsageError(
                f"the language server needs the package `{package}`:"
                " pip install 'tightship[lsp]', or in a clone: pip install '.[lsp]'"
            )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise wrong_value("a port is a number from 1 to 65535")
    return int(text)
