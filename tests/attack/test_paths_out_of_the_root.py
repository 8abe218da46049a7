"""Files name paths outside of the project root; nothing there is opened, and nothing hangs.

Where ``strace`` is installed, it watches every file that the process opens.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.attack.conftest import Figure

if os.name != "posix":
    pytest.skip("needs links, pipes and devices", allow_module_level=True)

PATIENCE = 120
SECRET = "outside-secret"
# Paths as a file may write them; {out} is a folder outside of the root.
PATHS = (
    *("{out}/file", "../../../../outside/file", "./a/../../../outside/file"),
    *("/etc/shadow", "/proc/self/environ", "/proc/1/mem", "/dev/zero", "/dev/stdin"),
    *("/dev/tcp/127.0.0.1/1", "~/file", "file://{out}/file", "link", "folder/file"),
    *("pipe", "/", "..", "hard"),
)


def named(path: str) -> dict[str, str]:
    """Return the files of projects that name a path wherever one can be named."""
    folder = os.path.dirname(path) or path
    compose = f"""
services:
  a:
    image: x
    env_file: ["{path}", {{path: "{path}", required: false}}]
    label_file: "{path}"
    secrets: [s]
    configs: [c]
    volumes: ["{path}:/x", {{type: bind, source: "{path}", target: /y}}]
    security_opt: ["seccomp={path}", "seccomp:{path}"]
    credential_spec: {{file: "{path}"}}
    develop: {{watch: [{{path: "{path}", action: sync, target: /z}}]}}
  b: {{build: "{folder}"}}
  c: {{build: {{context: ., dockerfile: "{path}"}}}}
  d: {{build: {{context: "{folder}", additional_contexts: {{x: "{folder}"}}, ssh: ["a={path}"], secrets: [s]}}}}
secrets: {{s: {{file: "{path}"}}}}
configs: {{c: {{file: "{path}"}}}}
volumes: {{v: {{driver_opts: {{type: none, o: bind, device: "{path}"}}}}}}
"""
    dockerfile = f'FROM a:1\nCOPY "{path}" /b\nADD {path} /c\nRUN --mount=type=bind,source={path},target=/d . {path}\n'
    return {
        "named/compose.yaml": compose,
        "extended/compose.yaml": f'services: {{a: {{extends: {{file: "{path}", service: a}}}}}}\n',
        "included/compose.yaml": f'include: ["{path}"]\n',
        "including/compose.yaml": f'include: [{{path: ../base.yaml, env_file: "{path}", project_directory: "{folder}"}}]\n',
        "chosen/.env": f"COMPOSE_FILE={path}\nCOMPOSE_ENV_FILES={path}\n",
        "chosen/compose.yaml": "services: {a: {image: x}}\n",
        "alone/Dockerfile": dockerfile,
        "settings/tightship.toml": f'baseline = "{path}"\n',
        "settings/compose.yaml": "services: {a: {image: x}}\n",
        "base.yaml": "services: {z: {image: x}}\n",
    }


SPECIAL = (
    *("compose.yaml", "compose.override.yaml", ".env", "Dockerfile", ".dockerignore"),
    *("Dockerfile.dockerignore", "tightship.toml", ".gitignore", "tightship-baseline.json"),
)


def links(folder: Path, outside: Path) -> None:
    for name in SPECIAL:
        (folder / name).symlink_to(outside / name)


def pipes(folder: Path, outside: Path) -> None:
    del outside
    for name in SPECIAL:
        os.mkfifo(folder / name)


def devices(folder: Path, outside: Path) -> None:
    del outside
    for name in SPECIAL:
        (folder / name).symlink_to("/dev/zero")


def processes(folder: Path, outside: Path) -> None:
    del outside
    for name in SPECIAL:
        (folder / name).symlink_to("/proc/self/environ")


def folders(folder: Path, outside: Path) -> None:
    del outside
    for name in SPECIAL:
        (folder / name).mkdir()


def link_of_links(folder: Path, outside: Path) -> None:
    (folder / "up").symlink_to("../..")
    (folder / "further").symlink_to("up/../outside")
    for name in SPECIAL:
        (folder / name).symlink_to(f"further/{name}")
    del outside


KINDS: dict[str, Callable[[Path, Path], None]] = {
    "links": links,
    "pipes": pipes,
    "devices": devices,
    "processes": processes,
    "folders": folders,
    "links of links": link_of_links,
}


class Place:
    """A root with traps, and a folder outside of it that nobody may look into."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.outside = folder / "outside"
        self.log = folder / "strace.log"
        for path in (self.root / ".git", self.outside):
            path.mkdir(parents=True)
        text = f"services:\n  {SECRET}:\n    image: x\n    privileged: true\n"
        for name in (*SPECIAL, "file"):
            (self.outside / name).write_text(text)
        self.traps = 0

    def fill(self) -> None:
        """Make a project for each path, and one for each kind of file."""
        for number, path in enumerate(PATHS):
            top = self.root / f"path{number}"
            for name, text in named(path.format(out=self.outside)).items():
                (top / name).parent.mkdir(parents=True, exist_ok=True)
                (top / name).write_text(text)
                self.traps += 1
            for folder in (top, *(one for one in top.iterdir() if one.is_dir())):
                (folder / "link").symlink_to(self.outside / "file")
                (folder / "folder").symlink_to(self.outside)
                os.mkfifo(folder / "pipe")
        for name, make in KINDS.items():
            folder = self.root / name
            folder.mkdir()
            make(folder, self.outside)
            self.traps += len(SPECIAL)

    def run(self, *arguments: str, watched: bool) -> subprocess.CompletedProcess[str]:
        """Run a command line in the root; strace logs what it opens."""
        watcher = ["strace", "-f", "-y", "-qq", "-e", "trace=open,openat,openat2"]
        command = [sys.executable, "-m", "tightship", *arguments]
        return subprocess.run(
            [*watcher, "-o", str(self.log), *command] if watched else command,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def opened(self) -> set[str]:
        """Return the paths that the last watched run has opened, or tried to."""
        found = set[str]()
        call = re.compile(r'open(?:at2?)?\((?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
        for folder, name in call.findall(self.log.read_text(errors="replace")):
            found.add(os.path.normpath(os.path.join(folder or self.root, name)))
        return found


def can_watch() -> str:
    """Return why strace cannot be used, or nothing."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True)
    return "" if done.returncode == 0 else "strace may not watch processes here"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path.resolve())


COMMANDS = {
    "check": ("check", "--no-config", "--select", "strict"),
    "fix": ("check", "--no-config", "--fix", "--all-fixes"),
    "settings": ("check",),
    "a baseline": ("check", f"path{PATHS.index('link')}/settings"),
    "explain": ("explain", "-f", "path0/named/compose.yaml"),
}


def test_nothing_outside_of_the_root_is_shown(place: Place, figure: Figure) -> None:
    place.fill()
    before = {path.name: path.read_bytes() for path in place.outside.iterdir()}
    for name, arguments in COMMANDS.items():
        done = place.run(*arguments, watched=False)
        # A configuration that names what it must not ends a run before it judges.
        is_refused = name in ("settings", "a baseline")
        assert done.returncode == 2 if is_refused else len(done.stdout) > 1_000
        assert done.returncode in (0, 1, 2), done.stderr
        assert SECRET not in done.stdout + done.stderr
        assert not re.search("root:[*x!]", done.stdout)
    after = {path.name: path.read_bytes() for path in place.outside.iterdir()}
    assert after == before
    figure(f"{place.traps} files that lead outside, {len(COMMANDS)} commands, no hang")


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_outside_of_the_root_is_opened(name: str, place: Place, figure: Figure) -> None:
    reason = can_watch()
    if reason:
        pytest.skip(reason)
    # What the interpreter and Tightship open for themselves, they open here too.
    (place.root / "compose.yaml").write_text("services: {a: {image: x}}\n")
    usual = set[str]()
    for words in (("check",), COMMANDS[name]):
        place.run(*words, watched=True)
        usual |= place.opened()
    (place.root / "compose.yaml").unlink()
    place.fill()
    done = place.run(*COMMANDS[name], watched=True)
    assert done.returncode in (0, 1, 2), done.stderr
    opened = place.opened()
    own = tuple(
        f"{os.path.realpath(folder)}/"
        for folder in (place.root, sys.prefix, sys.base_prefix, _PRODUCT)
    )
    outside = {one for one in opened - usual if not f"{os.path.realpath(one)}/".startswith(own)}
    parents = {str(place.root), *map(str, place.root.parents)}
    assert outside - parents == set()
    assert any(one.startswith(f"{place.root}/") for one in opened)
    figure(f"{len(opened):,} files opened, none outside")


_PRODUCT = str(Path(__file__).parents[2])
