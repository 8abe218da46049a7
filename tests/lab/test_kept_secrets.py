"""What rules about secrets say of an image and of a volume is so on an engine."""

from __future__ import annotations

import json
import tarfile
from typing import TYPE_CHECKING

import pytest
from tests.checking import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.lab.engine import Engine

SECRET = "tr0ub4dor-and-3"


def found(folder: Path) -> list[str]:
    """Return the severities of what the rule says about a folder."""
    verdicts = check([str(folder)], ["secret-file-copied"])
    return [one.severity.word for verdict in verdicts for one in verdict.findings]


def files_of(engine: Engine, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files in all layers of the image that a folder builds."""
    name = "lab/kept:1"
    engine.docker("build", "-q", "-t", name, str(folder))
    saved = folder.parent / "image.tar"
    engine.docker("save", "-o", str(saved), name)
    with tarfile.open(saved) as image:
        for part in image:
            blob = image.extractfile(part)
            if blob is None:
                continue
            try:
                with tarfile.open(fileobj=blob) as layer:
                    for one in layer:
                        content = layer.extractfile(one)
                        yield one.name, content.read() if content else b""
            except tarfile.TarError:
                pass  # the configuration of the image


@pytest.mark.parametrize(
    ("dockerfile", "ignored", "severity"),
    [
        ("FROM scratch\nCOPY . /app\n", "", "warning"),
        ("FROM scratch\nCOPY . /app\n", ".env\n.git\n", ""),
        ("FROM scratch AS b\nCOPY . /app\nFROM scratch\nCOPY --from=b /app /x\n", "", "warning"),
        ("FROM scratch AS b\nCOPY . /app\nFROM scratch\nCOPY --from=b /app/a /x\n", "", "info"),
    ],
)
def test_a_copied_folder_brings_its_secrets_into_the_image(
    running: Engine, tmp_path: Path, dockerfile: str, ignored: str, severity: str
) -> None:
    folder = tmp_path / "context"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / ".env").write_text(f"DB_PASSWORD={SECRET}\n")
    (folder / "a").write_text("a")
    (folder / "Dockerfile").write_text(dockerfile)
    if ignored:
        (folder / ".dockerignore").write_text(ignored)
    files = dict(files_of(running, folder))
    has_secret = any(SECRET.encode() in content for content in files.values())
    assert has_secret == (severity == "warning")
    assert any(name.endswith(".git/HEAD") for name in files) == has_secret
    assert found(folder) == ([severity] if severity else [])


def test_the_options_of_a_volume_are_kept_as_they_are(running: Engine) -> None:
    options = f"username=u,password={SECRET}"
    driver = ("--opt", "type=cifs", "--opt", f"o={options}", "--opt", "device=//h/s")
    running.docker("volume", "create", *driver, "lab-kept")
    try:
        [volume] = json.loads(running.docker("volume", "inspect", "lab-kept"))
        assert volume["Options"]["o"] == options
    finally:
        running.docker("volume", "rm", "lab-kept")
