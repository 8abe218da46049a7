"""Files that declare containers without Compose, where the configuration asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

if TYPE_CHECKING:
    from tests.lsp.conftest import Edits

pytestmark = pytest.mark.asyncio

TEXT = "docker run -d \\\n  --privileged nginx:1.29\n"
WORKFLOW = "jobs:\n  a:\n    container:\n      image: x:1\n      options: --privileged\n"


async def test_a_script_has_findings_if_the_settings_ask_for_it(editor: Edits) -> None:
    async with editor() as ed:
        (ed.folder / ".git").mkdir()
        (ed.folder / "tightship.toml").write_text('front-ends = ["docker-run", "actions"]\n')
        uri = ed.open("start.sh", "shellscript", TEXT)
        found = await ed.publishes(uri, version=1)
        [one] = [each for each in found if each.code == "privileged-container"]
        assert one.range == types.Range(types.Position(1, 2), types.Position(1, 14))
        ed.change(uri, 2, TEXT.replace("--privileged ", ""))
        found = await ed.publishes(uri, version=2)
        assert "privileged-container" not in {each.code for each in found}
        workflow = ed.open(".github/workflows/ci.yml", "yaml", WORKFLOW)
        found = await ed.publishes(workflow, version=1)
        assert "privileged-container" in {each.code for each in found}


async def test_without_such_settings_there_are_none(editor: Edits) -> None:
    async with editor() as ed:
        (ed.folder / ".git").mkdir()
        script = ed.open("start.sh", "shellscript", TEXT)
        uri = ed.open(
            "compose.yaml", "dockercompose", "services: {a: {image: x, privileged: true}}\n"
        )
        await ed.publishes(uri, version=1)
        assert not [one for one in ed.published if one.uri == script and one.diagnostics]


BAKE = 'target "web" {\n  network = "host"\n  args = { BASE = "debian" }\n}\n'


async def test_a_bake_file_and_its_dockerfile_have_findings(editor: Edits) -> None:
    async with editor() as ed:
        (ed.folder / ".git").mkdir()
        (ed.folder / "tightship.toml").write_text('front-ends = ["bake"]\n')
        (ed.folder / "Dockerfile").write_text("ARG BASE=debian:13\nFROM $BASE\nUSER 1000\n")
        (ed.folder / "docker-bake.hcl").write_text(BAKE)
        bake = ed.open("docker-bake.hcl", "dockerbake", BAKE)
        every = {one.code: one.range for one in await ed.publishes(bake, version=1)}
        assert every == {
            "host-network-build": types.Range(types.Position(1, 13), types.Position(1, 17)),
            # Where the build passes what the Dockerfile takes.
            "untagged-base-image": types.Range(types.Position(2, 11), types.Position(2, 15)),
        }
        text = "ARG BASE=debian:13\nFROM $BASE\nUSER 1000\n"
        uri = ed.open("Dockerfile", "dockerfile", text)
        found = await ed.publishes(uri, version=1)
        assert "untagged-base-image" in {each.code for each in found}
        ed.change(bake, 2, BAKE.replace('"debian"', '"debian:13"'))
        await ed.publishes(bake, version=2)
        ed.change(uri, 2, text + "\n")
        found = await ed.publishes(uri, version=2)
        assert "untagged-base-image" not in {each.code for each in found}
