"""The example of the page about many repositories, on Spark itself where it is there."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.ecosystem.conftest import ROOT

import tightship

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "linter" / "docs" / "fleet.md"
PROGRAMS = PAGE.parent / "organisation"
WEB = {
    "compose.yaml": "services:\n  web:\n    build: .\n    pid: host\n",
    "Dockerfile": "FROM alpine:3.22\nUSER root\n",
}
TABLE = {
    "web": WEB,
    "db": {"a/compose.yaml": "services:\n  db:\n    image: postgres:17\n"},
    "lost": {"compose.yaml": "include: [other.yaml]\nservices: {x: {image: 'x:1'}}\n"},
    "odd": {"../compose.yaml": "services: {}\n"},
    "none": {"README.md": "# Nothing\n"},
    # Enough work for two workers, in more repositories than one batch of results has.
    **{
        f"many-{n}": {"compose.yaml": f"services: {{s{n}: {{image: 'x:1'}}}}\n"} for n in range(600)
    },
}
# Two worker processes with one core each, and no preference for either. Batches of one row,
# so that a repository spans several. Each worker notes what it checks, under its own process.
DRIVE = """
import json, os, sys
from pathlib import Path
from pyspark.sql import SparkSession
import fleet

folder, given = Path(sys.argv[1]), json.load(sys.stdin)
check_batches = fleet.check_batches

def noted(batches):
    for frame in check_batches(batches):
        with open(folder / str(os.getppid()), "a") as file:
            file.write(f"{len(frame)} ")
        yield frame

fleet.check_batches = noted
spark = (SparkSession.builder.master("local-cluster[2,1,1024]")
    .config("spark.ui.enabled", "false").config("spark.locality.wait", "0s")
    .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
    .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    .config("spark.sql.execution.arrow.maxRecordsPerBatch", "1").getOrCreate())
rows = [(r, p, t) for r, files in given.items() for p, t in files.items()]
files = spark.createDataFrame(rows, "repository string, path string, text string")
fleet.check(files, tasks=8).write.parquet("checked")
checked = spark.read.parquet("checked")
seen = {"checked": checked.select("repository", "gaps", "problem"),
    "findings": fleet.findings(checked), "profiles": fleet.profiles(checked)}
print("SEEN", json.dumps({k: [r.asDict(True) for r in v.collect()] for k, v in seen.items()}))
spark.stop()
"""


def example(folder: Path) -> Path:
    text = PAGE.read_text("utf-8")
    [block] = re.findall(r"<!-- file: fleet.py -->\n```python\n(.*?)```", text, re.DOTALL)
    path = folder / "fleet.py"
    path.write_text(block, "utf-8")
    shutil.copy(PROGRAMS / "repository.py", folder)
    return path


def run(name: str, *arguments: Path) -> str:
    """Run a program of the page, and return what it prints."""
    command = [sys.executable, str(PROGRAMS / name), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def test_two_weeks_of_clones_become_a_table_and_a_page(tmp_path: Path) -> None:
    clones, last, week = (tmp_path / name for name in ("clones", "last.jsonl", "week.jsonl"))
    blog = "services:\n  blog:\n    image: acme/blog:2\n"
    write(clones / "shop", {"compose.yaml": "services:\n  shop: {image: 'nginx:1.29'}\n"})
    write(clones / "blog", {"compose.yaml": blog, "tightship.toml": "ignore = ['*']\n"})
    last.write_text(run("machine.py", clones), "utf-8")
    override = "services:\n  shop:\n    volumes: ['/var/run/docker.sock:/s']\n"
    write(clones / "shop", {"compose.override.yaml": override})
    week.write_text(run("machine.py", clones), "utf-8")
    page = tmp_path / "page.html"
    table = run("page.py", last, week, page)
    assert f"```text\n{table}```" in PAGE.read_text("utf-8")
    html = page.read_text("utf-8")
    assert "<tr><td>shop<td>shop<td>D → F<td>docker-socket-mounted" in html
    assert "<td>docker-socket-mounted<td>error<td>1<td>1<td>shop" in html
    assert "<td>acme/blog:2<td>1<td>blog" in html
    assert "nginx" not in html  # its needs are known
    assert "<script" not in html


def test_names_of_files_are_text_on_the_page(tmp_path: Path) -> None:
    rows, page = tmp_path / "rows.jsonl", tmp_path / "page.html"
    write(tmp_path / "clones" / "<b>x", {"compose.yaml": "services: {a: {image: 'b:1'}}\n"})
    rows.write_text(run("machine.py", tmp_path / "clones"), "utf-8")
    run("page.py", rows, rows, page)
    assert "&lt;b&gt;x" in page.read_text("utf-8")
    assert "<b>" not in page.read_text("utf-8")


@pytest.mark.fleet
@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("pyspark", "pandas", "pyarrow")))
    or shutil.which("java") is None,
    reason="PySpark, pandas, PyArrow or Java is not installed",
)
def test_spark_makes_both_tables_with_two_busy_workers(tmp_path: Path) -> None:
    example(tmp_path)
    workers = tmp_path / "workers"
    workers.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", DRIVE, str(workers)],
        cwd=tmp_path,
        input=json.dumps(TABLE),
        env={
            **os.environ,
            "PYTHONPATH": str(tmp_path),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    [line] = [one for one in done.stdout.splitlines() if one.startswith("SEEN ")]
    seen: dict[str, list[dict[str, Any]]] = json.loads(line.removeprefix("SEEN "))
    checked = {one["repository"]: one for one in seen["checked"]}
    assert checked.keys() == TABLE.keys()
    assert {name: one["gaps"] for name, one in checked.items() if one["gaps"]} == {"lost": 1}
    assert "not a path below the folder" in checked["odd"]["problem"]
    for name in ("web", "db", "lost"):
        result = tightship.check_texts(TABLE[name])
        assert [
            (one["path"], one["line"], one["rule"], one["fingerprint"])
            for one in seen["findings"]
            if one["repository"] == name
        ] == [(one.path, one.start.line, one.rule, one.fingerprint) for one in result.findings]
        assert [
            (one["service"], one["best"], one["worst"])
            for one in seen["profiles"]
            if one["repository"] == name
        ] == [(one.service, one.best, one.worst) for one in result.profiles]
    [web] = [one for one in seen["profiles"] if one["repository"] == "web"]
    assert web["weaknesses"]
    shares = [sum(map(int, one.read_text().split())) for one in workers.iterdir()]
    assert sum(shares) == len(TABLE)
    assert len(shares) == 2
    assert min(shares) > len(TABLE) / 8
