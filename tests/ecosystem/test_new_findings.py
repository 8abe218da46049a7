"""``check --changed-since`` reports what is new, and nothing that was there before."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

SERVICES = {
    "web": "    image: nginx:1.29\n    ports: ['80:80']\n",
    "db": "    image: postgres:18\n    ports: ['5432:5432']\n    pid: host\n",
    "app": "    build: ./app\n    volumes: ['/etc:/host']\n",
}
DOCKERFILE = "FROM alpine\nEXPOSE 80\nRUN curl -k https://example.com | sh\n"


def compose(**services: str) -> str:
    return "services:\n" + "".join(f"  {k}:\n{v}" for k, v in services.items())


class Repository(WorkTree):
    """A work tree with a project that has findings, committed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder)
        self._capsys = capsys
        self.text = compose(**SERVICES)
        self.write("compose.yaml", self.text)
        self.write("app/Dockerfile", DOCKERFILE)
        self.write(".gitignore", ".env\n")
        self.start = self.commit()
        self.earlier = 0
        self.code = 0

    def new(self, *options: str) -> list[str]:
        """Return what is new since the start: rule, service or stage."""
        data = self.data("--changed-since", self.start, *options)
        self.earlier = data["summary"]["earlier"]
        return [f"{one['rule']} {one['subject']['name']}" for one in data["findings"]]

    def data(self, *options: str) -> dict[str, Any]:
        self.code = main(["check", "--output-format=json", *options])
        data: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return data

    def output(self, *options: str) -> str:
        main(["check", "--changed-since", self.start, *options])
        out = self._capsys.readouterr()
        return out.out + out.err


@pytest.fixture
def repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Repository:
    made = Repository(tmp_path / "work", capsys)
    made.enter(monkeypatch)
    return made


@pytest.mark.parametrize("is_committed", [True, False], ids=["committed", "not"])
def test_a_finding_that_lines_above_it_move_is_not_new(
    repository: Repository, is_committed: bool
) -> None:
    total = len(repository.data()["findings"])
    repository.write("compose.yaml", f"# one\n\n# more\n{repository.text}")
    repository.write("app/Dockerfile", f"# one\n# more\n{DOCKERFILE}")
    if is_committed:
        repository.commit()
    assert repository.new() == []
    assert repository.earlier == total
    assert repository.code == 0


def test_only_new_findings_of_a_changed_project_are_reported(repository: Repository) -> None:
    repository.write(
        "compose.yaml", repository.text.replace("nginx:1.29\n", "nginx:1.29\n    ipc: host\n")
    )
    assert repository.new() == ["host-ipc-namespace web"]
    assert repository.code == 1


def test_the_new_one_of_several_equal_findings_is_reported(repository: Repository) -> None:
    text = repository.text.replace("['/etc:/host']", "['/usr:/usr', '/etc:/host']")
    repository.write("compose.yaml", text)
    assert "`/usr`" in repository.output("--output-format=concise")
    assert "`/etc`" not in repository.output("--output-format=concise")


def test_a_more_severe_finding_is_new(repository: Repository) -> None:
    repository.write("compose.yaml", repository.text.replace("/etc:/host", "/etc:/host:ro"))
    repository.start = repository.commit()
    repository.write("compose.yaml", repository.text.replace("/etc:/host", "/:/host"))
    assert repository.code == 0
    assert len(repository.new()) == 1
    assert repository.code == 1


def test_findings_below_privileged_are_not_new_without_it(repository: Repository) -> None:
    text = repository.text.replace("pid: host", "privileged: true")
    repository.write("compose.yaml", text)
    repository.start = repository.commit()
    repository.write("compose.yaml", text.replace("    privileged: true\n", ""))
    assert repository.new() == []


def test_a_changed_dockerfile_has_new_findings(repository: Repository) -> None:
    repository.write("app/Dockerfile", f"{DOCKERFILE}ENV PASSWORD=hunter2hunter2\n")
    assert repository.new() == ["secret-in-image-environment app/Dockerfile"]


def test_a_new_project_has_only_new_findings(repository: Repository) -> None:
    repository.write("other/compose.yaml", compose(web=SERVICES["web"]))
    repository.write("other/Dockerfile", DOCKERFILE)
    new = repository.new()
    assert repository.earlier == 0
    assert len(new) == len(repository.data("other")["findings"])


@pytest.mark.parametrize(
    "moves",
    [
        [("compose.yaml", "docker-compose.yml")],
        [("app/Dockerfile", "app/Containerfile")],
        [("compose.yaml", "deploy/compose.yaml"), ("app", "deploy/app")],
    ],
)
def test_a_file_that_git_renamed_has_no_new_findings(
    repository: Repository, moves: list[tuple[str, str]]
) -> None:
    (repository.folder / "deploy").mkdir()
    for old, new in moves:
        repository.git("mv", old, new)
    if "Containerfile" in moves[0][1]:
        text = "build: {context: ./app, dockerfile: Containerfile}"
        repository.write("compose.yaml", repository.text.replace("build: ./app", text))
    repository.commit()
    assert repository.new() == []
    assert repository.earlier > 0


def test_a_service_that_moves_to_an_included_file_has_no_new_findings(
    repository: Repository,
) -> None:
    web, db, app = SERVICES.values()
    repository.write("data.yaml", compose(db=db))
    repository.write("compose.yaml", "include: [data.yaml]\n" + compose(web=web, app=app))
    assert repository.new() == []


def test_a_file_that_was_a_project_of_its_own_has_no_new_findings(repository: Repository) -> None:
    repository.write("more/compose.yaml", compose(cache="    image: redis:8\n    pid: host\n"))
    repository.start = repository.commit()
    repository.write("compose.yaml", "include: [more/compose.yaml]\n" + repository.text)
    assert repository.new() == []
    assert repository.earlier > len(SERVICES)


def test_a_private_variable_that_git_ignores_counts_on_both_sides(repository: Repository) -> None:
    repository.write(".env", "ADDRESS=0.0.0.0\n")
    text = repository.text.replace("5432:5432", "${ADDRESS}:5432:5432")
    repository.write("compose.yaml", text)
    repository.start = repository.commit()
    repository.write("compose.yaml", f"# more\n{text}")
    assert repository.new() == []


def test_a_removed_acceptance_makes_its_finding_new(repository: Repository) -> None:
    ignored = "pid: host # tightship: ignore[host-pid-namespace] it measures"
    accepted = repository.text.replace("pid: host", ignored)
    repository.write("compose.yaml", accepted)
    repository.start = repository.commit()
    repository.write("compose.yaml", repository.text)
    assert repository.new() == ["host-pid-namespace db"]


def test_current_settings_apply_to_both_revisions(repository: Repository) -> None:
    repository.write("tightship.toml", 'select = ["strict"]\n')
    assert repository.new() == []
    assert repository.earlier > 0


def test_if_the_earlier_revision_is_broken_everything_is_new(repository: Repository) -> None:
    repository.write("compose.yaml", "services: [\n")
    repository.start = repository.commit()
    repository.write("compose.yaml", repository.text)
    new = repository.new()
    every = repository.data("compose.yaml")["findings"]
    assert len(new) == sum(one["path"] == "compose.yaml" for one in every)
    assert repository.earlier == sum(one["path"] == "app/Dockerfile" for one in every)


def test_gaps_are_always_reported(repository: Repository) -> None:
    text = repository.text.replace("image: nginx:1.29", "env_file: [../out.env]")
    repository.write("compose.yaml", text + "include: [missing.yaml]\n")
    repository.start = repository.commit()
    repository.write("compose.yaml", f"# more\n{text}include: [missing.yaml]\n")
    repository.new()
    assert repository.code == 2


def test_links_of_the_earlier_revision_are_followed(repository: Repository) -> None:
    repository.write("other.yaml", compose(web="    image: nginx:1.29\n"))
    link = repository.folder / "link" / "compose.yaml"
    link.parent.mkdir()
    link.symlink_to("../other.yaml")
    repository.start = repository.commit()
    link.unlink()
    link.symlink_to("../compose.yaml")
    new = repository.new("link")
    assert "host-pid-namespace db" in new
    assert not any(one.endswith(" web") and "port" not in one for one in new), new


def test_files_given_together_are_compared_together(repository: Repository) -> None:
    repository.write("prod.yaml", compose(web="    pid: host\n"))
    repository.start = repository.commit()
    repository.write("prod.yaml", compose(web="    pid: host\n    ipc: host\n"))
    files = ("-f", "compose.yaml", "-f", "prod.yaml")
    assert repository.new(*files) == ["host-ipc-namespace web"]


def test_an_unusual_name_of_a_dockerfile_is_compared(repository: Repository) -> None:
    repository.write("app/image", DOCKERFILE)
    repository.start = repository.commit()
    repository.write("app/image", f"{DOCKERFILE}ENV PASSWORD=hunter2hunter2\n")
    assert repository.new("app/image") == ["secret-in-image-environment app/image"]


def test_fixes_are_those_of_what_is_shown(repository: Repository) -> None:
    repository.write("compose.yaml", f"version: '3'\n{repository.text}")
    repository.start = repository.commit()
    text = repository.text.replace(
        "image: nginx:1.29", "image: nginx:1.29\n    scale: 1\n    scale: 1"
    )
    repository.write("compose.yaml", f"version: '3'\n{text}")
    diff = repository.output("--diff", "--all-fixes")
    assert "-    scale: 1" in diff
    assert "version" not in diff
    repository.output("--fix", "--all-fixes")
    fixed = (repository.folder / "compose.yaml").read_text("utf-8")
    assert fixed.count("scale") == 1
    assert "version" in fixed
    assert "read_only" not in fixed


SENTENCE = "that were already in"


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_formats_for_people_count_hidden_findings(repository: Repository, name: str) -> None:
    if name == "html":
        pytest.importorskip("jinja2")
    repository.write("compose.yaml", f"# more\n{repository.text}")
    output = repository.output(f"--output-format={name}")
    assert SENTENCE in output
    assert "without" in output
    assert "host-pid-namespace" not in output


@pytest.mark.parametrize("name", ["concise", "github", "gitlab", "sarif", "junit", "checkstyle"])
def test_formats_for_programs_have_new_findings(repository: Repository, name: str) -> None:
    new = repository.text.replace("nginx:1.29\n", "nginx:1.29\n    ipc: host\n")
    repository.write("compose.yaml", f"# more\n{new}")
    output = repository.output(f"--output-format={name}")
    assert "host-ipc-namespace" in output
    assert "host-pid-namespace" not in output


LINES = [
    "    pid: host\n",
    "    ipc: host\n",
    "    privileged: true\n",
    "    read_only: true\n",
    "    cap_add: [SYS_ADMIN]\n",
    "    cap_drop: [ALL]\n",
    "    volumes: ['/:/host', '/etc:/etc2']\n",
    "    environment: {PASSWORD: hunter2hunter2}\n",
    "    # a comment\n",
    "\n",
]


@pytest.mark.parametrize("seed", range(12))
def test_new_and_earlier_findings_are_all_findings(repository: Repository, seed: int) -> None:
    """What is new is what is there after the change less what was there before it."""
    choose = random.Random(seed)

    def some() -> str:
        return "    image: nginx:1.29\n" + "".join(
            choose.sample(LINES, choose.randrange(len(LINES)))
        )

    def found() -> dict[tuple[str, str], int]:
        counts: dict[tuple[str, str], int] = {}
        for one in repository.data("compose.yaml")["findings"]:
            for part in (one, *one["absorbed"]):
                key = part["rule"], one["subject"]["name"]
                counts[key] = counts.get(key, 0) + 1
        return counts

    repository.write("compose.yaml", compose(web=some(), db=some()))
    repository.start = repository.commit()
    before = found()
    repository.write("compose.yaml", "# more\n" + compose(db=some(), web=some()))
    every = repository.data("compose.yaml")["findings"]
    new = repository.new("compose.yaml")
    assert len(new) + repository.earlier == len(every)
    expected = [
        f"{one['rule']} {one['subject']['name']}"
        for one in every
        if not before.get((one["rule"], one["subject"]["name"]))
    ]
    assert {*expected} <= {*new}
    counts = found()
    for one in new:
        rule, _, name = one.partition(" ")
        key = rule, name
        assert counts[key] > before.get(key, 0) or one in expected, one


def test_of_a_script_and_a_unit_only_the_change_is_new(repository: Repository) -> None:
    repository.write("tightship.toml", 'front-ends = ["docker-run", "quadlet"]\n')
    repository.write("a.sh", "docker run --privileged alpine:3.22\n")
    repository.write("w.container", "[Container]\nImage=a.b/c:1\nPodmanArgs=--privileged\n")
    repository.write("x.container", "[Container]\nImage=a.b/c:1\nPodmanArgs=--privileged\n")
    repository.start = repository.commit()
    repository.write(
        "a.sh", "docker run --privileged alpine:3.22\ndocker run --pid=host alpine:3.22\n"
    )
    repository.write("w.container.d/1.conf", "[Container]\nPodmanArgs=--pid=host\n")
    repository.commit()
    assert repository.new("--select", "host-pid-namespace,privileged-container") == [
        "host-pid-namespace alpine-2",
        "host-pid-namespace w",
    ]
