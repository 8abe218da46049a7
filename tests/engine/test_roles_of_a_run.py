"""Overlays, parts and vendored files in a run: what is judged together, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check

from tightship.engine import check as engine
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths
from tightship.engine.roles.decide import Roles
from tightship.engine.roles.role import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Tree

    from tightship.engine.roles.role import Role
    from tightship.engine.verdict import JudgedFinding, Verdict


WEB = "services: {web: {image: 'nginx:1.29'}}\n"
HARD = "services: {web: {privileged: true}}\n"


def verdicts(*paths: Path) -> list[Verdict]:
    return list(check([str(path) for path in paths]))


def findings(*paths: Path) -> list[JudgedFinding]:
    return [one for verdict in verdicts(*paths) for one in verdict.findings]


def rules(path: Path, name: str) -> set[str]:
    return {one.rule.name for one in findings(path) if one.span.source.name == name}


def merged(path: Path) -> list[list[str]]:
    return [[source.name for source in one.sources] for one in verdicts(path)]


COMMANDS = {
    "Makefile": "up:\n\tdocker compose -f compose.yaml -f hard.yml up -d\n",
    ".github/workflows/ci.yml": (
        "jobs:\n  a:\n    steps:\n      - run: docker compose -f compose.yaml -f hard.yml up\n"
    ),
    "README.md": "```sh\ndocker compose -f compose.yaml -f hard.yml up\n```\n",
    "run.sh": "#!/bin/sh\nCOMPOSE_FILE=compose.yaml:hard.yml docker compose up\n",
    ".devcontainer/devcontainer.json": (
        '{"dockerComposeFile": ["../compose.yaml", "../hard.yml"], "service": "web"}\n'
    ),
}


@pytest.mark.parametrize("place", COMMANDS)
def test_a_file_that_only_a_command_merges_is_judged(place: str, tree: Tree) -> None:
    root = tree({"compose.yaml": WEB, "hard.yml": HARD, place: COMMANDS[place]})
    assert merged(root) == [["compose.yaml"], ["compose.yaml", "hard.yml"]]
    [found] = [one for one in findings(root) if one.rule.name == "privileged-container"]
    assert found.span.source.name == "hard.yml"
    assert [one.rule.name for one in findings(root / "hard.yml")] == ["privileged-container"]


def test_what_the_base_makes_irrelevant_is_not_lost(tree: Tree) -> None:
    privileged = WEB.replace("image:", "privileged: true, image:")
    assert privileged != WEB
    root = tree(
        {
            "compose.yaml": privileged,
            "hard.yml": "services: {web: {cap_add: [SYS_ADMIN]}}\n",
            "run.sh": "docker compose -f compose.yaml -f hard.yml up\n",
        }
    )
    [found] = findings(root / "hard.yml")
    assert found.rule.name == "privileged-container"
    assert [one.rule.name for one in found.absorbed if one.span.source.name == "hard.yml"] == [
        "host-takeover-capability"
    ]


def test_relative_paths_of_an_overlay_follow_the_first_file(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": WEB,
            "ext/agent/agent-compose.yml": "services: {agent: {build: ext/agent}, web: {}}\n",
            "ext/agent/Dockerfile": "FROM alpine:3.22\n",
            "Makefile": "up:\n\tdocker compose -f compose.yaml -f ext/agent/agent-compose.yml up\n",
        }
    )
    assert not [gap for one in verdicts(root) for gap in one.gaps]
    [built] = [one for one in verdicts(root) if one.builders]
    assert built.builders == {"ext/agent/Dockerfile": ["agent"]}


def test_a_base_that_only_its_overlays_complete_is_no_error(tree: Tree) -> None:
    root = tree(
        {
            "docker-compose.yml": "services: {web: {ports: ['127.0.0.1:80:80']}}\n",
            "docker-compose.image.yml": "services: {web: {image: 'nginx:1.29'}}\n",
            ".github/workflows/ci.yml": (
                "env:\n  COMPOSE_FILE: docker-compose.yml:docker-compose.image.yml\n"
                "jobs:\n  a:\n    steps:\n      - run: docker compose up\n"
            ),
        }
    )
    assert merged(root) == [["docker-compose.yml", "docker-compose.image.yml"]]
    assert "incomplete-definition" not in {one.rule.name for one in findings(root)}


@pytest.mark.parametrize("name", [".", "compose.yaml"])
def test_a_named_base_is_judged_as_in_a_sweep(
    name: str, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree(
        {
            "compose.yaml": "services: {web: {pid: host, networks: [front]}}\n",
            "image.yml": "services: {web: {image: 'nginx:1.29'}}\nnetworks: {front: {}}\n",
            "Makefile": "up:\n\tdocker compose -f compose.yaml -f image.yml up\n",
        }
    )
    monkeypatch.chdir(root)
    [verdict] = check([name])
    assert [source.name for source in verdict.sources] == ["compose.yaml", "image.yml"]
    found = {one.rule.name for one in verdict.findings}
    assert "host-pid-namespace" in found
    assert not found & {"incomplete-definition", "undefined-reference"}


def test_an_overlay_belongs_to_the_file_that_it_overrides(tree: Tree) -> None:
    root = tree(
        {
            "docker-compose.yml": WEB,
            "docker-compose.test.yml": "services: {web: {image: 'nginx:1.28'}, db: {image: 'a:1'}}\n",
            "docker-compose.test.override.yml": "services: {db: {init: true}}\n",
        }
    )
    assert merged(root)[-1] == ["docker-compose.test.yml", "docker-compose.test.override.yml"]


def test_the_target_of_extends_is_no_project(tree: Tree) -> None:
    root = tree(
        {
            "common.yml": "services: {base: {image: 'nginx:1.29', privileged: true}}\n",
            "a/compose.yaml": "services: {a: {extends: {file: ../common.yml, service: base}}}\n",
        }
    )
    assert merged(root) == [["a/compose.yaml", "common.yml"]]
    assert "privileged-container" in rules(root, "common.yml")


def test_what_is_accepted_counts_once_where_files_are_merged(tree: Tree) -> None:
    accepted = "privileged: true  # tightship: ignore[privileged-container] so"
    root = tree(
        {
            "compose.yaml": f"services:\n  web:\n    image: nginx:1.29\n    {accepted}\n",
            "hard.yml": "services: {web: {init: true}}\n",
            "run.sh": "docker compose -f compose.yaml -f hard.yml up\n",
        }
    )
    every = verdicts(root)
    assert len(every) == 2
    assert [one.rule.name for each in every for one in each.accepted] == ["privileged-container"]


@pytest.mark.parametrize("first", ["a", "z"])
def test_what_is_extended_from_a_project_is_reported_once(first: str, tree: Tree) -> None:
    root = tree(
        {
            f"{first}/compose.yaml": "services:\n  base: {image: nginx:1.29, privileged: true}\n",
            "m/compose.yaml": "services:\n  web:\n"
            f"    extends: {{file: ../{first}/compose.yaml, service: base}}\n",
        }
    )
    found = [one for one in findings(root) if one.rule.name == "privileged-container"]
    assert [one.span.source.name for one in found] == [f"{first}/compose.yaml"]
    assert len(verdicts(root)) == 2


def test_a_service_that_nobody_extends_is_still_judged(tree: Tree) -> None:
    root = tree(
        {
            "common.yml": (
                "services:\n  base:\n    image: a:1\n  other:\n    image: b:1\n    pid: host\n"
            ),
            "a/compose.yaml": "services: {a: {extends: {file: ../common.yml, service: base}}}\n",
        }
    )
    assert "host-pid-namespace" in rules(root, "common.yml")


def test_a_fragment_with_the_name_of_a_main_file_is_no_project(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": WEB + "networks: {front: {}}\n",
            "suites/a/compose.yaml": "services: {web: {networks: [front], init: true}}\n",
            "apps/b/compose.yaml": "services: {web: {image: 'b:1', pid: host}}\n",
        }
    )
    assert merged(root)[0] == ["compose.yaml"]
    assert ["compose.yaml", "suites/a/compose.yaml"] in merged(root)
    assert ["apps/b/compose.yaml"] in merged(root)
    assert "incomplete-definition" not in rules(root, "suites/a/compose.yaml")


def test_a_base_that_a_command_leaves_open_is_unknown_and_said(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": WEB,
            "extra.yml": "services: {db: {image: 'a:1', privileged: true}}\n",
            "run.sh": '#!/bin/sh\ndocker compose -f "$1" -f extra.yml up\n',
        }
    )
    assert {"judged-as-overlay", "privileged-container"} <= rules(root, "extra.yml")


def test_an_overlay_takes_what_it_lacks_from_the_rest_of_an_unknown_command(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": WEB,
            "db.yml": "services: {web: {depends_on: [queue]}}\n",
            "queue.yml": "services: {queue: {image: 'example/queue:1'}}\n",
            "cache.yml": "services: {web: {depends_on: [cache]}}\n",
            "up.sh": (
                "#!/bin/sh\n"
                "docker compose -f compose.yaml $MORE -f db.yml -f queue.yml up\n"
                "docker compose -f compose.yaml $MORE -f cache.yml up\n"
            ),
        }
    )
    assert ["compose.yaml", "db.yml", "queue.yml"] in merged(root)
    assert ["cache.yml"] in merged(root)
    assert "undefined-reference" not in rules(root, "db.yml") | rules(root, "cache.yml")


def test_relative_paths_of_an_overlay_of_unknown_files_are_not_called_missing(tree: Tree) -> None:
    agent = (
        "services:\n  agent:\n    build: ext/agent\n    env_file: ext/agent.env\n"
        "    label_file: ext/labels\n    security_opt: ['seccomp:ext/profile.json']\n"
    )
    rules_of_paths = {"not-checked", "missing-file", "invalid-security-option"}
    root = tree({"ext/docker-compose.agent.yml": agent})
    assert rules_of_paths <= rules(root, "ext/docker-compose.agent.yml")
    command = 'docker compose -f "$BASE" -f ext/docker-compose.agent.yml up\n'
    root = tree({"run.sh": command, "compose.yaml": WEB})
    found = rules(root, "ext/docker-compose.agent.yml")
    assert "judged-as-overlay" in found
    assert not rules_of_paths & found


def test_an_overlay_in_several_projects_is_judged_in_each(tree: Tree) -> None:
    root = tree(
        {
            "a/compose.yaml": WEB,
            "b/compose.yaml": "services: {web: {image: 'b:1'}}\n",
            "hard.yml": HARD,
            "Makefile": (
                "a:\n\tdocker compose -f a/compose.yaml -f hard.yml up\n"
                "b:\n\tdocker compose -f b/compose.yaml -f hard.yml up\n"
            ),
        }
    )
    assert [one for one in merged(root) if "hard.yml" in one] == [
        ["a/compose.yaml", "hard.yml"],
        ["b/compose.yaml", "hard.yml"],
    ]


def test_files_of_other_people_are_judged_if_they_are_named(tree: Tree) -> None:
    name = "vendor/x/docker-compose.yml"
    root = tree({"compose.yaml": WEB, name: HARD.replace("{priv", "{image: 'a:1', priv")})
    (root / "vendor/modules.txt").write_text("# x\n")
    plan = plan_paths([str(root)], Configs())
    assert len([*plan.jobs()]) == 1
    assert [(one.name, one.reason) for one in plan.scope.left] == [(name, "vendored")]
    assert merged(root) == [["compose.yaml"]]
    assert merged(root / name) == [[name]]
    assert merged(root / "vendor") == [[name]]


@pytest.mark.parametrize(
    ("script", "to_shop", "is_read"),
    [("shop/up.sh", "", True), ("up.sh", "shop/", True), ("shop/ops/up.sh", "../", False)],
)
def test_outside_of_git_commands_near_a_named_file_are_read(
    script: str, to_shop: str, is_read: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "shop/compose.yaml": WEB,
        "shop/hard.yml": HARD.replace("{priv", "{image: 'nginx:1.29', priv"),
        script: f"docker compose -f {to_shop}compose.yaml -f {to_shop}hard.yml up\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    [names] = merged(tmp_path / "shop/hard.yml")
    assert ("shop/compose.yaml" in names) is is_read


def test_a_script_that_is_too_large_is_listed(tree: Tree) -> None:
    script = "docker compose -f compose.yaml -f hard.yml up\n"
    root = tree({"compose.yaml": WEB, "hard.yml": HARD, "up.sh": script + "# a\n" * 300_000})
    plan = plan_paths([str(root)], Configs())
    assert [[one.name for one in found.sources] for found in engine.check(plan)] == [
        ["compose.yaml"],
        ["compose.yaml", "hard.yml"],
    ]
    [left] = plan.scope.left
    assert (left.name, left.reason) == ("up.sh", "too-large")
    assert left.message == "it has more than 1,000,000 bytes, so its end is not searched"


def test_a_dockerfile_has_the_purpose_of_its_services(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": "services: {web: {build: {context: ., dockerfile: test/Dockerfile}}}\n",
            "test/Dockerfile": "FROM alpine\n",
            "e2e/compose.yaml": "services: {a: {build: ..}, b: {build: ../images}}\n",
            "images/Dockerfile": "FROM alpine\n",
            "Dockerfile": "FROM alpine\n",
        }
    )
    first, second = verdicts(root)
    assert first.role_of("test/Dockerfile").purpose == "product"
    assert second.role_of("images/Dockerfile").purpose == "test"
    assert second.role_of("Dockerfile").purpose == "product"  # of a test that builds the product
    assert second.role_of("e2e/compose.yaml").purpose == "test"


def test_what_ci_builds_for_itself_is_the_product_if_a_service_builds_it(tree: Tree) -> None:
    jobs = (
        "a: {script: [docker build -t a -f app/Dockerfile.web app]}\n"
        "b: {image: a, script: [make check]}\n"
    )
    files = {"app/Dockerfile.web": "FROM debian:13\n", ".gitlab-ci.yml": jobs}
    [alone] = verdicts(tree(files))
    assert alone.role_of("app/Dockerfile.web").purpose == "test"
    build = "services: {web: {build: {context: app, dockerfile: Dockerfile.web}}}\n"
    [built] = verdicts(tree({**files, "compose.yaml": build}))
    assert built.role_of("app/Dockerfile.web").purpose == "product"


@pytest.mark.parametrize(
    ("push", "purpose"),
    [("true", "product"), ("false", "test"), ("'${{ inputs.push }}'", "product")],
)
@pytest.mark.parametrize("built", ["context: docker", "file: docker/Dockerfile"])
def test_what_ci_pushes_is_a_product_if_tests_build_it_too(
    built: str, push: str, purpose: str, tree: Tree
) -> None:
    step = f"{{uses: docker/build-push-action@v6, with: {{{built}, push: {push}, tags: a/b:1}}}}"
    root = tree(
        {
            "tests/compose.yaml": "services: {app: {build: ../docker}}\n",
            "docker/Dockerfile": "FROM debian:13\nCMD run\n",
            ".github/workflows/ci.yml": f"jobs: {{a: {{steps: [{step}]}}}}\n",
        }
    )
    [verdict] = verdicts(root)
    role = verdict.roles.get("docker/Dockerfile", PROJECT)
    assert role.purpose == purpose


RELEASE = "docker build -t a/b:1 docker && docker push a/b:1"


@pytest.mark.parametrize(
    ("name", "text", "purpose"),
    [
        (".gitlab-ci.yml", f"release:\n  script:\n    - {RELEASE}\n", "product"),
        ("Jenkinsfile", f"node {{\n  sh '{RELEASE}'\n}}\n", "product"),
        (".circleci/config.yml", f"jobs: {{a: {{steps: [{{run: {RELEASE}}}]}}}}\n", "product"),
        ("Makefile", f"publish:\n\t{RELEASE}\n", "product"),
        ("docker/Makefile", "publish:\n\tdocker build -t a/b .\n\tdocker push a/b\n", "product"),
        ("scripts/release.sh", f"{RELEASE}\n", "product"),
        ("Makefile", "check:\n\tdocker build -t a/b docker\n", "test"),
        ("scripts/release.sh", "docker build -t a/b docker\ndocker push c/d\n", "test"),
        ("README.md", f"```sh\n{RELEASE}\n```\n", "test"),
    ],
)
def test_what_any_release_pushes_is_a_product(
    name: str, text: str, purpose: str, tree: Tree
) -> None:
    files = {"docker/Dockerfile": "FROM debian:13\nCMD run\n", name: text}
    root = tree({"tests/compose.yaml": "services: {app: {build: ../docker}}\n", **files})
    [verdict] = verdicts(root)
    assert verdict.roles.get("docker/Dockerfile", PROJECT).purpose == purpose


def configured(text: str) -> str:
    return f"[[roles]]\n{text}"


def by_configuration(root: Path) -> list[Verdict]:
    return list(engine.check(plan_paths([str(root)], Configs())))


def test_the_configuration_gives_a_role(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": WEB,
            "compose.prod.yaml": "services: {web: {privileged: true}}\n",
            "e2e/compose.yaml": WEB,
            "vendor/compose.yaml": WEB,
            "tightship.toml": (
                configured('paths = ["e2e/"]\npurpose = "product"\n')
                + configured('paths = ["vendor/"]\npurpose = "vendored"\n')
                + configured('paths = ["compose.prod.yaml"]\nloading = "other"\n')
            ),
        }
    )
    main, judged = by_configuration(root)
    assert [one.name for one in main.sources] == ["compose.yaml"]
    assert [one.name for one in judged.sources] == ["e2e/compose.yaml"]
    assert judged.role.purpose == "product"
    assert judged.role.evidence[0].place == "tightship.toml:1"


def test_the_configuration_merges_files(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": WEB,
            "hard.yml": HARD,
            "tightship.toml": configured('files = ["compose.yaml", "hard.yml"]\n'),
        }
    )
    [judged] = by_configuration(root)
    assert [one.name for one in judged.sources] == ["compose.yaml", "hard.yml"]


def test_a_named_file_in_a_folder_that_nobody_may_list_is_judged(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"compose.yaml": WEB})

    def refuse(folder: str) -> list[str]:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr("os.listdir", refuse)
    [verdict] = verdicts(root / "compose.yaml")
    assert verdict.findings


def test_a_file_of_variables_has_the_purpose_of_its_project(tree: Tree) -> None:
    project = "services: {db: {image: 'postgres:17', env_file: db.env}}\n"
    text = "POSTGRES_PASSWORD=hunter2\n"
    names = ("examples/compose.yaml", "examples/db.env", "compose.yaml", "db.env", "a.py", "b.py")
    root = tree({one: text if one.endswith(".env") else project for one in names})
    found = {
        one.span.source.name: one.severity.word
        for one in findings(root)
        if one.rule.name == "literal-secret-in-environment"
    }
    assert found == {"examples/db.env": "info", "db.env": "warning"}


CLEAN = 'FROM scratch\nCOPY app /app\nUSER 1000\nHEALTHCHECK CMD ["/app", "check"]\n'


@pytest.mark.parametrize(
    ("text", "asks"), [(CLEAN, False), ("FROM debian:13\nEXPOSE 80\nCMD serve\n", True)]
)
def test_a_role_is_asked_for_if_a_finding_depends_on_it(
    text: str, asks: bool, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def of(_: Roles, path: str) -> Role:
        asked.append(path)
        return PROJECT

    root = tree({"app/compose.yaml": "services: {app: {build: .}}\n", "app/Dockerfile": text})
    monkeypatch.setattr(Roles, "of", of)
    [verdict] = verdicts(root / "app/Dockerfile")
    assert bool(verdict.findings) == bool(asked) == asks


@pytest.mark.parametrize(
    "text",
    [
        CLEAN,
        "FROM debian:13\nARG MODE\nRUN apt-get update && apt-get install -y sudo\nCMD $MODE\n",
        "FROM nginx:1.29 AS web\nUSER root\nENV TOKEN=a1b2c3d4e5f6\nVOLUME /data\n",
    ],
)
@pytest.mark.parametrize(
    "service",
    [
        "{build: .}",
        "{build: {context: ., args: {MODE: a}}, ports: ['80:80'], tmpfs: [/tmp], read_only: true}",
        "{build: ., privileged: true, user: '0', cap_drop: [ALL], mem_limit: 1g}",
    ],
)
def test_a_named_dockerfile_has_all_that_its_project_finds_about_it(
    text: str, service: str, tree: Tree
) -> None:
    root = tree({"a/compose.yaml": f"services: {{app: {service}}}\n", "a/Dockerfile": text})
    [whole] = verdicts(root)
    [source] = [one for one in whole.sources if one.name.endswith("Dockerfile")]
    [named] = verdicts(root / "a/Dockerfile")
    assert told(named) == told(whole.about(source))
    assert told(named) or text == CLEAN


def told(verdict: Verdict) -> list[tuple[object, ...]]:
    return [
        (one.rule.name, one.span.source.name, *one.span.order, one.finding.message)
        for one in verdict.findings
    ]
