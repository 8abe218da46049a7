"""What `pip install tightship` brings, and what its extras add."""

from __future__ import annotations

import ast
import asyncio
import email
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.ecosystem.conftest import ROOT
from tests.lsp.conftest import WEB, session

from tightship.cli.main import main
from tightship_lsp.uri import path_of

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
# A thousand modules, most of them without docstrings and comments, and the manual page have
# 1.96 MB.
LARGEST_WHEEL = 2_000_000
TOPS = ("tightship", "tightship_annexes", "tightship_lsp")
WANTED = (
    "tightship: the language server needs the package `pygls`:"
    " pip install 'tightship[lsp]', or in a clone: pip install '.[lsp]'\n"
)


def names(requirements: list[str]) -> set[str]:
    return {Requirement(one).name for one in requirements}


def test_the_package_needs_two_others() -> None:
    assert names(PROJECT["dependencies"]) == {"pyyaml", "ruamel.yaml"}


def test_the_extra_all_has_every_extra_for_users() -> None:
    [everything] = EXTRAS["all"]
    assert Requirement(everything).name == "tightship"
    assert Requirement(everything).extras == EXTRAS.keys() - {*("all", "dev", "fleet", "site")}


def test_developers_have_everything_that_users_can_have() -> None:
    assert "tightship[all]" in EXTRAS["dev"]


def test_the_metadata_names_each_tested_python() -> None:
    given = [
        found[1]
        for one in PROJECT["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one))
    ]
    assert given == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["requires-python"] == f">={given[0]}"


def test_an_editor_can_ask_whether_there_is_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lsp", "--version"]) == 0
    assert re.fullmatch(r"tightship \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize("arguments", [[], ["--version"], ["--stdio"]], ids=str)
def test_without_its_extra_the_server_says_what_to_install(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(name: str) -> None:
        return None

    monkeypatch.setattr("importlib.util.find_spec", nothing)
    assert main(["lsp", *arguments]) == 2
    assert capsys.readouterr() == ("", WANTED)


# -- built and installed


@pytest.fixture(scope="module")
def built(package_index: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    script = (
        "import sys, os\n"
        "from hatchling import build\n"
        "print(build.build_sdist(sys.argv[1]), build.build_wheel(sys.argv[1]))\n"
    )
    tools = folder / "tools"
    venv.create(tools, with_pip=True)
    requirements = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = requirements["build-system"]["requires"]
    python = str(tools / "bin" / "python")
    for command in (
        [python, "-m", "pip", "install", "--quiet", *needed],
        [python, "-c", script, str(folder)],
    ):
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def _as_shipped(name: str) -> str:
    """Return the module that has a file of facts; those of images have one for each letter."""
    if not name.endswith(".toml"):
        return name
    folder, _, file = name.rpartition("/")
    return f"{folder}/{file[0] if folder.endswith('/images') else file.removesuffix('.toml')}.py"


def _tracked(folder: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [one for one in listed.stdout.split("\0") if one]


@pytest.mark.exhaustive
def test_the_wheel_has_types_and_no_tests(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    assert wheel.stat().st_size < LARGEST_WHEEL
    with zipfile.ZipFile(wheel) as archive:
        files = set(archive.namelist())
        [name] = [one for one in files if one.endswith("/METADATA")]
        metadata = email.message_from_bytes(archive.read(name))
    assert {"tightship/py.typed", "tightship_lsp/py.typed"} <= files
    # Whatever is in a package of the repository is in the wheel, and nothing else is.
    places = (one.split("/", 1)[1] for top in ("linter", "lsp") for one in _tracked(top))
    known = {_as_shipped(one) for one in places if one.partition("/")[0] in TOPS}
    known = {one for one in known if not one.endswith("/README.md")}  # for who works on it
    known |= {f"{one.rpartition('/')[0]}/__init__.py" for one in known if "/facts/" in one}
    assert {one for one in files if one.partition("/")[0] in TOPS} == known
    # Facts are modules there, which installers compile.
    assert "tightship/facts/images/n.py" in files
    assert not [one for one in files if one.endswith(".toml")]
    # Pages are made of the rules.
    assert not [one for one in files if one.endswith(".md")]
    tops = {one.partition("/")[0] for one in files}
    version = name.partition("/")[0].removesuffix(".dist-info")
    # The manual page is data of the wheel.
    assert tops == {*TOPS, f"{version}.dist-info", f"{version}.data"}
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Author"] == "The Tightship authors"


@pytest.mark.exhaustive
def test_modules_in_the_wheel_differ_by_docstrings_alone(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    shorter = 0
    with zipfile.ZipFile(wheel) as archive:
        for top in ("linter", "lsp"):
            for name in _tracked(top):
                _, _, module = name.partition("/")
                if not module.startswith(TOPS) or not module.endswith(".py"):
                    continue
                text = (ROOT / name).read_text("utf-8")
                shipped = archive.read(module).decode()
                assert _without_notes(shipped) == _without_notes(text), name
                assert shipped.count("\n") == text.count("\n"), name
                if module.startswith("tightship/rules/") and module.count("/") > 2:
                    # The docstring of the module is the page of a rule.
                    assert len({ast.get_docstring(ast.parse(one)) for one in (text, shipped)}) == 1
                elif module.startswith(("tightship/api/", "tightship/rules/")):
                    assert shipped == text, name
                shorter += shipped != text
    assert shorter > 500


def _without_notes(text: str) -> str:
    """Return the tree of a module, whose bodies have no texts and are not empty."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            kept = [
                one
                for one in node.body
                if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            ]
            node.body = kept or [ast.Pass()]
    return ast.dump(tree)


@pytest.mark.exhaustive
def test_the_source_distribution_has_tests_that_start(built: Path, tmp_path: Path) -> None:
    [source] = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    [folder] = tmp_path.iterdir()
    left_out = ("node_modules", ".installed", "bundled/libs", "__pycache__")
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    assert not [one for one in files if any(word in one for word in left_out)]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "tests/text", "tests/test_extension_manifest.py"],
        cwd=folder,
        env={"PYTHONPATH": f"{folder / 'linter'}:{folder / 'lsp'}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


@pytest.mark.exhaustive
def test_an_installation_has_the_linter_and_with_its_extra_the_server(
    built: Path, tmp_path: Path
) -> None:
    [wheel] = built.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / "bin"
    (tmp_path / "compose.yaml").write_text(
        "services: {a: {image: 'x:1', privileged: true}}\n", "utf-8"
    )

    def run(*command: str) -> tuple[int, str]:
        program, *rest = command
        done = subprocess.run(
            [str(scripts / program), *rest],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    assert run("pip", "install", "--quiet", str(wheel))[0] == 0
    listed = run("pip", "list", "--format=freeze")[1].splitlines()
    installed = {one.partition("==")[0].lower() for one in listed} - {"pip"}
    assert installed - {"setuptools", "ruamel.yaml.clib"} == {"tightship", "pyyaml", "ruamel.yaml"}
    code, text = run("tightship", "check")
    assert code == 1
    assert "[privileged-container]" in text
    page = run("tightship", "rule", "privileged-container")[1]
    assert page == shown("rule", "privileged-container")
    assert run("tightship", "lsp") == (2, WANTED)
    assert run("pip", "install", "--quiet", f"{wheel}[lsp]")[0] == 0
    code, text = run("tightship", "lsp", "--version")
    assert (code, text.split()[0]) == (0, "tightship")
    # The end of the input breaks the session off.
    assert run("tightship", "lsp")[0] == 1
    documented = ROOT / "linter/docs/rules/privileged-container.md"
    linked = asyncio.run(page_of_a_finding(tmp_path, scripts / "tightship"))
    assert linked == documented.read_text("utf-8")


def shown(*arguments: str) -> str:
    """Return what the checkout prints."""
    command = [sys.executable, "-m", "tightship", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


async def page_of_a_finding(folder: Path, tightship: Path) -> str:
    """Return the page to which an installed server links, read during its session."""
    async with session(folder, server=(str(tightship), "lsp")) as editor:
        uri = editor.open("compose.yaml", "dockercompose", WEB)
        [found] = [
            one
            for one in await editor.publishes(uri, version=1)
            if one.code == "privileged-container"
        ]
        assert found.code_description is not None
        path = path_of(found.code_description.href)
        assert path is not None
        return Path(path).read_text("utf-8")
