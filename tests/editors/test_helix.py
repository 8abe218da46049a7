"""Helix in a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.editors.terminal import Terminal
from tests.editors.waiting import wait_for, wait_for_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.conftest import Documented, Expected, Program, Watched


def test_helix_shows_findings_fixes_them_and_exits_cleanly(
    project: Path,
    documented: Documented,
    program: Program,
    watched: Watched,
    expected: Expected,
    tmp_path: Path,
) -> None:
    compose, dockerfile = project / "compose.yaml", project / "Dockerfile"
    home = tmp_path / "home"
    settings = home / ".config" / "helix" / "languages.toml"
    settings.parent.mkdir(parents=True)
    settings.write_bytes(documented("helix").read_bytes())

    with Terminal(
        [program("hx"), compose.name],
        tmux=program("tmux"),
        socket=tmp_path / "tmux",
        folder=project,
        environment=watched.environment(home),
    ) as helix:
        # The status line counts one error and seven warnings.
        helix.see("● 7 ● 1")
        helix.press("Space", "d")
        assert found(helix.see("10/10")) == expected.compose
        go_to(helix, "timezone-mount-writable", place="12:9")

        helix.press("Space", "a")
        helix.see("Mount it read-only", "Ignore `timezone-mount-writable` here")
        helix.press("Enter")
        helix.see("/etc/localtime:/etc/localtime:ro")
        wait_for("the finding to go", lambda: "●  12" not in helix.screen())

        helix.press("Space", "d")
        helix.see("9/9")
        go_to(helix, "docker-socket-mounted", place="11:9")
        helix.press("Space", "k")
        helix.see("Anyone who can connect to the Docker socket")

        helix.type(":write")
        wait_for_text(compose, expected.fixed("compose.yaml"))

        # Nothing is found where the cursor is, so all that is offered is to fix all.
        helix.type(":open Dockerfile")
        helix.see("ADD main.py")
        wait_for("what is found in it", lambda: helix.screen().count("\n●") == 2)
        helix.press("Space", "a")
        helix.see("Apply all fixes that keep behaviour")
        helix.press("Enter")
        helix.see("COPY main.py")

        helix.type(":write-quit-all")
        assert helix.ended() == 0
    assert dockerfile.read_text() == expected.fixed("Dockerfile")
    assert watched.started() == 1
    wait_for("the server to end", watched.ended)


def go_to(helix: Terminal, rule: str, place: str) -> None:
    """Choose the finding of a rule in the list of them, which is open."""
    helix.type(f"%code {rule}")
    helix.see(f" {place}\n")


def found(screen: str) -> tuple[str, ...]:
    """Return the rules' names from the list of diagnostics."""
    rows = re.findall(r"(?:ERROR|WARN|INFO|HINT) +([a-z-]+) ", screen)
    return tuple(sorted(rows))
