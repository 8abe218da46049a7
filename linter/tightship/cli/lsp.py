"""``tightship lsp``: start the language server, a package of its own."""

from __future__ import annotations

import argparse

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
"""


def run(arguments: list[str]) -> int:
    """Serve an editor until it leaves; return the exit code."""
    from tightship.cli.arguments import Parser

    parser = Parser("lsp", "[options]", _ABOUT, _EPILOG)
    # Editors pass it to every server; standard input and output are the default.
    parser.add_argument("--stdio", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--tcp",
        type=_port,
        default=None,
        metavar="PORT",
        help="listen on a port of this machine instead, to debug an editor",
    )
    options = parser.parse_args(arguments)
    try:
        from tightship_lsp.start import start

        return start(options.tcp)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the language server needs the package `{error.name}`, which comes with"
            " `pip install tightship`"
        ) from None
    except OSError as error:
        if options.tcp is None:
            raise
        raise UsageError(f"cannot listen on port {options.tcp}: {error}") from None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)
