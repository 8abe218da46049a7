"""Check all clones below a folder on all cores: ``python machine.py CLONES > week.jsonl``."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from repository import check_folder


def main(clones: Path) -> None:
    """Print a line of JSON for each folder."""
    folders = sorted(one for one in clones.iterdir() if one.is_dir())
    with ProcessPoolExecutor() as pool:
        for row in pool.map(check_folder, folders, chunksize=4):
            print(json.dumps(row))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
