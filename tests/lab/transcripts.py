"""The commands on the pages of rules, run in the lab: what they print is compared."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from tests.lab.engine import COMMAND_SECONDS, LabError
from tests.lab.run import remove_rest
from tests.lab.stand_ins import build, is_cached, known_names, named

from tightship.rules import every_rule
from tightship.rules.example import Verified
from tightship.rules.page import files_to_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

    from tightship.rules.definition import Rule

# The client adds this to some errors; pages leave it out.
_ADVICE = "See 'docker run --help'."

# Images that pages name, under names that clash with none of an engine in use.
IMAGES = {"busybox": "lab/busybox:1", "docker:cli": "lab/docker-cli:1"}
_PASSWD = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_GROUP = "root:x:0:\nadm:x:4:\ndisk:x:6:\nshadow:x:42:\n"
_numbers = count()


def make_images(engine: Engine) -> None:
    """Make the images that the pages name of programs of this machine."""
    busybox = shutil.which("busybox")
    docker = shutil.which("docker")
    if busybox is None or docker is None:
        raise LabError("busybox or docker is not installed; see tests/lab/install.sh")
    base = _base(busybox)
    _import(engine, IMAGES["busybox"], base)
    _import(engine, IMAGES["docker:cli"], {**base, **_program(docker)})


def _base(busybox: str) -> dict[str, bytes | str]:
    done = subprocess.run([busybox, "--list"], capture_output=True, check=True)
    applets = set(done.stdout.decode().split()) - {"busybox"}
    return {
        "bin/busybox": Path(busybox).read_bytes(),
        **{f"bin/{applet}": "busybox" for applet in sorted(applets)},
        "etc/passwd": _PASSWD.encode(),
        "etc/group": _GROUP.encode(),
    }


def _program(path: str) -> dict[str, bytes | str]:
    """Return a program with the libraries that it is linked to."""
    done = subprocess.run(["ldd", path], capture_output=True, text=True, check=False)
    libraries = re.findall(r"(/\S+) \(0x", done.stdout)
    return {name.lstrip("/"): Path(name).read_bytes() for name in (path, *libraries)}


def _import(engine: Engine, image: str, content: Mapping[str, bytes | str]) -> None:
    """Import files, and symbolic links, which are given as text."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for folder, mode in (("bin", 0o755), ("etc", 0o755), ("tmp", 0o1777)):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            tar.addfile(entry)
        for path, what in content.items():
            entry = tarfile.TarInfo(path)
            if isinstance(what, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, what
                tar.addfile(entry)
                continue
            entry.size = len(what)
            entry.mode = 0o755 if path.startswith(("bin", "usr", "lib")) else 0o644
            tar.addfile(entry, io.BytesIO(what))
    changes = ("-c", 'CMD ["sh"]', "-c", f"ENV PATH={_PATH}")
    engine.docker("import", *changes, "-", image, stdin=packed.getvalue())


def pages() -> list[tuple[Rule, Verified]]:
    """Return the rules whose pages show their claims by commands."""
    return [(rule, rule.checked) for rule in every_rule() if isinstance(rule.checked, Verified)]


def images(rule: Rule, seen: Verified) -> list[StandIn]:
    """Return the stand-ins for the well-known images that a page runs."""
    if not seen.stand_in:
        return []
    texts = "\n".join(one for by_path in files_to_run(rule, seen) for one in by_path.values())
    there = set(re.findall(r"\bimage: *([^\s,}]+)", texts))
    return [named(image) for image in sorted(there & known_names())]


def not_run(engine: Engine, rule: Rule, seen: Verified) -> str:
    """Return why the commands of a page cannot be run here, or nothing."""
    needed = images(rule, seen)
    if needed and not engine.own:
        return "stand-ins are made only in an engine of the lab's own"
    roots = sorted({one.root for one in needed if not is_cached(one.root)})
    return f"no file system {', '.join(roots)} in the cache" if roots else ""


def problems(engine: Engine, rule: Rule, seen: Verified) -> list[str]:
    """Run the commands on the page of a rule, and return how they disagree with it."""
    for stand_in in images(rule, seen):
        build(engine, stand_in)
    files, control_files = files_to_run(rule, seen)
    return [
        *_disagreements(engine, seen.shown, files),
        *_disagreements(engine, seen.control, control_files),
    ]


def _disagreements(engine: Engine, transcript: str, files: Mapping[str, str]) -> Iterator[str]:
    project = f"page{next(_numbers)}"
    folder = engine.folder / "pages" / project
    folder.mkdir(parents=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(_in_the_lab(text), encoding="utf-8")
    try:
        for command, expected in steps(transcript):
            printed = _printed(engine, folder, _in_the_lab(command))
            if not matches(expected, printed):
                yield f"$ {command}\n{printed}\n-- not --\n{expected}"
    finally:
        if files:
            engine.run("docker-compose", "down", "-v", "-t", "0", folder=folder)
            remove_rest(engine, project)
        if "--name seen" in transcript:
            engine.run("docker", "rm", "-fv", "seen")


def steps(transcript: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a transcript, each with what it prints."""
    for step in re.split(r"^\$ ", dedent(transcript), flags=re.MULTILINE)[1:]:
        command, _, printed = step.partition("\n")
        yield command, printed


def matches(expected: str, printed: str) -> bool:
    """Tell whether the words are the same; ``…`` stands for any text."""
    pattern = ".*".join(
        r"\s+".join(re.escape(word) for word in part.split()) for part in expected.split("…")
    )
    return bool(re.fullmatch(rf"\s*{pattern}\s*", printed, flags=re.DOTALL))


def _in_the_lab(text: str) -> str:
    for image, ours in IMAGES.items():
        text = re.sub(rf"(?<![\w/.-]){re.escape(image)}(?![\w/.:-])", ours, text)
    return text


def _printed(engine: Engine, folder: Path, command: str) -> str:
    done = subprocess.run(
        ["bash", "-c", command],
        env=engine.environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=COMMAND_SECONDS,
        check=False,
    )
    text = done.stdout.replace(_ADVICE, "")
    for image, ours in IMAGES.items():
        text = text.replace(ours, image)
    return text
