"""``tightship``: run a command, and turn its outcome into an exit code."""

from __future__ import annotations

import gc
import os
import sys

from tightship import __version__
from tightship.cli.console import Output, OutputError, UsageError, drop_output, print_error
from tightship.lazy.modules import import_directly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import ModuleType

_HELP = """\
Tightship checks the isolation of containers in Compose files and Dockerfiles.

usage: tightship COMMAND ...

commands:
  check [PATH ...]  check the Compose projects below a folder, or those of a file
  diff BASE [HEAD]  compare the isolation of each service before and after a change
  harden [PATH ...] show or write the hardening that is known to work
  try [PATH]        prove the hardening of services in a copy on your container engine
  map [PATH ...]    print reachable services, and the paths to the host and to data
  explain [PATH]    print the configuration that Compose runs, with the origin of each value
  convert FILE:LINE print a `docker run` command as a Compose service
  controls [PATH]   show which controls of CIS, OWASP, NIST and BSI the files meet
  rule [NAME]       explain a rule, or list all of them
  policy ACTION     test, print or explain what an organisation demands
  image [NAME]      print the known facts about an image
  config [PATH]     print the settings in effect, and where each comes from
  init              ask once what files are for, and write the settings
  migrate           convert the settings of other linters, compare their reports
  lsp               start the language server, for editors
  completion SHELL  print a script that completes command lines: bash, zsh or fish

options:
  -h, --help        show this help; with a command, the help of the command
  -V, --version     show the version; with a command, too
  --rules-from NAME with a command, use the rules of an installed package, too

examples:
  tightship check                      check every project below this folder
  tightship check compose.yaml         check one
  tightship explain web                the configuration of service web
  tightship rule privileged-container  why it matters, and how to fix it

exit codes:
  0    no findings at or above --fail-on
  1    findings
  2    invalid arguments, or a part could not be checked
  3    Tightship failed: a bug, or its output could not be written
"""

# fmt: off
_COMMANDS = (
    "check", "completion", "config", "controls", "convert", "explain", "harden", "image", "init", "lsp",
    "policy", "rule",
)
# fmt: on
"""Each is the module of the same name, which is loaded when it is asked for."""

_LISTED = "`tightship --help` lists all of them"
_COLLECT_AFTER = 200_000
_FAILED = 3
_INTERRUPTED = 130  # 128 + SIGINT, as in shells.
_READER_GONE = 141  # 128 + SIGPIPE.


def main(argv: list[str] | None = None) -> int:
    """Run a command line and return its exit code; ``--help`` says what they mean.

    Without arguments, those of the process are used, and the process is tuned for one
    short run.
    """
    if argv is not None:
        return _guarded(argv)
    # A run is too short for the collector to find much.
    gc.set_threshold(_COLLECT_AFTER)
    import_directly("tightship")
    code = _guarded(sys.argv[1:])
    _leave(code)
    return code


def _leave(code: int) -> None:
    """End the process at once, unless threads, their processes or a profiler have to end.

    Python would take a tenth of a short run to free each object by itself.
    """
    gc.freeze()
    if "threading" in sys.modules or sys.getprofile() or sys.gettrace():
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return  # Python says so as it ends.
    os._exit(code)


def _guarded(arguments: list[str]) -> int:
    try:
        return _run(arguments)
    except SystemExit as exit_:  # argparse has printed why.
        return exit_.code if isinstance(exit_.code, int) else 2
    except UsageError as error:
        print_error(_shown(str(error)))
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        drop_output()
        return _READER_GONE
    except OutputError as error:
        print_error(f"cannot write the output: {error}")
        drop_output()
        return _FAILED
    except Exception as error:
        from tightship.config.key import ConfigError

        if isinstance(error, ConfigError):
            from tightship.cli.options import print_problems

            return print_problems(error)
        if os.environ.get("TIGHTSHIP_DEBUG"):
            import traceback

            traceback.print_exc()
        print_error(_bug_report(error))
        return _FAILED


def _run(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command in _every_command(command):
        if "TIGHTSHIP_RULES_FROM" in os.environ or any(one[:12] == "--rules-from" for one in rest):
            from tightship.cli.own_rules import with_own_rules

            rest = with_own_rules(rest)
        run: Callable[[list[str]], int] = _module(command).run
        return run(rest)
    if command in ("-h", "--help", "help"):
        return _print(_HELP)
    if command in ("-V", "--version"):
        return _print(f"tightship {__version__}\n")
    raise UsageError(_unknown(command))


def _every_command(command: str) -> Collection[str]:
    """Return the commands among which one is, if it is one."""
    if command in _COMMANDS or command.startswith("-"):
        return _COMMANDS
    from tightship.annexes import COMMANDS

    return {*_COMMANDS, *COMMANDS}


def _module(command: str) -> ModuleType:
    if command in _COMMANDS:
        return __import__(f"tightship.cli.{command}", fromlist=("run",))
    from tightship import annexes

    try:
        return annexes.command(command)
    except annexes.MissingAnnexeError as error:
        raise UsageError(str(error)) from None


def _print(text: str) -> int:
    output = Output()
    output.close(text)
    return 0


def _unknown(command: str) -> str:
    if command.startswith("-"):
        what, hint = "option", _LISTED
    elif os.path.exists(command):
        what, hint = "command", f"did you mean `tightship check {command}`?"
    else:
        from tightship.values.matching import closest

        guess = closest(command, sorted(_every_command(command)))
        what = "command"
        hint = f"did you mean `tightship {guess}`?" if guess else _LISTED
    return f"there is no {what} `{command}`; {hint}"


def _bug_report(error: Exception) -> str:
    return (
        f"failed: {_shown(f'{type(error).__name__}: {error}')}\n"
        "This is a bug in Tightship, and what it printed is not complete.\n"
        "Please report it, with the traceback that TIGHTSHIP_DEBUG=1 shows."
    )


def _shown(text: str) -> str:
    from tightship.report.terminal import brief

    return brief(text)
