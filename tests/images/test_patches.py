"""All fixes on every well-known image: the patch is whole, and Compose takes it."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML
from tests.checking import check

from tightship.engine.check import Filters
from tightship.engine.fix.fixes import FixSelection
from tightship.engine.fix.run import Fixing
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.images.index import FILES
from tightship.isolation.containers import containers
from tightship.text import Source
from tightship.values.capability import DEFAULT_CAPABILITIES

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

# Services of one project: the proof of a fix reads the whole file again.
SIZE = 35
# One image of each file, and all the others.
FIRST = list({file: name for name, file in reversed(FILES.items())}.values())
OTHERS = [name for name in FILES if name not in FIRST]


def batches(names: list[str], *marks: pytest.MarkDecorator) -> list[Any]:
    return [
        pytest.param(names[at : at + SIZE], id=names[at], marks=marks)
        for at in range(0, len(names), SIZE)
    ]


class Patched:
    """A project before and after all fixes, and after all of them once more."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.folder = folder
        self.images = {re.sub(r"[^a-z0-9]+", "-", name): name for name in names}
        self.path = folder / "compose.yaml"
        self.before = "services:\n" + "".join(
            f"  {service}:\n    image: {name}\n" for service, name in self.images.items()
        )
        self.path.write_text(self.before, encoding="utf-8")
        self.found_before = self._found()
        self.fixing = Fixing(FixSelection(all_effects=True), write=True)
        self.found_after = self._found(self.fixing)
        self.after = self.path.read_text("utf-8")
        self.again = Fixing(FixSelection(all_effects=True), write=True)
        self._found(self.again)

    def _found(self, fixing: Fixing | None = None) -> Counter[tuple[str, str]]:
        from collections import Counter

        verdicts = check([str(self.folder)], ["strict"], filters=Filters(fixing))
        return Counter(
            (one.rule.name, one.subject.name) for verdict in verdicts for one in verdict.findings
        )


@pytest.fixture(scope="module", params=batches(FIRST) + batches(OTHERS, pytest.mark.exhaustive))
def patched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Patched:
    names: list[str] = request.param
    return Patched(tmp_path_factory.mktemp("images"), names)


def test_every_fix_is_applied_and_leaves_nothing_new(patched: Patched) -> None:
    assert patched.fixing.resolved
    assert patched.fixing.unresolved == []
    assert patched.fixing.refused == []
    assert patched.found_after - patched.found_before == {}


def test_a_second_run_changes_nothing(patched: Patched) -> None:
    assert patched.again.resolved == []
    assert patched.path.read_text("utf-8") == patched.after


def test_a_patch_has_all_known_needs(patched: Patched) -> None:
    loading = Loading(Texts(patched.before))
    plain = {
        container.name: container.image_needs
        for container in containers(ComposeProject(loading, ["compose.yaml"], complete=True))
    }
    yaml: Any = YAML(typ="safe", pure=True)
    services = yaml.load(patched.after)["services"]
    assert services.keys() == plain.keys()
    for name, service in services.items():
        needs = plain[name]
        assert needs is not None
        capabilities, privileges = needs.capabilities, needs.new_privileges
        if capabilities is None:
            assert "cap_drop" not in service
        else:
            assert service["cap_drop"] == ["ALL"]
            # A patch grants nothing that the service did not have.
            needed = {one.name for one in capabilities} & DEFAULT_CAPABILITIES
            assert sorted(service.get("cap_add", ())) == sorted(needed)
        without = privileges is not None and not privileges.needed
        options = service.get("security_opt", ())
        assert ("no-new-privileges:true" in options) is without
        writes, read_only = needs.writes, needs.read_only
        works = None not in (writes, needs.volumes, read_only) and bool(
            read_only and read_only.works
        )
        assert service.get("read_only", False) is works
        if works:
            mounted = {item.partition(":")[0] for item in service.get("tmpfs", ())}
            mounted |= {item.split(":")[1] for item in service.get("volumes", ())}
            volumes = {one.path for one in needs.volumes or ()}
            for write in writes or ():
                assert write.optional or any(
                    write.path == path or write.path.startswith(f"{path}/")
                    for path in mounted | volumes
                )


def test_compose_accepts_the_patch(patched: Patched, docker_compose: str) -> None:
    done = subprocess.run(
        [docker_compose, "config", "--quiet"],
        cwd=patched.folder,
        env={"PATH": os.environ["PATH"], "HOME": "/home/somebody"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


class Texts:
    """A disk that holds one file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> Source:
        return Source(path, self.text)
