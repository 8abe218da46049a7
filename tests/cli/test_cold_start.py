from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tightship

COMPOSE = """
services:
  web:
    image: nginx
    ports: ["80:80"]
    environment: {A: "${B:-c}"}
"""

SLOW = [
    "_pydecimal",
    "asyncio",
    "concurrent",
    "contextlib",
    "dataclasses",
    "decimal",
    "email",
    "fnmatch",
    "gzip",
    "hashlib",
    "http",
    "importlib.metadata",
    "inspect",
    "ipaddress",
    "jinja2",
    "json",
    "linecache",
    "logging",
    "lsprotocol",
    "markupsafe",
    "multiprocessing",
    "pathlib",
    "pickle",
    "pkgutil",
    "pygls",
    "random",
    "rich",
    "ruamel",
    "shlex",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "textwrap",
    "threading",
    "tightship_lsp",
    "tokenize",
    "tomllib",
    "traceback",
    "typing",
    "typing_extensions",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "xml",
    "yaml.constructor",
    "yaml.emitter",
    "yaml.parser",
    "yaml.reader",
    "yaml.representer",
    "yaml.resolver",
    "yaml.scanner",
    "zlib",
]
"""What a cold `check` has no use for. Each costs milliseconds at every start."""

PROBE = """
import sys
before = set(sys.modules)
from tightship.cli.main import main
code = main(sys.argv[1:])
print(code, *sorted(set(sys.modules) - before), file=sys.stderr)
"""


def loaded(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """Return the exit code of a command line, and the modules that it loads.

    Unless the folder has a Dockerfile, it is given a Compose file.
    """
    if not (folder / "Dockerfile").exists():
        (folder / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
    # What an installation's site-packages load at every start is not ours, so it is
    # left out, and the way to the packages is told by hand.
    import yaml

    ways = (Path(tightship.__file__).parents[1], Path(yaml.__file__).parents[1])
    paths = f"import sys; sys.path[:0] = {[str(way) for way in ways]!r}\n"
    done = subprocess.run(
        [sys.executable, "-S", "-c", paths + PROBE, *arguments],
        capture_output=True,
        cwd=folder,
        # Bytecode of the facts is kept, as it is at every start but the first.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        text=True,
        timeout=60,
        check=True,
    )
    code, *names = done.stderr.splitlines()[-1].split()
    return int(code), set(names)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "compose.yaml"),
        ("check",),
        ("check", "--select", "strict", "-v"),
        ("check", "--color", "always"),
    ],
)
def test_a_cold_check_loads_nothing_slow(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    loaded(tmp_path, *arguments)  # the first start compiles the facts about nginx
    code, names = loaded(tmp_path, *arguments)
    assert code == 1
    assert "tightship.report.text" in names
    assert not [
        name for name in names for slow in SLOW if name == slow or name.startswith(f"{slow}.")
    ]


def test_a_dockerfile_alone_loads_nothing_of_compose(tmp_path: Path) -> None:
    folder = tmp_path / "image"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM nginx\nEXPOSE 80\nRUN a\n", encoding="utf-8")
    loaded(folder, "check", "Dockerfile")
    code, names = loaded(folder, "check", "Dockerfile")
    assert code == 1
    assert "tightship.rules.dockerfile" in names
    assert not names.intersection(SLOW)
    unused = (
        "tightship.cli.arguments",
        "tightship.frontends.dockerfile.expansion_pattern",
        "tightship.syntax.dockerfile.mount",
        "tightship.frontends.compose.effective",
        "tightship.frontends.compose.loading.load",
        "tightship.model.value",
        "tightship.frontends.compose.service",
        "tightship.values.gitignore",
        "tightship.isolation.container",
        "tightship.isolation.host_path",
        "tightship.rules.compose",
        "tightship.syntax.yaml.nodes",
        "tightship.values.dockerignore",
        "yaml",
    )
    assert not names.intersection(unused)


def test_a_compose_file_alone_loads_nothing_of_dockerfiles(tmp_path: Path) -> None:
    loaded(tmp_path, "check", "compose.yaml")
    code, names = loaded(tmp_path, "check", "compose.yaml")
    assert code == 1
    unused = (
        "tightship.engine.plan.settings_files",
        "tightship.frontends.dockerfile",
        "tightship.images.own_facts",
        "tightship.isolation.built_settings",
        "tightship.isolation.own_needs",
        "tightship.isolation.reach_map",
        "tightship.rules.dockerfile",
        "tightship.syntax.dockerfile",
        "tightship.syntax.shell.read",
    )
    assert not names.intersection(unused)


@pytest.mark.parametrize("selected", ["default", "strict", "hygiene"])
def test_without_its_set_nothing_of_shellcheck_is_loaded(tmp_path: Path, selected: str) -> None:
    (tmp_path / "Dockerfile").write_text("FROM nginx\nRUN a $B\n", encoding="utf-8")
    _, names = loaded(tmp_path, "check", "--select", selected)
    assert "tightship.rules.dockerfile" in names
    parts = ("tightship.scripts", "tightship.engine.shellcheck", "tightship.rules.any.sh")
    assert not [name for name in names if name.startswith(parts)]


def test_only_selected_rules_with_a_subject_are_loaded(tmp_path: Path) -> None:
    _, names = loaded(tmp_path, "check")
    rules = {name for name in names if name.startswith("tightship.rules.compose.")}
    assert "tightship.rules.compose.filesystem.writable_root_filesystem" in rules
    unused = (
        "tightship.rules.compose.devices.host_disk_device",  # there is no device,
        "tightship.rules.compose.filesystem.docker_socket_mounted",  # and no mount
        "tightship.rules.compose.users.root_user",  # no service has the key `user`
        "tightship.rules.compose.supply_chain.image_without_digest",  # strict
    )
    assert not rules.intersection(unused)
    _, names = loaded(tmp_path, "check", "--select", "mutable-image-tag")
    about = {name for name in names if re.match(r"tightship\.rules\.\w+\.\w+\.", name)}
    # The rules about secrets tell what a report must not show.
    assert {name for name in about if ".secrets." not in name} == {
        "tightship.rules.compose.supply_chain.mutable_image_tag"
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "compose.yaml"),
        ("check", "--no-config", "-q", "--output-format", "json", "compose.yaml"),
        ("map", "--output-format=json", "web"),
    ],
)
def test_plain_lines_load_no_argparse(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    _, names = loaded(tmp_path, *arguments)
    assert not names & {"argparse", "gettext", "locale"}


@pytest.mark.parametrize("pyproject", [None, '[project]\nname = "tightship"\n'])
def test_without_a_configuration_nothing_that_reads_one_is_loaded(
    tmp_path: Path, pyproject: str | None
) -> None:
    if pyproject is not None:
        (tmp_path / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    loaded(tmp_path, "check")
    _, names = loaded(tmp_path, "check")
    assert "tightship.engine.plan.config_files" in names
    assert not names & {"tomllib", "tightship.engine.settings.rule_settings"}
    if pyproject is None:
        assert "tightship.config.read" not in names
    (tmp_path / "tightship.toml").write_text("fail-on = 'info'", encoding="utf-8")
    _, names = loaded(tmp_path, "check")
    assert {"tomllib", "tightship.engine.settings.rule_settings"} <= names


def test_patterns_are_compiled_when_they_are_first_used() -> None:
    package = Path(tightship.__file__).parent
    eager = re.compile(r"^\w+(?:: [^=]+)? = re\.compile\(", re.MULTILINE)
    compiled = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if eager.search(path.read_text(encoding="utf-8"))
    ]
    assert not compiled


def test_only_the_requested_report_is_loaded(tmp_path: Path) -> None:
    _, names = loaded(tmp_path, "check", "--output-format", "json")
    assert "tightship.report.json" in names
    assert "tightship.report.text" not in names


def test_the_version_needs_no_engine(tmp_path: Path) -> None:
    code, names = loaded(tmp_path, "--version")
    assert code == 0
    assert not [name for name in names if name.startswith("tightship.engine")]
    assert "argparse" not in names
