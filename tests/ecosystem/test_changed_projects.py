"""What changes touch: no verdict changes of which `--changed-since` does not tell."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from tests.checking import check

from tightship.engine.change.changes import Changes
from tightship.engine.check import Filters
from tightship.engine.disk.files import Files
from tightship.engine.disk.git_tree import Entry, UndoneChange
from tightship.engine.disk.recorded import RecordedFiles
from tightship.engine.filters import ReportedOnce
from tightship.engine.plan.candidates import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import Verdict

ROOT = Path(__file__).parents[2]
PROJECTS = sorted(
    {
        *(ROOT / "tests" / "projects").glob("[!e]*/"),
        *(ROOT / "tests" / "projects" / "effective").glob("*"),
    }
)


def as_it_is(_: ReportedOnce, verdict: Verdict, __: Job) -> Verdict:
    """Return a verdict with what others tell."""
    return verdict


def blob_of(content: bytes | None, _name: str, _limit: int) -> bytes | None:
    """Return the only blob there is."""
    return content


def told(folder: Path, changes: Changes | None = None) -> dict[tuple[str, str, str], bool]:
    """Return what is found below a folder: name of the file, rule and message.

    With each goes whether it is said of a Dockerfile that no service builds.
    """
    verdicts = check([str(folder)], ["strict"], configured=True, filters=Filters(changes=changes))
    return {
        (name, one.rule.name, one.finding.message): verdict.builders.get(name) == ()
        for verdict in verdicts
        for one in verdict.findings
        for name in (one.span.source.name,)
    }


def edits(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield files, each with a text that it may get, or None where it may go."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        yield path, None
        yield path, ""
        yield path, text.replace("true", "false").replace("80", "22")
        yield path, f"{text.rstrip()}\nPRIVILEGED=true\nUSER root\n"
    for name in (
        *("compose.yaml", "compose.override.yml", ".env", "Dockerfile"),
        *(".dockerignore", "tightship.toml", "id_rsa", "docker-compose.yml"),
    ):
        if not (folder / name).exists():
            yield folder / name, "services: {}\n" if "compose" in name else "A=1\n"


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: str(path.name))
def test_every_new_finding_after_an_edit_is_reported(project: Path, tmp_path: Path) -> None:
    _hold(project, tmp_path, most=80)


def test_every_new_finding_in_real_projects_is_reported(corpus: Path, tmp_path: Path) -> None:
    projects = sorted(path for path in corpus.iterdir() if path.is_dir())
    for number, project in enumerate(projects[::4]):
        _hold(project, tmp_path / str(number), most=16)


def _hold(project: Path, place: Path, *, most: int) -> None:
    folder = place / "work"
    shutil.copytree(project, folder, symlinks=True)
    (folder / ".git").mkdir()
    # What one project tells, others do not repeat, until an edit breaks it.
    with patch.object(ReportedOnce, "without_repeated", as_it_is):
        before = {*told(folder)}
    every = list(edits(folder))
    step = max(len(every) // most, 1)
    for path, text in every[::step]:
        was = path.read_bytes() if path.exists() else None
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
        is_moved = was is None or text is None
        changed = str(path.resolve())
        entry = None if was is None else Entry("100644", "")
        undone = UndoneChange({changed: entry}, {}, partial(blob_of, was))
        changes = Changes(undone, [changed] if is_moved else [])
        changes.reports_all = True  # of each project that is touched
        try:
            after, shown = told(folder), told(folder, changes)
        except ValueError:  # what it says as a configuration makes no sense
            assert path.name == "tightship.toml"
            continue
        finally:
            if was is None:
                path.unlink()
            else:
                path.write_bytes(was)
        assert shown.keys() <= after.keys()
        missed = after.keys() - before - shown.keys()
        if not is_moved and language_of(path.name) != "dockerfile":
            # Which Dockerfile a service built before the edit, nobody can tell.
            missed = {one for one in missed if not after[one]}
        # Which files were a project before the edit, nobody can tell either: an include
        # that the edit breaks leaves a project of its own, with its own variables.
        missed = {one for one in missed if one[1] != "judged-as-overlay"}
        edited = path.relative_to(folder).as_posix()
        missed = {one for one in missed if one[1] != "unset-variable" or one[0] == edited}
        assert not missed, path.relative_to(folder)


@pytest.fixture
def corpus() -> Path:
    path = ROOT.parent / "shared" / "corpus" / "awesome-compose"
    if not path.exists():
        pytest.skip("the corpus is not here")
    return path


def test_recorded_files_keep_the_questions(tmp_path: Path) -> None:
    files = RecordedFiles(str(tmp_path))
    files.read("a/../b")
    files.exists(str(tmp_path / "c"))
    files.read(str(tmp_path.parent / "outside"))
    assert files.reads == {"b"}
    assert files.lookups == {"c"}
    assert not files.apart().reads


def test_unrecorded_files_depend_on_everything(tmp_path: Path) -> None:
    assert Changes(UndoneChange({}, {}, partial(blob_of, None)), []).touch(Files(str(tmp_path)))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: str(path.name))
def test_moved_lines_bring_nothing_new(project: Path, tmp_path: Path) -> None:
    _move_lines(project, tmp_path)


def test_moved_lines_bring_nothing_new_in_real_projects(corpus: Path, tmp_path: Path) -> None:
    projects = sorted(path for path in corpus.iterdir() if path.is_dir())
    earlier = sum(
        _move_lines(project, tmp_path / str(number)) for number, project in enumerate(projects)
    )
    assert earlier > 100


def _move_lines(project: Path, place: Path) -> int:
    """Move the lines of all files of a project; return how many findings stay."""
    folder = place / "work"
    shutil.copytree(project, folder, symlinks=True)
    (folder / ".git").mkdir()
    texts: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        is_kept = path.is_file() and not path.is_symlink()
        if is_kept and (path.suffix in (".yaml", ".yml") or "Dockerfile" in path.name):
            before = path.read_bytes()
            if before.startswith((b"#", b"\xef", b"\xff", b"\xfe", b"%")):
                continue  # a line above it would change what it means
            texts[str(path.resolve())] = before
            path.write_bytes(b"# a line\n# and another\n" + before)

    def blob(name: str, limit: int) -> bytes | None:
        return texts[name]

    entries = {path: Entry("100644", path) for path in texts}
    changes = Changes(UndoneChange(entries, {}, blob), [])
    verdicts = [
        *check([str(folder)], ["strict"], configured=True, filters=Filters(changes=changes))
    ]
    new = [
        (one.rule.name, one.finding.message)
        for verdict in verdicts
        for one in verdict.findings
        if not one.is_gap
    ]
    assert new == []
    return sum(len(verdict.earlier) for verdict in verdicts)
