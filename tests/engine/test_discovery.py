"""What is judged: files that are named, and those found below folders."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from hypothesis import given, strategies as st
from tests.checking import check

from tightship.engine.disk import root as root_module
from tightship.engine.disk.git_folder import tracked
from tightship.engine.disk.regular import Refusal
from tightship.engine.plan.candidates import Candidate, find, language_of, main_file
from tightship.engine.plan.ignoring import is_left_out
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., None]


def found(*paths: str) -> list[str]:
    """Return the kinds and the relative paths of what is found, nothing refused."""
    lines: list[str] = []
    for item in find(paths or (".",)):
        assert isinstance(item, Candidate), item
        lines.append(f"{item.kind} {os.path.relpath(item.path)}")
    return lines


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


# Names


@pytest.mark.parametrize(
    "name",
    [
        *MAIN_NAMES,
        *OVERRIDE_NAMES,
        *("compose.prod.yaml", "docker-compose.prod.yml", "docker-compose-dev.yml"),
        *("compose-dev.yaml", "compose_test.yml", "docker_compose.yml"),
        *("dev.docker-compose.yml", "dockercompose.yaml"),
    ],
)
def test_a_compose_file_is_known_by_its_name(name: str) -> None:
    assert language_of(name) == "compose"


@pytest.mark.parametrize(
    "name",
    [
        *("composer.yml", "compose", "compose.json", "compose.yaml.bak", "mycompose.yml"),
        *("docker-composer.yml", "config.yml", ".yml", "COMPOSE.YAML", "compose.yaml~"),
    ],
)
def test_other_files_are_not_compose_files(name: str) -> None:
    assert language_of(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dockerfile.tar", None),
        ("Dockerfile.svg", None),
        ("Dockerfile.tar.gz", None),
        ("Dockerfile.target", "dockerfile"),
        ("Dockerfile.xml2", "dockerfile"),
    ],
)
def test_an_archive_or_a_picture_is_no_dockerfile(name: str, expected: str | None) -> None:
    assert language_of(name) == expected


# Folders


def test_a_folder_is_split_into_projects_as_compose_loads_them(make: Make) -> None:
    make("docker-compose.yml", "compose.prod.yaml", "compose.override.yaml")
    make("compose.yml", "compose.override.yml", "docker-compose.override.yml")
    assert found() == [
        "main compose.yml",
        "override compose.override.yml",
        "side compose.override.yaml",
        "side compose.prod.yaml",
        "side docker-compose.override.yml",
        "side docker-compose.yml",
    ]


def test_an_override_file_without_a_main_file_is_a_side_file(make: Make) -> None:
    make("compose.override.yaml")
    assert found() == ["side compose.override.yaml"]


def test_every_file_knows_the_main_file_of_its_folder(make: Make, tmp_path: Path) -> None:
    make("a/compose.yaml", "a/compose.prod.yaml", "b/compose.prod.yaml", "a/x.yml")
    projects = [item.project for item in find([".", "a/x.yml"]) if isinstance(item, Candidate)]
    main = str(tmp_path / "a" / "compose.yaml")
    assert projects == [main, main, None, main]


@pytest.mark.usefixtures("docker_compose")
@pytest.mark.parametrize("drop", range(4))
def test_compose_picks_the_same_main_and_override_file(
    make: Make, tmp_path: Path, drop: int
) -> None:
    names = (*MAIN_NAMES[drop:], *OVERRIDE_NAMES[drop:])
    for name in names:
        text = f"services: {{a: {{image: x, environment: ['{name}=1']}}}}"
        (tmp_path / name).write_text(text)
    told = subprocess.run(["docker-compose", "-p", "x", "config"], capture_output=True, check=True)
    loaded = [name for name in names if f" {name}:".encode() in told.stdout]
    main, override, *_ = found()
    assert sorted(loaded) == sorted([main.split()[1], override.split()[1]])


def test_folders_come_in_order_each_with_its_files(make: Make) -> None:
    make("b/compose.yaml", "a/z/compose.yaml", "a/compose.yaml", "a-b/compose.yaml")
    make("compose.yaml", "a/compose.prod.yaml")
    assert found() == [
        "main compose.yaml",
        "main a/compose.yaml",
        "side a/compose.prod.yaml",
        "main a/z/compose.yaml",
        "main a-b/compose.yaml",
        "main b/compose.yaml",
    ]


def test_folders_of_tools_are_skipped(make: Make) -> None:
    for folder in (".git", "node_modules", ".venv", "x/node_modules", ".hg"):
        make(f"{folder}/compose.yaml", f"{folder}/deep/compose.yaml")
    make(".github/workflows/docker-compose.yml", ".github/ci/compose.yaml")
    make(".devcontainer/docker-compose.yml", "workflows/compose.yaml")
    assert found() == [
        "main .devcontainer/docker-compose.yml",
        "main .github/ci/compose.yaml",
        "main workflows/compose.yaml",
    ]


def test_a_folder_named_like_a_file_is_entered(make: Make) -> None:
    make("compose.yaml/compose.yml")
    assert found() == ["main compose.yaml/compose.yml"]


def test_links_to_folders_and_special_files_are_skipped_in_a_folder(
    make: Make, tmp_path: Path
) -> None:
    make("real/compose.yaml")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "compose.yaml").symlink_to("real")
    (tmp_path / "compose.yml").symlink_to("nowhere")
    os.mkfifo(tmp_path / "docker-compose.yml")
    assert found() == ["main real/compose.yaml"]


def test_a_link_to_a_file_counts_under_its_own_name(make: Make, tmp_path: Path) -> None:
    make("files/stack.txt", "files/image", "docker-compose.yml")
    (tmp_path / "compose.yaml").symlink_to("files/stack.txt")
    (tmp_path / "Dockerfile").symlink_to("files/image")
    assert found() == ["main compose.yaml", "side Dockerfile", "side docker-compose.yml"]


def test_a_link_out_of_the_root_is_reported(make: Make, tmp_path: Path) -> None:
    make()
    (tmp_path / "compose.yaml").symlink_to("/etc/hostname")
    assert found() == ["main compose.yaml"]
    [verdict] = check(["."], ["default"])
    assert "leaves the project root" in verdict.findings[0].finding.message
    assert len(verdict.gaps) == 1


def test_a_link_to_another_found_file_is_not_judged_twice(make: Make, tmp_path: Path) -> None:
    make("compose.yaml", "images/Dockerfile", "shared/compose.yaml")
    (tmp_path / "docker-compose.yml").symlink_to("compose.yaml")
    (tmp_path / "Dockerfile").symlink_to("images/Dockerfile")
    (tmp_path / "app").mkdir()
    (tmp_path / "app/compose.yaml").symlink_to("../shared/compose.yaml")
    assert found() == [
        "main compose.yaml",
        # A project of its own: paths and `.env` are those of its folder.
        "main app/compose.yaml",
        "side images/Dockerfile",
        "main shared/compose.yaml",
    ]


def test_a_tracked_file_is_found_even_if_ignored(make: Make, tmp_path: Path) -> None:
    make("compose.yaml", "a/compose.yaml", "old/b/Dockerfile", "old/compose.yaml")
    (tmp_path / ".gitignore").write_text("compose.yaml\nold/\n")
    for version in ("2", "3", "4"):
        shutil.rmtree(tmp_path / ".git", ignore_errors=True)
        git(tmp_path, "init", "-q")
        git(tmp_path, "config", "index.version", version)
        assert found() == []
        git(tmp_path, "add", "-f", "compose.yaml", "old/b/Dockerfile")
        assert found() == ["main compose.yaml", "side old/b/Dockerfile"]
        assert not is_left_out(str(tmp_path / "compose.yaml"))
        assert is_left_out(str(tmp_path / "a/compose.yaml"))
        assert is_left_out(str(tmp_path / "old/compose.yaml"))


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_the_index_is_read_as_git_reads_it(version: str, make: Make, tmp_path: Path) -> None:
    names = sorted(f"a{'b' * (n % 9)}/{n:03}{'x' * (n % 13)}" for n in range(200))
    make(*names)
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "index.version", version)
    git(tmp_path, "add", *names[::2])
    git(tmp_path, "add", "-N", ".")  # entries with two more bytes of flags
    assert sorted(map(os.fsdecode, tracked(str(tmp_path)))) == names


@given(data=st.binary(max_size=400), version=st.integers(0, 5))
def test_any_index_is_read_without_an_error(
    data: bytes, version: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "hostile"
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    head = b"DIRC" + version.to_bytes(4, "big")
    (folder / ".git/index").write_bytes(head + data)
    assert isinstance(tracked(str(folder)), frozenset)


def test_a_deep_tree_is_walked_without_recursion(make: Make, tmp_path: Path) -> None:
    make()
    folders = [str(tmp_path)]
    for _ in range(1500):
        folders.append(f"{folders[-1]}/d")
        os.mkdir(folders[-1])
    path = f"{folders[-1]}/compose.yaml"
    with open(path, "w"):
        pass
    try:
        assert found() == [f"main {os.path.relpath(path)}"]
    finally:  # pytest would remove it with recursion
        os.unlink(path)
        for folder in folders[:0:-1]:
            os.rmdir(folder)


def test_an_unlistable_folder_is_reported_and_the_rest_is_found(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("a/b/compose.yaml", "c/compose.yaml", "gone/compose.yaml")
    real_entries = root_module.entries_of

    def guarded(path: str) -> list[os.DirEntry[str]]:
        if path.endswith("/a/b"):
            raise PermissionError(13, "Permission denied")
        if path.endswith("/gone"):
            raise FileNotFoundError(2, "No such file or directory")
        return real_entries(path)

    monkeypatch.setattr(root_module, "entries_of", guarded)
    refused, item = find(["."])
    assert isinstance(refused, Refusal)
    assert refused.message == "`a/b` cannot be read: permission denied"
    assert isinstance(item, Candidate)
    assert item.path.endswith("/c/compose.yaml")
    refused, _ = find([os.path.abspath(".")])
    assert isinstance(refused, Refusal)
    assert refused.name == os.path.abspath("a/b")


# Arguments


def test_a_named_file_is_judged_under_any_name(make: Make) -> None:
    make("stack.yml", "compose.yaml", "node_modules/compose.yaml", ".gitignore")
    assert found("stack.yml", "node_modules/compose.yaml") == [
        "named stack.yml",
        "named node_modules/compose.yaml",
    ]


def test_a_named_folder_is_searched_even_if_it_would_be_skipped(make: Make) -> None:
    make("node_modules/compose.yaml", "out/compose.yaml", **{".gitignore": "out/"})
    assert found("node_modules", "out") == [
        "main node_modules/compose.yaml",
        "main out/compose.yaml",
    ]


def test_each_file_is_found_once(make: Make, tmp_path: Path) -> None:
    make("a/compose.yaml", "a/b/compose.yaml", "compose.yaml")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "link.yaml").symlink_to("compose.yaml")
    paths = [".", "a", "./a/", "link", "link.yaml", str(tmp_path), "compose.yaml"]
    assert sorted(found(*paths)) == [
        "main a/b/compose.yaml",
        "main a/compose.yaml",
        "named link.yaml",
    ]
    assert found("a/b", "a") == ["main a/b/compose.yaml", "main a/compose.yaml"]


def test_a_named_file_is_named_even_if_found_in_a_folder_first(make: Make) -> None:
    make("a/compose.yaml", "a/compose.prod.yaml")
    both = ["main a/compose.yaml", "named a/compose.prod.yaml"]
    assert found(".", "a/compose.prod.yaml") == both
    assert found("a/compose.prod.yaml", ".") == both[::-1]


def test_a_named_link_is_followed(make: Make, tmp_path: Path) -> None:
    make("real/stack.yml", "real/deep/compose.yaml")
    (tmp_path / "compose.yaml").symlink_to("real/stack.yml")
    (tmp_path / "link").symlink_to("real")
    assert found("compose.yaml", "link") == ["named compose.yaml", "main real/deep/compose.yaml"]


@pytest.mark.parametrize("path", ["repo/link", "repo/link/compose.yaml", "repo/file"])
def test_a_named_link_out_of_a_repository_is_rejected(
    path: str, make: Make, tmp_path: Path
) -> None:
    make("outside/compose.yaml", "repo/.git/HEAD")
    (tmp_path / "repo/link").symlink_to("../outside")
    (tmp_path / "repo/file").symlink_to("../outside/compose.yaml")
    [refused] = find([path])
    assert isinstance(refused, Refusal)
    assert refused.reason == "outside-root"
    [verdict] = check([path], ["default"])
    assert len(verdict.gaps) == 1


def test_names_with_unusual_characters_are_found(make: Make, tmp_path: Path) -> None:
    names = ["compose.two words.yaml", "compose.new\nline.yaml", "-compose.yaml"]
    names.append(os.fsdecode(b"compose.\xff.yaml"))
    for name in names:
        make(name)
    assert sorted(found(*names)) == sorted(f"named {name}" for name in names)
    assert sorted(found()) == sorted(f"side {name}" for name in names if name[0] != "-")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        *(("none", "missing"), ("compose.yaml/x", "missing"), ("a\0b", "missing")),
        *(("pipe", "not-regular"), ("/dev/null", "not-regular")),
        *(("circle", "not-readable"), ("x" * 300, "not-readable")),
        *(("\ud800", "missing"), ("large", "too-large")),
    ],
)
def test_an_invalid_path_is_rejected_in_its_order(
    make: Make, tmp_path: Path, path: str, reason: str
) -> None:
    make("compose.yaml", "stack.yml", "large")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    os.truncate(tmp_path / "large", 1 << 30)
    first, refused, last = find(["compose.yaml", path, "stack.yml"])
    assert isinstance(first, Candidate)
    assert isinstance(last, Candidate)
    assert isinstance(refused, Refusal)
    assert (refused.name, refused.reason) == (path, reason)


def test_no_paths_find_no_files(make: Make) -> None:
    make("compose.yaml")
    assert list(find([])) == []


def test_a_link_is_the_main_file_of_its_folder(make: Make, tmp_path: Path) -> None:
    make("stack.yml")
    assert main_file(str(tmp_path)) is None
    (tmp_path / "compose.yml").symlink_to("stack.yml")
    assert main_file(str(tmp_path)) == str(tmp_path / "compose.yml")


# Other names

STACK = "version: '3'\nservices:\n  web:\n    image: nginx\n"


# The same key, as YAML may have it.
SPELLINGS = (
    '{"services": {"web": {"image": "nginx"}}}\n',
    "{services:\n  {web: {image: nginx}}}\n",
    '"services":\n  web:\n    image: nginx\n',
    "'services': &all\n  web:\n    image: nginx\n",
    "services: &all\n  web:\n    image: nginx\n",
    "services :\n  web:\n    image: nginx\n",
    "!!map\nservices :\n  web:\n    image: nginx\n",
    "? services\n: web:\n    image: nginx\n",
    "# stack\n---\n  services:\n    web:\n      image: nginx\n",
)


@pytest.mark.parametrize("path", ["pwd.yml", "stack.yaml", "docker-stack.yml", "compose/local.yml"])
@pytest.mark.parametrize("text", [STACK, "services: {web: {image: nginx}}\n", *SPELLINGS])
def test_a_compose_file_of_another_name_is_known_by_its_content(
    path: str, text: str, make: Make
) -> None:
    make(**{path: text})
    assert found() == [f"side {path}"]
    [verdict] = check(["."], ["default"])
    assert verdict.services == 1
    assert any(one.rule.name == "unlimited-resources" for one in verdict.findings)


@pytest.mark.parametrize(
    "text",
    [
        "image: ruby\nservices:\n  - docker:dind\nbuild:\n  script: make\n",
        "services:\n  App\\Kernel:\n    public: true\n",
        "services:\n  App\\Kernel:\n    arguments:\n      image: '%image%'\n",
        "apiVersion: v1\nkind: List\nservices:\n  a:\n    image: x\n",
        "services:\n  web:\n    image: {{ image }}\n",
        "job:\n  services:\n    db:\n      image: postgres\n",
        "services:\n",
    ],
)
def test_other_yaml_files_are_not_compose_files(text: str, make: Make) -> None:
    make(**{"some.yml": text})
    assert not [one for one in check(["."], ["default"]) if one.services]
    assert list(check(["."], ["default"])) == []


INCLUDING = ["include: [sub/web.data]\n", "include: # more\n  - path: sub/web.data\n"]


@pytest.mark.parametrize("text", INCLUDING)
def test_a_file_that_only_includes_others_is_a_project(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"all.yml": text, "sub/web.data": "services: {a: {image: x}}\n"})
    [verdict] = check([str(tmp_path)])
    assert {one.name for one in verdict.sources} == {"all.yml", "sub/web.data"}


@pytest.mark.parametrize(
    "text",
    [
        "include:\n  - local: /ci/build.yml\n  - sub/ci.yml\n",
        "include: [missing.yml]\n",
        "include: [../web.data]\n",
        "a:\n  include: [sub/web.data]\n",
    ],
)
def test_a_file_that_includes_something_else_is_none(text: str, tmp_path: Path) -> None:
    web = "services: {a: {image: x}}\n"
    files = {"sub/web.data": web, "sub/ci.yml": "services: [docker:dind]\n", "all.yml": text}
    write(tmp_path, {"web.data": web, **{f"below/{name}": one for name, one in files.items()}})
    assert not [*check([str(tmp_path / "below")])]
