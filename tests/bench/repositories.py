"""What a run costs inside a repository, which is where people run it.

The repositories are generated, in four sizes (`generated_repository.py`), or copies of trees
that exist. Each has three commits: all files, a comment in a Compose file, and a change of
code alone. The runs of a case take turns; its figures are medians of processor time, and
beside them are those of the same files alone, in a folder of their own, of compose-lint and
hadolint, and of ``git grep -l`` over all files. Of the server, they are the time that passes.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tests.bench import editor, generated_repository
from tests.bench.measure import Command, measure

from tightship.engine.plan.candidates import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SIZES = (1_000, 4_000, 16_000, 64_000)
_AIMS = {  # of the processor time, or of the time that passes until the first diagnostics
    "compose, alone": 1.5,
    "compose, peers": 0.6,
    "dockerfile, alone": 1.3,
    "all, peers": 0.8,
    "opening, alone": 1.5,
}
_LABELS = {"hook": "three files, as the hook calls it", "all": "check . --jobs 1"}
_AIM_OF_CHANGES = 300  # ms
_AT_ONCE = {"debounce": 0}
_FEW = 3
_PATTERN = r"[cC]ompose\|docker"
_CODE = {".go", ".java", ".ts", ".py", ".c", ".cc", ".cpp", ".js", ".rs", ".scala"}
_STAMP = b"committer A <a@b.c> 1700000000 +0000\n"
_ONE_PROCESS = ["--jobs", "1"]
_HOOK = ["--force-exclude", "--quiet"]  # as `.pre-commit-hooks.yaml` calls it

_T = TypeVar("_T")
File = tuple[str, str, bytes]  # its name, its mode as Git has it, its bytes


class Repository(NamedTuple):
    """A repository, and the names of its files that are ours."""

    folder: Path
    files: int
    compose: list[str]
    dockerfiles: list[str]


class Cost(NamedTuple):
    """The median of processor time in ms, and the peak of memory in MiB."""

    cpu: float
    peak: float


def bench(tools: dict[str, Command], server: Command, trees: Path | None, runs: int) -> None:
    """Print the figures of generated repositories, and of each tree in a folder."""
    costs: dict[int, tuple[Cost, Cost]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            repository = _made(generate, Path(folder, str(size)), size)
            few = runs if size < SIZES[-1] else max(2, runs // 3)
            costs[repository.files] = _figures(repository, tools, server, few)
            shutil.rmtree(repository.folder)
        for tree in sorted(filter(Path.is_dir, trees.iterdir())) if trees else ():
            repository = _made(copy, Path(folder, tree.name), tree)
            _figures(repository, tools, server, runs)
            shutil.rmtree(repository.folder)
    print("\nOne Compose file, as the repository grows    git ls-files")
    for files, (one, names) in costs.items():
        print(f"  {files:6,} files {one.cpu:8.1f} ms {one.peak:6.1f} MiB {names.cpu:12.1f} ms")


def _figures(
    repository: Repository, tools: dict[str, Command], server: Command, runs: int
) -> tuple[Cost, Cost]:
    """Print the figures of a repository; return those of one Compose file and of the names."""
    folder, files, compose, dockerfiles = repository
    print(
        f"\n{folder.name}: {files:,} files, {len(compose)} Compose files and"
        f" {len(dockerfiles)} Dockerfiles, {runs} runs each"
    )
    print(f"  {'':44}{'here':>9}{'alone':>9}{'peers':>9}{'MiB':>7}")
    costs = [_case(repository, "compose", [name], tools, runs) for name in _some(compose)]
    for name in _some(dockerfiles):
        _case(repository, "dockerfile", [name], tools, runs)
    three = [*_some(compose)[:2], *_some(dockerfiles)[:1]]
    _case(repository, "hook", three, tools, runs)
    _case(repository, "all", [], tools, max(2, runs // 2))
    since = [*tools["tightship"], "--changed-since"]
    commands = {
        f"a change set without ours (aim {_AIM_OF_CHANGES} ms)": [*since, "HEAD~1"],
        "a change set with a Compose file": [*since, "HEAD~2"],
        "git grep -l": ["git", "grep", "-l", _PATTERN],
        "git ls-files": ["git", "ls-files"],
    }
    medians = _costs({name: (folder, one) for name, one in commands.items()}, runs)
    for name, cost in medians.items():
        _print(name, name, {"here": cost.cpu}, cost.peak)
    for name in _some(compose)[:1]:
        _opening(folder, name, server, max(2, runs // 3))
    return costs[0] if costs else Cost(0, 0), medians["git ls-files"]


def _made(make: Callable[[Path, _T], Repository], folder: Path, source: _T) -> Repository:
    """Make a repository in another process.

    The peak of a command begins with the memory of the process that starts it.
    """
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(make, folder, source).result()


def generate(folder: Path, count: int) -> Repository:
    """Make a repository of so many files."""
    found = generated_repository.files(count)
    return _commit(folder, ((name, _mode(name), data) for name, data in found))


def copy(folder: Path, tree: Path) -> Repository:
    """Make a repository of the files of a tree."""
    return _commit(folder, _files_below(tree))


def _mode(name: str) -> str:
    return "100755" if name.endswith(".sh") else "100644"


def _files_below(tree: Path) -> Iterator[File]:
    for path in sorted(tree.rglob("*")):
        name, status = path.relative_to(tree).as_posix(), path.lstat()
        if ".git" in name.split("/"):
            continue
        if path.is_symlink():
            yield name, "120000", os.fsencode(os.readlink(path))
        elif stat.S_ISREG(status.st_mode):
            mode = "100755" if status.st_mode & stat.S_IXUSR else "100644"
            yield name, mode, path.read_bytes()


def _commit(folder: Path, files: Iterable[File]) -> Repository:
    """Commit files and two changes of some of them, and write the files of the last commit.

    An import makes one pack, as a clone has it, and is faster than ``git add``.
    """
    _git(folder.parent, "init", "--quiet", "--initial-branch=main", str(folder))
    names: list[str] = []
    last: dict[str, File] = {}  # of each kind
    command = ["git", "-c", "core.compression=1", "fast-import", "--quiet"]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        write = process.stdin.write
        write(_start(b"files"))
        for file in files:
            names.append(file[0])
            write(_written(file))
            last[_kind(file[0])] = file
        for kind in ("compose", "code"):
            write(_start(kind.encode()))
            if kind in last:
                name, mode, data = last[kind]
                write(_written((name, mode, b"# changed\n" + data)))
    if process.returncode:
        raise SystemExit(f"git fast-import failed with {process.returncode}")
    _git(folder, "reset", "--quiet", "--hard")
    # As in a work tree in use: without it, Git compares each file as young as its index.
    _git(folder, "update-index", "--refresh", "--force-write-index")
    of_kind = {kind: sorted(n for n in names if _kind(n) == kind) for kind in last}
    compose, dockerfiles = of_kind.get("compose", []), of_kind.get("dockerfile", [])
    return Repository(folder, len(names), compose, dockerfiles)


def _kind(name: str) -> str:
    path = Path(name)
    return language_of(path.name) or ("code" if path.suffix in _CODE else "other")


def _start(message: bytes) -> bytes:
    return b"commit refs/heads/main\n%sdata %d\n%s\n" % (_STAMP, len(message), message)


def _written(file: File) -> bytes:
    name, mode, data = file
    head = f"M {mode} inline {name}\n".encode("utf-8", "surrogateescape")
    return b"%sdata %d\n%s\n" % (head, len(data), data)


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)


def _some(names: list[str]) -> list[str]:
    """Return a few names, those below the root first."""
    below = [name for name in names if "/" in name] or names
    return [below[len(below) * at // _FEW] for at in range(min(_FEW, len(below)))]


def _case(
    repository: Repository, case: str, names: list[str], tools: dict[str, Command], runs: int
) -> Cost:
    """Print what some files cost, or all of a repository; return what they do there."""
    folder, _, compose, dockerfiles = repository
    options = {"hook": _HOOK, "all": _ONE_PROCESS}.get(case, [])
    ours = [*tools["tightship"], *options, *(names or ["."])]
    of_peers = {"compose-lint": compose, "hadolint": dockerfiles}
    with tempfile.TemporaryDirectory() as alone:
        commands = {"here": (folder, ours)}
        if names:
            _copy(folder, names, Path(alone))
            commands["alone"] = Path(alone), ours
        for peer, its in of_peers.items():
            given = [name for name in its if name in names or not names]
            if given and peer in tools:
                commands[peer] = folder, [*tools[peer], *given]
        found = _costs(commands, runs)
    cpu = {"here": found["here"].cpu}
    if names:
        cpu["alone"] = found["alone"].cpu
    if peers := of_peers.keys() & found.keys():
        cpu["peers"] = sum(found[peer].cpu for peer in peers)
    label = names[0] if len(names) == 1 else _LABELS[case]
    _print(case, label, cpu, found["here"].peak)
    return found["here"]


def _copy(folder: Path, names: list[str], alone: Path) -> None:
    for name in names:
        (alone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, alone / name)


def _print(case: str, label: str, figures: dict[str, float], peak: float) -> None:
    """Print a line of figures in ms, with ratios and their aims."""
    columns = "".join(
        f"{figures[of]:9.1f}" if of in figures else f"{'':9}" for of in ("here", "alone", "peers")
    )
    print(f"  {label:44}{columns}{peak:7.1f}{_beside(case, figures)}")


def _beside(case: str, figures: dict[str, float]) -> str:
    """Return the ratios of a case, with their aims."""
    return "".join(
        f"   {figures['here'] / figures[of]:.2f} of {of}"
        + (f" (aim {aim})" if (aim := _AIMS.get(f"{case}, {of}")) else "")
        for of in ("alone", "peers")
        if of in figures
    )


def _costs(commands: dict[str, tuple[Path, Command]], runs: int) -> dict[str, Cost]:
    """Run each command in its folder, in turn with the others; return what they cost."""
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, (folder, command) in commands.items():
            found[name].append(measure(command, folder))
    return {  # the first round warms the caches
        name: Cost(median(cpu for cpu, _ in one[1:]), max(peak for _, peak in one) / 1024)
        for name, one in found.items()
    }


def _opening(folder: Path, name: str, server: Command, runs: int) -> None:
    """Print the ms from opening a file in the server, and from a change, to diagnostics."""
    text = (folder / name).read_text("utf-8")
    found: dict[str, list[editor.Figures]] = {"here": [], "alone": []}
    with tempfile.TemporaryDirectory() as alone:
        _copy(folder, [name], Path(alone))
        for _ in range(runs):
            for where, top in (("here", folder), ("alone", Path(alone).resolve())):
                file = name, "dockercompose", text
                if figures := editor.measured(top, "tightship", (server, _AT_ONCE), file):
                    found[where].append(figures)
    if not all(found.values()):
        return
    for case, column in (("opening", "open"), ("change", "change")):
        ms = {where: median(one[column] for one in all_) for where, all_ in found.items()}
        peak = max(one["MiB"] for one in found["here"])
        _print(case, f"{case} in the server, time", ms, peak)
