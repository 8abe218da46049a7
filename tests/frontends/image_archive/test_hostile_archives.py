"""Archives of strangers: broken ones have a reason, and none fills the memory."""

from __future__ import annotations

import gzip
import io
import json
import random
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING, Any

import pytest
from tests.frontends.image_archive.archives import (
    GROUP,
    PASSWD,
    Member,
    folder,
    layer,
    oci,
    saved,
    script,
)

from tightship.frontends.image_archive import archive
from tightship.frontends.image_archive.archive import Archive, ArchiveError
from tightship.frontends.image_archive.file_system import FileSystem
from tightship.isolation.archived_image import archived_family

if TYPE_CHECKING:
    from pathlib import Path

    from tests.frontends.image_archive.archives import Make

LAYERS = [
    layer({"etc/passwd": Member(PASSWD), "etc/group": Member(GROUP), "tmp": folder(0o1777)}),
    layer(
        {"run.sh": script("#!/bin/sh\nexec gosu app app\n"), "bin/su": Member(b"x", 0o4755)},
        compressed=True,
    ),
]
CONFIG: dict[str, Any] = {
    "Entrypoint": ["/run.sh"],
    "ExposedPorts": {"80/tcp": {}},
    "Env": ["PATH=/bin"],
}


def read(data: bytes) -> int:
    """Derive all facts of an archive; return how many there are."""
    archive = Archive(io.BytesIO(data))
    families = [archived_family(one, FileSystem(archive, one)) for one in archive.images()]
    return sum(len([*family.facts]) for family in families)


def refusal(data: bytes) -> str:
    with pytest.raises(ArchiveError) as caught:
        read(data)
    return str(caught.value)


@pytest.mark.parametrize("make", [saved, oci])
def test_mutated_archives_are_read_or_refused(make: Make, request: pytest.FixtureRequest) -> None:
    whole = make(LAYERS, CONFIG, ["acme/app:2"])
    assert read(whole)
    chance = random.Random(8)
    results = {"read": 0, "refused": 0}
    for _ in range(1_000 if request.config.getoption("--exhaustive") else 250):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(data))
            if chance.random() < 0.2:
                del data[place : place + chance.randrange(600)]
            else:
                data[place] = chance.randrange(256)
        try:
            read(bytes(data))
            results["read"] += 1
        except ArchiveError:
            results["refused"] += 1
    assert min(results.values()) > 10, results


@pytest.mark.parametrize("kind", ["saved", "oci"])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.95])
def test_a_truncated_archive_is_refused(kind: str, part: float) -> None:
    whole = (saved if kind == "saved" else oci)(LAYERS, CONFIG)
    end = len(whole.rstrip(b"\0"))
    assert refusal(whole[: int(end * part)])


def with_manifest(text: str | bytes, **members: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        data = text.encode() if isinstance(text, str) else text
        for name, content in {"manifest.json": data, **members}.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return made.getvalue()


DEEP = "[" * 100_000


BROKEN = [
    (b"", "not a complete tar file"),
    (b"no tar file at all" * 100, "not a complete tar file"),
    (b"\x28\xb5\x2f\xfd" + b"x" * 600, "zstd"),
    (gzip.compress(b"x" * 10_000), "not a complete tar file"),
    (layer({"a": Member(b"")}), "not an image"),
    (with_manifest("{}"), "is not a list"),
    (with_manifest("[1]"), "is not a table"),
    (with_manifest(DEEP), "is not JSON"),
    (with_manifest(b"\xff\xfe"), "is not JSON"),
    (with_manifest('[{"Config": 1}]'), "`Config` is not a text"),
    (with_manifest('[{"Config": "c"}]'), "`c` is missing"),
    (with_manifest('[{"Config": "c", "Layers": ["x"]}]', c=b"{}"), "`x` is missing"),
    (with_manifest('[{"Config": "c"}]', c=b"[]"), "is not a table"),
    (with_manifest('[{"Config": "c"}]', c=b'{"config": 7}'), "is not a table"),
    (with_manifest(json.dumps([{"Config": "c", "Layers": ["a"] * 501}]), c=b"{}"), "more than 500"),
]


@pytest.mark.parametrize(("data", "reason"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_archive_has_a_reason(data: bytes, reason: str) -> None:
    assert reason in refusal(data)


def test_a_header_that_claims_a_gigabyte_is_refused() -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    bad = header.tobuf(tarfile.USTAR_FORMAT) + b"\0" * 1024
    assert "claims 1,073,741,824 bytes" in refusal(saved([bad], {}))


def test_more_than_the_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = saved([layer({f"f{number}": Member(b"") for number in range(60)})], {})
    monkeypatch.setattr(archive, "MOST_ENTRIES", 50)
    assert "more than 50 files" in refusal(many)
    monkeypatch.setattr(archive, "MOST_ENTRIES", 500)
    bomb = saved([layer({"zeros": Member(bytes(3_000_000))}, compressed=True)], {})
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000_000)
    assert len(bomb) < 20_000
    assert "more than 1,000,000 bytes" in refusal(bomb)


@pytest.mark.exhaustive
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_a_large_image_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.tar"
    members = {f"d{n % 500}/{'long' * 15}{n}": Member(b"", 0o600 + n % 64) for n in range(100_000)}
    path.write_bytes(saved([layer(members, compressed=True)], CONFIG))
    program = (
        "import sys\nfrom tightship.cli.main import main\n"
        "code = main(['image', '--from', sys.argv[1]])\n"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(status['VmHWM'].split()[0], file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stderr) < 150_000, "kilobytes"
