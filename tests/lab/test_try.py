"""`tightship try` on a real engine: what it starts, what it leaves, what a project can reach."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.lab.stand_ins import build, named, stand_ins
from tests.lab.tried import entering
from tests.lab.trying import BUSYBOX, PROJECT, Stage, interruptions

if TYPE_CHECKING:
    from tests.lab.engine import Engine

INTERRUPTIONS = 4

# What a hostile project tries: another project by name and by address, the internet by
# address and by DNS, files of the user, and the engine.
HOSTILE = """
name: hostile
services:
  web:
    image: {image}
    init: true
    command:
      - sh
      - -c
      - |
        try() {{ name=$$1; shift; if timeout 2 "$$@" >/dev/null 2>&1; then echo "$$name: reached"
        else echo "$$name: contained"; fi; }}
        try name wget -q -O - http://control-web-1/ &
        try address wget -q -O - http://{address}/ &
        try dns nslookup example.org &
        try internet wget -q -O - http://1.1.1.1/ &
        try file sh -c 'echo x > /mine/file' &
        try data sh -c 'test -e /data/file' &
        try engine test -S /run/docker.sock &
        wait
        echo all tried
        exec sleep 1000
    volumes: ["./data:/mine", "theirs:/data"]
volumes: {{theirs: {{external: true, name: control_data}}}}
"""


PROBES = """
[[probe]]
service = "web"
command = "wget -O - http://localhost/none 2>&1 | grep 404 && ! touch /file && ! ls /mine"
[[probe]]
service = "web"
command = "exit 3"
"""


def test_probes_of_the_configuration_run_in_containers(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path) as stage:
        (stage.project / "tightship.toml").write_text(PROBES)
        before = stage.state()
        done = stage.run("web", "--yes", "--output-format", "json")
        [web, *_] = json.loads(done.stdout)["services"]
        assert any(text.startswith("`wget -O") for text in web["exercised"]), done.stderr
        assert {*web["words"].values()} == {"used"}
        failing = "`exit 3`, which fails in the plain run, too, and does not count"
        assert failing in web["not_exercised"]
        assert stage.state() == before


# A server that says `+OK` to what it writes to a folder of the image.
REQUESTS = f"""
services:
  store:
    image: {BUSYBOX}
    init: true
    command: [sh, -c, "mkdir -p /spool; exec nc -ll -p 7000 -e
      sh -c 'read line; echo $$line >/spool/last && echo +OK'"]
"""
FILE = """
[[probe]]
service = "store"
port = 7000
tcp = "SET a 1\\r\\n"
expect = "+OK"
[[probe]]
service = "store"
port = 7000
tcp = "GET\\r\\n"
expect = "200"
"""


def test_requests_of_the_file_of_probes(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path, REQUESTS) as stage:
        (stage.project / "tightship-probes.toml").write_text(FILE)
        done = stage.run("--yes", "--output-format", "json")
        [store] = json.loads(done.stdout)["services"]
        assert "`TCP request, port 7000`" in store["exercised"], done.stderr
        assert (
            "`TCP request, port 7000 (2)`, which fails in the plain run, too, and does not count:"
            " the answer lacks `200`"
        ) in store["not_exercised"]
        facts = (stage.project / "tightship-facts.toml").read_text()
        assert "/spool" in facts


def test_a_run_leaves_nothing_and_changes_nothing(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path) as stage:
        before = stage.state()
        done = stage.run("--yes", "--output-format", "json")
        assert done.returncode == 1, done.stderr
        tried = {one["name"]: one for one in json.loads(done.stdout)["services"]}
        # `HTTP 404` is an answer, and the health check `true` asks nothing.
        words = {name: {*one["words"].values()} for name, one in tried.items()}
        assert words == {"web": {"answers"}, "db": {"starts"}}
        assert not any(one["proved"] for one in tried.values())
        assert "removing the copy" in done.stderr
        assert stage.state() == before


def test_without_consent_nothing_is_started(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path) as stage:
        before = stage.state()
        done = stage.run()
        assert done.returncode == 2
        assert "add --yes" in done.stderr
        assert BUSYBOX in done.stderr
        assert stage.state() == before


def test_interruptions_leave_nothing_after_cleaning(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path) as stage:
        for one in interruptions(stage, INTERRUPTIONS, tmp_path):
            assert one["cleaned"], one
            assert not one["left"] or one["kind"] in ("SIGKILL", "lost"), one
            assert float(str(one["took"])) < 60, one


def test_a_run_in_progress_is_not_cleaned_by_another(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path) as stage:
        first = stage.start("--yes")
        try:
            while not running.docker("ps", "-q", "--filter", "label=tightship.try"):
                assert first.poll() is None, first.communicate()
            cleaned = stage.run("--clean")
            assert "it is running" in cleaned.stdout
            assert running.docker("ps", "-aq", "--filter", "label=tightship.try")
        finally:
            first.terminate()
            first.communicate(timeout=60)
        assert not running.docker("ps", "-aq", "--filter", "label=tightship.try")


def test_a_hostile_project_reaches_nothing_of_others(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path) as stage:
        inspected = running.docker("inspect", "control-web-1")
        [network] = json.loads(inspected)[0]["NetworkSettings"]["Networks"].values()
        text = HOSTILE.format(image=BUSYBOX, address=network["IPAddress"])
        (stage.project / "compose.yaml").write_text(text)
        before = stage.state()
        process = stage.start("--yes")
        log = ""
        while "all tried" not in log and process.poll() is None:
            for container in running.docker("ps", "-q", "--filter", "label=tightship.try").split():
                log = running.run("docker", "logs", container).stdout
        process.terminate()
        process.communicate(timeout=60)
        assert "all tried" in log
        reached = [line for line in log.splitlines() if line.endswith("reached")]
        # The folder of the project is a copy, which it may write.
        assert reached == ["file: reached"]
        assert stage.state() == before


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ("privileged: true", "privileged"),
        ("pid: host", "host-namespaces"),
        ("volumes: ['/var/run/docker.sock:/s']", "control-socket"),
        ("volumes: ['/etc:/x:ro']", "host-paths"),
        ("devices: [/dev/fuse]", "devices"),
        ("env_file: /etc/hosts", "outside-files"),
    ],
)
def test_ways_to_the_host_are_not_started(
    running: Engine, tmp_path: Path, settings: str, word: str
) -> None:
    text = f"services: {{web: {{image: {BUSYBOX}, command: sleep 9, {settings}}}}}\n"
    with Stage(running, tmp_path, text) as stage:
        before = stage.state()
        done = stage.run("--yes")
        assert done.returncode == 2
        assert f"--allow {word}" in done.stderr
        assert stage.state() == before


def test_built_images_are_removed_and_take_no_name(running: Engine, tmp_path: Path) -> None:
    build = f"{{context: ., dockerfile_inline: 'FROM {BUSYBOX}', tags: ['mine:1']}}"
    text = f"services: {{web: {{build: {build}, init: true, command: sleep 1000}}}}\n"
    with Stage(running, tmp_path, text) as stage:
        before = stage.state()
        done = stage.run("--yes", "--build")
        assert done.returncode in (0, 1), done.stderr
        assert "building web" in done.stderr
        assert stage.state() == before


def test_data_is_copied_with_its_owner_and_stays(running: Engine, tmp_path: Path) -> None:
    # The image of the first service has another user than root.
    running.docker(
        "build", "-q", "-t", "owned:1", "-", stdin=f"FROM {BUSYBOX}\nUSER 1000\n".encode()
    )
    first = "services:\n  a: {image: 'owned:1', init: true, command: sleep 1000}\n"
    with Stage(running, tmp_path, PROJECT.replace("services:\n", first)) as stage:
        made = "touch /d/old; chown 33:33 /d/old"
        running.docker("run", "--rm", "-v", "control_data:/d", BUSYBOX, "sh", "-c", made)
        before = stage.state()
        process = stage.start("--yes", "--with-data")
        found = ""
        while "old" not in found and process.poll() is None:
            label = "label=com.docker.compose.service=web"
            for one in running.docker("ps", "-q", "-f", label, "-f", "label=tightship.try").split():
                found = running.run("docker", "exec", one, "ls", "-n", "/named").stdout
        process.terminate()
        process.communicate(timeout=60)
        [owner] = [line.split()[2] for line in found.splitlines() if line.endswith("old")]
        assert owner == "33"
        assert stage.state() == before
    running.docker("rmi", "owned:1")


def test_the_page_shows_what_its_example_prints(running: Engine, tmp_path: Path) -> None:
    if not running.own:
        pytest.skip("a stand-in would take the name of an image that people use")
    queue = stand_ins(["redis"])[0]
    build(running, named("nginx:1.29-alpine"))
    build(running, queue)
    running.docker("tag", queue.image, "example/queue:1.2")
    page = (Path(__file__).parents[2] / "linter/docs/try.md").read_text("utf-8")
    project, shown = (page.split(f"```{kind}\n")[1].split("```")[0] for kind in ("yaml", "console"))
    (tmp_path / "compose.yaml").write_text(project)
    command, _, output = shown.removeprefix("$ ").partition("\n")
    done = subprocess.run(
        [*entering(running), sys.executable, "-m", *shlex.split(command)],
        cwd=tmp_path,
        env={**os.environ, **running.environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert stable(done.stdout) == stable(output), done.stdout + done.stderr


def stable(text: str) -> list[str]:
    """Return the lines about what is proved and needed; reasons and counts may differ."""
    words = ("used:", "answers:", "starts:", "  capabilities:", "  writable:")
    lines = [line for line in text.splitlines() if any(word in line for word in words)]
    return [re.sub(r"  \d+  ", "", line) for line in lines]


# A page that writes to a folder which the image does not have.
USED = f"""
services:
  web:
    image: {BUSYBOX}
    init: true
    command: [sh, -c, "mkdir -p /w/cgi-bin; cp /put /w/cgi-bin; chmod 755 /w/cgi-bin/put;
      exec httpd -f -p 80 -h /w"]
    ports: ["8080:80"]
    volumes: ["./put.sh:/put:ro"]
"""
PUT = """#!/bin/sh
mkdir -p /uploads && echo x >>/uploads/file && printf 'Status: 200\\r\\n\\r\\nsaved' && exit
mkdir /uploads 2>/proc/1/fd/2
printf 'Status: 500\\r\\n\\r\\nfailed'
"""


def test_a_person_is_the_probe(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path, USED) as stage:
        (stage.project / "put.sh").write_text(PUT)
        before = stage.state()
        command = (sys.executable, "-m", "tightship", "try", "--yes", "--use")
        with subprocess.Popen(
            (*entering(running), *command, "--output-format", "json"),
            cwd=stage.project,
            env={**running.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            assert process.stderr
            said, page, answers = "", "", list[str]()
            for line in process.stderr:
                said += line
                if found := re.search(r"web 80: (http://\S+)", line):
                    page = f"{found[1]}cgi-bin/put"
                if "press Enter" in line:
                    ask = (*entering(running), "curl", "-s", page)
                    answers.append(subprocess.run(ask, capture_output=True, text=True).stdout)
                if "press Enter" in line and answers[-1] == "saved":
                    process.stdin.write("\n")
                    process.stdin.flush()
            [web] = json.load(process.stdout)["services"]
        assert answers == ["failed", "saved"], said
        assert "root file system" not in web["left"]
        assert '"/uploads"' in (stage.project / "tightship-facts.toml").read_text()
        assert any(text.startswith("used by you for") for text in web["exercised"])
        assert stage.state() == before
