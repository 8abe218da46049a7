"""Does what we show people work: ``python -m tests.lab.shown``.

The project of the README, that of the tests and the examples of the rules that
harden a service are run on stand-ins for their images: as they are, and as Tightship leaves
them. A bad example is also run with the fix that its page prints.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from tests.lab.fixes import fixed_files
from tests.lab.one_by_one import add_only, print_each
from tests.lab.shown_trial import Probe, tried
from tests.lab.stand_ins import build, is_cached, named, root_image
from tests.lab.transcripts import IMAGES, make_images

from tightship.images.lookup import find
from tightship.rules import every_rule
from tightship.rules.example import Bad, marked
from tightship.values.image import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

    from tightship.rules.definition import Rule

    Files = Mapping[str, str]

PROJECTS = Path(__file__).parents[1] / "projects"
# No folder in its path may say that it is for tests: its findings would be infos.
FIRST_LOOK = PROJECTS.parents[1] / "linter" / "docs" / "first-look"

# The rules that find something missing, and write it.
ABSENCES = (
    "default-capabilities-kept",
    "privilege-escalation-allowed",
    "unlimited-log",
    "unlimited-resources",
    "writable-root-filesystem",
)

CLIENT = "docker:28-cli"
BACKUP = "lab/backup:1"

# What an example names and does not show.
_BESIDE = {"web.json": '{"defaultAction": "SCMP_ACT_ALLOW"}'}


@dataclass(frozen=True)
class Shown:
    """A project that people are shown; ``hardened`` is what Tightship leaves if empty.

    ``probes`` are those of services beside the ones of stand-ins, ``settings`` the
    variables of the project, and ``base_images`` other images that it takes.
    """

    name: str
    files: Files
    hardened: Files = field(default_factory=dict[str, str])
    probes: Mapping[str, Probe] = field(default_factory=dict[str, Probe])
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    base_images: tuple[str, ...] = ()

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        """Return the services of the Compose file."""
        return dict(yaml.safe_load(self.files["compose.yaml"])["services"])

    @property
    def is_known(self) -> bool:
        """Tell whether there are facts about all of its images."""
        images = [keys.get("image", "") for keys in self.services.values()]
        return all(find(parse(image)) for image in images)

    def stand_ins(self) -> dict[str, StandIn]:
        """Return the stand-in of each image that runs without a probe of its own."""
        return {
            service: named(keys["image"])
            for service, keys in self.services.items()
            if service not in self.probes and "image" in keys
        }

    def images(self) -> list[StandIn]:
        """Return all stand-ins that the project takes."""
        return [*self.stand_ins().values(), *map(named, self.base_images)]


def every_shown() -> list[Shown]:
    """Return all projects that people are shown, with a probe for each service."""
    return [_first_look(), _shop(), *_examples()]


def _first_look() -> Shown:
    return Shown(
        "first look",
        _project(FIRST_LOOK),
        probes={"app": _page(8000, "Directory listing")},
        base_images=("python:3.13-slim",),
    )


def _shop() -> Shown:
    return Shown(
        "demo",
        _project(PROJECTS / "shop"),
        probes={
            "proxy": _page(80, "teapot"),
            "shop": _page(8000, "teapot"),
            "cleanup": Probe("docker version"),
            "backup": Probe("ls /data/18/docker/PG_VERSION /root/.ssh"),
        },
        settings={"BACKUP_IMAGE": BACKUP, "DB_PASSWORD": "example"},
        base_images=("caddy:2.10", "python:3.13-slim"),
    )


def _page(port: int, words: str) -> Probe:
    script = f'curl -fsS "http://$server:{port}" | grep -q {shlex.quote(words)}'
    return Probe(script, root_image("web"))


def _project(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def _examples() -> Iterator[Shown]:
    for rule in every_rule():
        if rule.name in ABSENCES:
            yield from _of_rule(rule)


def _of_rule(rule: Rule) -> Iterator[Shown]:
    settings = {"TOKEN": "example"}
    for number, example in enumerate(rule.examples, 1):
        files = _plain(example.files)
        name = f"{rule.name}, example {number}"
        shown = Shown(name, files, settings=settings)
        if "${" in files["compose.yaml"] or not shown.is_known:
            # Its point is that only a run can tell, or that nobody knows the image.
            continue
        yield shown
        if isinstance(example, Bad) and example.fixed is not None:
            after = _plain(example.fixed)
            yield Shown(f"{name}, its fix", files, after, settings=settings)


def _plain(files: str | Mapping[str, str]) -> dict[str, str]:
    by_path = {"compose.yaml": files} if isinstance(files, str) else files
    return {**_BESIDE, **{path: marked(text)[0] for path, text in by_path.items()}}


def missing_root(shown: Shown) -> str:
    """Return a root file system that is not in the cache, or nothing."""
    roots = {one.root for one in shown.images()}
    return next((root for root in sorted(roots) if not is_cached(root)), "")


def problem(running: Engine, shown: Shown) -> str:
    """Run a project, and return what does not work."""
    for stand_in in shown.images():
        build(running, stand_in)
    if "cleanup" in shown.services:
        running.docker("tag", IMAGES["docker:cli"], CLIENT)
        wait = f'FROM {IMAGES["busybox"]}\nCMD ["sleep", "infinity"]\n'
        running.docker("build", "-q", "-t", BACKUP, "-", stdin=wait.encode())
    probes = {
        **{
            service: Probe(one.probe, root_image(one.root))
            for service, one in shown.stand_ins().items()
        },
        **shown.probes,
    }
    hardened = shown.hardened or fixed_files(shown.files)
    return tried(running, shown.files, hardened, probes, shown.settings)


def main() -> int:
    """Run the projects whose name has a word, or all, and print what works."""
    parser = argparse.ArgumentParser(prog="tests.lab.shown")
    add_only(parser)
    return print_each(parser.parse_args().only, every_shown(), make_images, problem, "as shown")


if __name__ == "__main__":
    sys.exit(main())
