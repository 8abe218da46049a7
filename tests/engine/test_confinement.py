"""Nothing outside the project root is read, or even looked at."""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import example, given, strategies as st
from tests.checking import check

from tightship.engine.disk.files import Files
from tightship.engine.disk.given import look_up
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import Roots, canonical, project_root, real_path
from tightship.engine.plan.candidates import Candidate, find
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "secret").write_text("password\n")
    return root


def reason(root: Path, path: str) -> str:
    outcome = Files(str(root)).read(path)
    return outcome.reason if isinstance(outcome, Refusal) else "read"


def test_a_path_that_leaves_the_root_is_rejected_whether_or_not_it_exists(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(str(root))

    def never(*_: object, **__: object) -> os.stat_result:
        raise AssertionError("the disk was looked at")

    monkeypatch.setattr(os, "lstat", never)
    monkeypatch.setattr(os, "stat", never)
    for path in ("../secret", str(tmp_path / "secret"), "../none", "a/../../secret"):
        refused = files.read(path)
        assert isinstance(refused, Refusal)
        assert (refused.reason, refused.name) == ("outside-root", path)
        assert "outside the project root" in refused.message
        assert files.exists(path)  # it cannot be passed over as missing


def test_a_link_within_the_root_is_followed(root: Path) -> None:
    (root / "real").mkdir()
    (root / "real" / "a.yaml").write_text("a: 1\n")
    (root / "one.yaml").symlink_to("real/a.yaml")
    (root / "folder").symlink_to("real")
    (root / "real" / "up.yaml").symlink_to("../folder/./a.yaml")
    (root / "absolute.yaml").symlink_to(root / "real" / "a.yaml")
    files = Files(str(root))
    for name in ("one.yaml", "folder/a.yaml", "folder/up.yaml", "absolute.yaml"):
        found = files.read(name)
        assert isinstance(found, Source)
        assert (found.name, found.text) == (name, "a: 1\n")


def test_a_link_that_leaves_the_root_is_rejected(root: Path, tmp_path: Path) -> None:
    (root / "file").symlink_to("../secret")
    (root / "absolute").symlink_to(tmp_path / "secret")
    (root / "folder").symlink_to("..")
    (root / "twice").symlink_to("file")
    (root / "dangling").symlink_to("/does/not/exist")
    for path in ("file", "absolute", "folder/secret", "twice", "dangling"):
        assert reason(root, path) == "outside-root"
    assert Files(str(root)).exists("file")


def test_a_folder_that_becomes_a_link_while_it_is_read_is_not_followed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "web" / "app").mkdir(parents=True)
    (root / "web" / "app" / "secret").write_text("a: 1\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "secret").write_text("password\n")
    found = Files._real

    def real(files: Files, name: str) -> str:
        place = found(files, name)
        (root / "web").rename(root / "gone")
        (root / "web").symlink_to(tmp_path)
        return place

    monkeypatch.setattr(Files, "_real", real)
    assert reason(root, "web/app/secret") == "missing"


def test_a_link_that_is_replaced_while_it_is_followed_ends_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    calls, read = list[str](), os.readlink

    def replaced(path: str) -> str:
        calls.append(path)
        if len(calls) < 3:
            raise OSError(errno.EINVAL, "Invalid argument")
        return read(path)

    monkeypatch.setattr(os, "readlink", replaced)
    assert real_path(str(tmp_path / "link")) == str(tmp_path)
    monkeypatch.setattr(os.path, "realpath", _never_settled)
    assert real_path(str(tmp_path / "link")) == str(tmp_path / "link")


def _never_settled(_path: str) -> str:
    raise OSError(errno.EINVAL, "Invalid argument")


def test_the_outside_target_of_a_link_is_not_examined(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "folder").symlink_to(tmp_path)
    (root / "up").symlink_to("../../x")
    files = Files(str(root))
    looked: list[str] = []
    real_lstat = os.lstat

    def recorded(path: str) -> os.stat_result:
        looked.append(path)
        return real_lstat(path)

    monkeypatch.setattr(os, "lstat", recorded)
    files.read("folder/secret")
    files.read("up")
    assert looked == [str(root / "folder"), str(root / "up")]


def test_a_link_to_nothing_is_missing(root: Path) -> None:
    (root / "compose.yaml").symlink_to("none.yaml")
    assert reason(root, "compose.yaml") == "missing"
    assert not Files(str(root)).exists("compose.yaml")


def test_links_in_a_cycle_are_rejected(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    (root / "self").symlink_to(".")
    refused = Files(str(root)).read("a")
    assert isinstance(refused, Refusal)
    assert refused.reason == "not-readable"
    assert "symbolic links" in refused.message
    assert reason(root, "self/" * 60 + "x") == "not-readable"


def test_a_long_chain_of_links_is_rejected(root: Path) -> None:
    (root / "0").write_text("a: 1\n")
    for number in range(1, 1500):
        (root / str(number)).symlink_to(str(number - 1))
    assert reason(root, "1499") == "not-readable"
    assert reason(root, "30") == "read"


@pytest.mark.parametrize("path", ["a\0b", "a/\0/b", "\ud800.yaml", "\ud800/a.yaml", "\0"])
def test_an_impossible_name_is_rejected(root: Path, path: str) -> None:
    assert reason(root, path) == "missing"


def test_an_overlong_name_is_rejected_in_a_short_message(root: Path) -> None:
    for path in ("x" * 100_000, "x/" * 100_000, "./" * 100_000 + "x" * 300):
        refused = Files(str(root)).read(path)
        assert isinstance(refused, Refusal)
        assert len(refused.message) < 300


_PARTS = st.sampled_from(["a", "b", "out", "in", "..", ".", "secret", "f", ""])


@given(st.lists(_PARTS, max_size=7).map("/".join))
@example("a/out/../f")
def test_no_path_leads_outside(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    base = tmp_path_factory.getbasetemp() / "confined"
    root = base / "root"
    if not base.exists():
        (root / "a" / "b").mkdir(parents=True)
        (base / "secret").write_text("password\n")
        (root / "a" / "f").write_text("mine\n")
        (root / "a" / "out").symlink_to("../..")
        (root / "a" / "b" / "in").symlink_to("..")
        (root / "out").symlink_to("a/out/")
        (root / "in").symlink_to("a/b/in")
    outcome = Files(str(root)).read(path)
    if isinstance(outcome, Source):
        assert outcome.text == "mine\n"
        # `..` takes back the part before it, link or not, as it does for Compose.
        place = root / os.path.normpath(path)
        assert os.path.realpath(place) == os.path.realpath(root / "a" / "f")
    elif outcome.reason == "missing":
        assert not os.path.exists(root / os.path.normpath(path))


@pytest.mark.parametrize("path", ["../secret", "{top}/secret", "link", "a/../../secret"])
def test_a_file_of_variables_does_not_choose_the_root(
    root: Path, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret").write_text("services: {password: {image: x}}\n")
    (root / "link").symlink_to("../secret")
    (root / ".env").write_text(f"COMPOSE_FILE={path.format(top=tmp_path)}\n")
    (root / "compose.yaml").write_text("services: {own: {image: x}}\n")
    verdicts = list(check([str(root)], ["strict"]))
    sources = {source.name for verdict in verdicts for source in verdict.sources}
    assert "compose.yaml" in sources
    said = [one.finding.message for verdict in verdicts for one in verdict.findings]
    assert any("outside the project root" in message for message in said)
    assert not any("password" in message for message in said)


# Where a project begins


def test_the_nearest_git_work_tree_is_the_root(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "sub" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "outer" / ".git").mkdir()
    path = str(inner / "compose.yaml")
    workspace = str(inner)
    assert project_root(path, workspace=workspace) == str(tmp_path / "outer")
    # A submodule and a linked work tree have a file there.
    (tmp_path / "outer" / "sub" / ".git").write_text("gitdir: ../elsewhere\n")
    assert project_root(path) == str(tmp_path / "outer" / "sub")
    assert project_root(str(inner)) == str(tmp_path / "outer" / "sub")


def test_without_git_the_workspace_is_the_root_of_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "work" / "a").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    work, other = str(tmp_path / "work"), str(tmp_path / "other")
    assert project_root(f"{work}/a/compose.yaml", workspace=work) == work
    assert project_root(f"{other}/compose.yaml", workspace=work) == other


def test_without_either_the_common_folder_is_the_root(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    one, two = str(tmp_path / "a" / "compose.yaml"), str(tmp_path / "b")
    assert project_root(one) == str(tmp_path / "a")
    assert project_root(one, others=[one, two]) == str(tmp_path)
    assert project_root(two) == two


def test_the_roots_of_a_run_are_those_of_its_paths_one_by_one(tmp_path: Path) -> None:
    for name in ("mono/.git", "mono/web", "mono/db", "a", "b/deep"):
        (tmp_path / name).mkdir(parents=True)
    files = [
        str(tmp_path / name / "compose.yaml")
        for name in ("mono/web", "mono/db", "a", "b/deep", "a", "mono/web")
    ]
    roots = Roots(files)
    assert [roots.of(path) for path in files] == [
        project_root(path, others=files) for path in files
    ]
    assert roots.of(files[0]) == str(tmp_path / "mono")
    assert roots.of(files[2]) == str(tmp_path)


def test_the_whole_disk_is_never_the_common_folder(tmp_path: Path) -> None:
    path = str(tmp_path / "compose.yaml")
    assert project_root(path, others=["/nowhere/compose.yaml"]) == str(tmp_path)


def test_folders_with_no_common_folder_are_roots_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "deep" / "web").mkdir(parents=True)
    file = str(tmp_path / "deep" / "web" / "Dockerfile")
    for folders in ([str(tmp_path)], [str(tmp_path), str(tmp_path / "deep")]):
        assert Roots(["/nowhere/compose.yaml", *folders]).of(file) == str(tmp_path)
    assert Roots(["/nowhere/compose.yaml", "/"]).of(file) == os.path.dirname(file)
    assert Roots([]).of(file) == os.path.dirname(file)


def test_a_root_is_found_through_the_real_folder_of_a_path(tmp_path: Path) -> None:
    (tmp_path / "mono" / "web").mkdir(parents=True)
    (tmp_path / "mono" / ".git").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "mono" / "web")
    path = str(tmp_path / "home" / "compose.yaml")
    assert project_root(path) == str(tmp_path / "mono")
    assert project_root(str(tmp_path / "home")) == str(tmp_path / "mono")


def test_a_canonical_path_keeps_its_last_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real" / "compose.yaml").symlink_to("compose.prod.yaml")
    monkeypatch.chdir(tmp_path)
    for path in ("link/compose.yaml", "./link/../real/compose.yaml"):
        assert canonical(path) == str(tmp_path / "real" / "compose.yaml")
    assert canonical("link") == str(tmp_path / "link")
    assert canonical("a\0/b") == str(tmp_path / "a\0" / "b")


@pytest.mark.parametrize("path", ["d", "d/compose.yaml"])
def test_a_path_is_looked_up_once(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder becomes a link right after it was looked up: nothing behind it is read."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "compose.yaml").write_text("services: {a: {image: b}}\n")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "d").mkdir()
    (tmp_path / "repository" / "d" / "compose.yaml").touch()
    monkeypatch.chdir(tmp_path / "repository")
    at = look_up(path)
    assert at.kind is (path == "d")
    (tmp_path / "repository" / "d").rename(tmp_path / "repository" / "kept")
    (tmp_path / "repository" / "d").symlink_to("../other")
    found = [*find([at])]
    assert not any(isinstance(one, Candidate) for one in found if path == "d")
    files = Files(project_root(at))
    assert isinstance(files.read(at.full), Refusal)
    assert os.path.join("other", "") not in repr(found)
