"""Generated scripts, run by real shells: can they go on after a command has failed?

In a script, `check` is the command that fails, and `use` the one that must not run
then. Each variable decides the result of one command, so all runs together are all
ways through the script.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST_VARIABLES = 3
SHELLS: dict[tuple[str, ...], tuple[str, ...]] = {
    # The words of SHELL, and the programs that may be behind its name.
    ("bash", "-c"): ("bash",),
    ("bash", "-ec"): ("bash",),
    ("bash", "-eo", "pipefail", "-c"): ("bash",),
    ("sh", "-c"): ("dash", "sh"),
    ("sh", "-ec"): ("dash", "sh"),
}
_FIXED = ("true", "false", ": x", "exit 0", "exit 1", "exit", "set -e", "set +e")


class Ran:
    """What the runs of a script have shown: did one succeed, or `use`, after `check`?"""

    def __init__(self) -> None:
        self.succeeded = False
        self.used = False


@st.composite
def shell_scripts(draw: st.DrawFn) -> str:
    """Draw a script in which `check` and `use` are, with a few other commands."""
    made = _list(draw, 3)
    count = made.count("LEAF")
    check = draw(st.integers(0, count - 1))
    use = draw(st.integers(0, count))
    variables = iter("abc"[:MOST_VARIABLES])
    for place in range(count):
        leaf = _leaf(draw, variables)
        leaf = "check" if place == check else "use" if place == use else leaf
        made = made.replace("LEAF", leaf, 1)
    return made


def _leaf(draw: st.DrawFn, variables: Iterator[str]) -> str:
    kind = draw(st.integers(0, 9))
    if kind < 5:
        name = next(variables, None)
        return f'[ "${name}" = 0 ]' if name else "true"
    if kind == 5:
        return draw(st.sampled_from(("[ $? -eq 0 ]", '[ "$?" != 0 ]')))
    return draw(st.sampled_from(_FIXED))


def _list(draw: st.DrawFn, depth: int) -> str:
    size = draw(st.integers(1, 3 if depth > 1 else 2))
    made = _pipeline(draw, depth)
    for _ in range(size - 1):
        operator = draw(st.sampled_from((" && ", " || ", "; ", "\n", "\n")))
        made += operator + _pipeline(draw, depth)
    return made


def _pipeline(draw: st.DrawFn, depth: int) -> str:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return "! " + _command(draw, depth)
    if kind == 1:
        return f"{_command(draw, depth)} | {_command(draw, depth)}"
    return _command(draw, depth)


def _command(draw: st.DrawFn, depth: int) -> str:
    if not depth or draw(st.integers(0, 2)) == 0:
        return "LEAF"
    kind = draw(st.integers(0, 11))
    first, second = _list(draw, depth - 1), _list(draw, depth - 1)
    match kind:
        case 0:
            return f"{{ {first}\n}}"
        case 1:
            return f"( {first}\n)"
        case 2:
            return f"if {first}\nthen {second}\nfi"
        case 3:
            return f"if {first}\nthen {second}\nelse {_list(draw, depth - 1)}\nfi"
        case 4:
            return f"for i in 1 2; do {first}\ndone"
        case 5:
            word = draw(st.sampled_from(("while", "until")))
            operator = "-lt" if word == "while" else "-ge"
            turn = "n=$((${n:-0} + 1))"
            return f"{word} {turn}; [ $n {operator} 3 ]; do {first}\ndone"
        case 6:
            # Its own name, for a function that calls itself never ends.
            return f"{{ f{depth}() {{ {first}\n}}\nf{depth}\n}}"
        case 7:
            return f"x=$( {first}\n)"
        case 8:
            return f'case "$a" in 0) {first}\n;; *) {second}\n;; esac'
        case 9:
            flags = draw(st.sampled_from(("-c", "-ec")))
            shell = draw(st.sampled_from(("sh", "bash")))
            return _quoted(f"{shell} {flags} ", first)
        case 10:
            return _quoted("eval ", first)
        case _:
            return f": x$( {first}\n)"


def _quoted(before: str, script: str) -> str:
    """Return a script as a word, or in braces if it has such words itself."""
    return f"{{ {script}\n}}" if "'" in script else f"{before}'{script}'"


def is_exact(script: str) -> bool:
    """Return whether no command runs twice or depends on the result of another.

    In ``x | eval 'false; true' || y``, dash ignores errexit and bash does not.
    """
    if "$n" in script or "for i" in script or "| eval" in script:
        return False
    names = re.findall(r"\$[abc]", script)
    return len(names) == len({*names})


class Runner:
    """Runs scripts in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "log"
        programs = folder / "bin"
        programs.mkdir()
        for name, result in (("check", "1"), ("use", "$result")):
            program = programs / name
            program.write_text(f"#!/bin/dash\necho {name} >> {self._log}\nexit {result}\n")
            program.chmod(0o755)
        (programs / "sh").symlink_to("/bin/bash")
        self._path = f"{programs}:/usr/bin:/bin"

    def run(self, script: str, words: tuple[str, ...]) -> Ran:
        """Run a script by each shell, once for each choice of the variables' values."""
        ran = Ran()
        for program in SHELLS[words]:
            self._run(script, [program, *words[1:]], ran)
        return ran

    def _run(self, script: str, words: Sequence[str], ran: Ran) -> None:
        names = sorted({*re.findall(r"\$([abc])", script)})
        names += ["result"] if "use" in script else []
        for values in itertools.product("01", repeat=len(names)):
            self._log.write_text("")
            variables = dict(zip(names, values, strict=True))
            done = subprocess.run(
                [*words, script],
                env={"PATH": self._path, **variables},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=20,
                check=False,
            )
            log = self._log.read_text().split()
            if "check" in log:
                ran.succeeded |= done.returncode == 0
                ran.used |= "use" in log[log.index("check") :]


def has_shells() -> bool:
    """Return whether the shells are installed."""
    return all(os.access(f"/bin/{name}", os.X_OK) for name in ("bash", "dash"))
