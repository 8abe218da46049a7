"""Makes the packages that Python imports in the browser.

They are the wheel of Tightship, which is the one that pip installs, and the two readers of
YAML: PyYAML without its part in C, which no index has for WebAssembly, so that the linter
reads the same from its parser in Python; and ruamel.yaml, which proves fixes. Their releases
are those installed next to this Python.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parents[3]
READERS = {"PyYAML": "yaml", "ruamel.yaml": "ruamel/yaml"}


def main(folder: Path) -> None:
    """Write the packages into a folder, which then has nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel"]
    subprocess.run(
        [*pip, "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True
    )
    for name, modules in READERS.items():
        reader = distribution(name)
        target = folder / f"{name.lower()}-{reader.version}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(reader.files or ()):
                if path.match(f"{modules}/*.py") or path.match("*.dist-info/**/LICENSE"):
                    archive.write(path.locate(), path.as_posix())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
