"""Services joined with the Dockerfiles that they build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.conftest import Judge, VerdictOn
    from tests.engine.conftest import Tree

    from tightship.engine.verdict import JudgedFinding, Verdict


ROOT_IMAGE = "FROM alpine:3.22\nUSER root\n"
RULE = "image-runs-as-root"


@pytest.fixture(autouse=True)
def _in_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def verdicts(*paths: Path | str, rule: str = RULE) -> list[Verdict]:
    return list(check([str(p) for p in paths], [rule]))


def places(found: list[Verdict]) -> list[tuple[str, str]]:
    return [(j.span.source.name, j.span.text) for v in found for j in v.findings]


def of(found: Sequence[JudgedFinding], rule: str) -> list[JudgedFinding]:
    return [one for one in found if one.rule.name == rule]


def related(one: JudgedFinding) -> list[str]:
    return [place.span.text for place in one.finding.because]


# -- which Dockerfile


@pytest.mark.parametrize(
    ("build", "path"),
    [
        (".", "Dockerfile"),
        ("web", "web/Dockerfile"),
        ("./web/", "web/Dockerfile"),
        ("{context: web}", "web/Dockerfile"),
        ("{context: web, dockerfile: prod.Dockerfile}", "web/prod.Dockerfile"),
        ("{context: web, dockerfile: ../docker/Dockerfile}", "docker/Dockerfile"),
        ("{dockerfile: docker/Dockerfile}", "docker/Dockerfile"),
        ("{context: '${WHERE:-web}'}", "web/Dockerfile"),
    ],
)
def test_a_service_names_its_dockerfile(build: str, path: str, tree: Tree) -> None:
    root = tree({"compose.yaml": f"services: {{s: {{build: {build}}}}}\n"})
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text(ROOT_IMAGE)
    [verdict] = verdicts(root)
    assert places([verdict]) == [(path, "root")]
    assert verdict.builders == {path: ["s"]}


def test_the_default_name_may_be_in_lower_case(tree: Tree) -> None:
    tree({"compose.yaml": "services: {s: {build: .}}\n", "dockerfile": ROOT_IMAGE})
    assert places(verdicts(".")) == [("dockerfile", "root")]


def test_the_target_decides_which_stage_is_judged(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {build: {context: ., target: Prod}}}\n",
        "Dockerfile": """FROM alpine:3.22 AS prod
USER app
FROM prod AS debug
USER root
""",
    }
    assert of(judge(files), RULE) == []
    files["compose.yaml"] = "services: {s: {build: .}}\n"
    assert [one.span.text for one in of(judge(files), RULE)] == ["root"]


def test_build_arguments_of_the_service_decide(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {build: {context: ., args: {U: root}}}}\n",
        "Dockerfile": "FROM alpine:3.22\nARG U=app\nUSER $U\n",
    }
    [one] = of(judge(files), RULE)
    assert one.span.text == "$U"
    files["compose.yaml"] = "services: {s: {build: {context: ., args: [U]}}}\n"
    assert of(judge(files), RULE) == [], "only the environment can tell"


def test_services_that_build_alike_share_a_finding(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {a: {build: .}, b: {build: .}, c: {image: x}}\n",
        "Dockerfile": ROOT_IMAGE,
    }
    [one] = of(judge(files), RULE)
    assert related(one) == ["a", "b"]


def test_services_with_different_builds_share_an_equal_finding(verdict_on: VerdictOn) -> None:
    files = {
        "compose.yaml": """
services:
  a: {build: {context: ., args: {V: 1}}}
  b: {build: {context: ., args: {V: 2}}}
""",
        "Dockerfile": "FROM alpine\nARG V\nRUN true\n",
    }
    found = of(verdict_on(files).findings, "untagged-base-image")
    assert [one.span.text for one in found] == ["alpine"]


def test_a_user_of_the_service_takes_the_place_of_the_image_s(judge: Judge) -> None:
    files = {"compose.yaml": "services: {s: {build: ., user: '1000'}}\n", "Dockerfile": ROOT_IMAGE}
    assert of(judge(files), RULE) == []


def test_the_environment_of_the_image_falls_through(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {build: .}}\n",
        "Dockerfile": "FROM mysql:9\nENV MYSQL_ALLOW_EMPTY_PASSWORD=yes\n",
    }
    rule = "empty-password-allowed"
    assert [one.span.source.name for one in of(judge(files), rule)] == ["Dockerfile"]
    files["compose.yaml"] = """services:
  s: {build: ., environment: {MYSQL_ALLOW_EMPTY_PASSWORD: ""}}
"""
    assert of(judge(files), rule) == []


def test_the_command_of_the_image_falls_through_unless_replaced(judge: Judge) -> None:
    dockerfile = """FROM traefik:3.5
ENTRYPOINT ["traefik"]
CMD ["--api.insecure=true"]
"""
    rule = "unauthenticated-service"

    def found(body: str) -> list[str]:
        text = f"services: {{s: {{build: ., ports: ['8080:8080'], {body}}}}}\n"
        files = {"compose.yaml": text, "Dockerfile": dockerfile}
        return [one.span.source.name for one in of(judge(files), rule)]

    assert found("init: true") == ["Dockerfile"]
    assert found("command: [--ping]") == []
    assert found("entrypoint: [traefik]") == []


@pytest.mark.parametrize("contexts", ["{base: 'service:other'}", "['base=./base']"])
def test_another_context_takes_the_place_of_an_image(contexts: str, judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {build: {context: ., "
        f"additional_contexts: {contexts}}}}}}}\n",
        "Dockerfile": "FROM base\nCOPY --from=base:latest /x /x\nCOPY --from=a /y /y\n",
    }
    found = of(judge(files), "untagged-base-image")
    assert [one.span.text for one in found] == ["a"]


# -- what cannot be judged


@pytest.mark.parametrize(
    "context", ["https://example.com/x.git", "git@example.com:x/y.git", "github.com/x/y"]
)
def test_an_image_built_from_elsewhere_is_as_unknown_as_a_pulled_one(
    context: str, verdict_on: VerdictOn
) -> None:
    verdict = verdict_on(f"services: {{s: {{build: '{context}'}}}}\n")
    assert not verdict.gaps
    assert not of(verdict.findings, "not-checked")
    [one] = of(verdict.findings, "unpinned-remote-context")
    assert one.span.text.strip("'") == context


def test_a_dockerfile_that_is_missing_is_not_checked(verdict_on: VerdictOn) -> None:
    verdict = verdict_on("services: {s: {build: ./web}}\n")
    [one] = of(verdict.findings, "not-checked")
    assert (one.span.text, len(verdict.gaps)) == ("./web", 1)
    assert "web/Dockerfile" in one.finding.message


def test_a_dockerfile_outside_the_root_is_not_read(tree: Tree) -> None:
    root = tree({"project/compose.yaml": "services: {s: {build: ../..}}\n"})
    (root.parent / "Dockerfile").write_text(ROOT_IMAGE)
    try:
        [verdict] = verdicts(root)
    finally:
        (root.parent / "Dockerfile").unlink()
    assert [one.rule.name for one in verdict.findings] == ["not-checked"]


def test_a_variable_in_a_path_is_no_gap(verdict_on: VerdictOn) -> None:
    verdict = verdict_on("services: {s: {build: '${WHERE}'}}\n")
    assert (len(verdict.gaps), of(verdict.findings, "not-checked")) == (0, [])


def test_a_template_is_not_checked(verdict_on: VerdictOn) -> None:
    verdict = verdict_on({"Dockerfile": "FROM {{ base }}\nUSER root\n"})
    [one] = of(verdict.findings, "not-checked")
    assert "template" in one.finding.message


def test_builds_of_one_large_file_have_a_limit(verdict_on: VerdictOn) -> None:
    services = "".join(f"  s{n}: {{build: {{context: ., args: {{A: {n}}}}}}}\n" for n in range(30))
    files = {
        "compose.yaml": f"services:\n{services}",
        "Dockerfile": "FROM alpine:3.22\nARG A\n" + "LABEL a=b\n" * 9_999,
    }
    verdict = verdict_on(files, [])
    assert len(verdict.gaps) == 1


# -- in the Compose file itself


INLINE = """services:
  s:
    build:
      dockerfile_inline: |
        FROM alpine:3.22

        RUN echo \\
            a
        USER root
"""


def test_findings_of_an_inline_dockerfile_are_in_the_compose_file(judge: Judge) -> None:
    [one] = of(judge(INLINE), RULE)
    assert one.span.source.name == "compose.yaml"
    assert one.span.text == "root"
    assert one.span.start == INLINE.index("root")
    assert one.key_path[:4] == ("services", "s", "build", "dockerfile_inline")


def test_an_escaped_inline_dockerfile_keeps_its_own_text(judge: Judge) -> None:
    text = 'services: {s: {build: {dockerfile_inline: "FROM alpine:3\\nUSER root"}}}\n'
    [one] = of(judge(text), RULE)
    assert one.span.text == '"FROM alpine:3\\nUSER root"'
    replaced = INLINE.replace("USER root", "USER ${U:-root}")
    [one] = of(judge(replaced), RULE)
    assert one.span.text == "USER ${U:-root}"


# -- where it is said


FILES = {
    "compose.yaml": "services: {s: {build: web}, t: {image: 'x:1'}}\n",
    "web/Dockerfile": ROOT_IMAGE,
    "other/Dockerfile": ROOT_IMAGE,
}


def test_a_folder_is_its_projects_and_then_the_other_dockerfiles(tree: Tree) -> None:
    root = tree(FILES)
    first, second = verdicts(root)
    assert places([first]) == [("web/Dockerfile", "root")]
    assert places([second]) == [("other/Dockerfile", "root")]
    assert second.builders == {"other/Dockerfile": ()}


def test_a_named_dockerfile_selects_the_projects_that_build_it(tree: Tree) -> None:
    root = tree(FILES)
    [verdict] = verdicts(root / "web" / "Dockerfile")
    assert verdict.builders == {"web/Dockerfile": ["s"]}
    assert {j.span.source.name for j in verdict.findings} == {"web/Dockerfile"}
    assert related(verdict.findings[0]) == ["s"]
    assert verdict.services == 1


def test_a_dockerfile_in_a_subfolder_stands_for_its_projects(tree: Tree) -> None:
    root = tree(FILES)
    [verdict] = verdicts(root / "web")
    assert verdict.builders == {"web/Dockerfile": ["s"]}


TWO_IMAGES = {
    "compose.yaml": "services:\n  a: {build: a}\n  b: {build: b}\n",
    "a/Dockerfile": ROOT_IMAGE,
    "b/Dockerfile": f"# tightship: ignore[{RULE}] it has to\n{ROOT_IMAGE}",
    "b/Image": ROOT_IMAGE,
}


@pytest.mark.parametrize("first", ["a", "b"])
def test_each_named_dockerfile_of_a_project_is_reported(tree: Tree, first: str) -> None:
    tree({**TWO_IMAGES, "b/Dockerfile": ROOT_IMAGE})
    second = "b" if first == "a" else "a"
    found = verdicts(f"{first}/Dockerfile", f"{second}/Dockerfile")
    files = [(f"{first}/Dockerfile", "root"), (f"{second}/Dockerfile", "root")]
    assert places(found) == files


def test_acceptance_in_one_dockerfile_does_not_apply_to_another(tree: Tree) -> None:
    tree(TWO_IMAGES)
    found = verdicts("a/Dockerfile", "b/Dockerfile")
    assert places(found) == [("a/Dockerfile", "root")]
    assert [len(verdict.accepted) for verdict in found] == [0, 1]


def test_a_dockerfile_named_before_its_project_does_not_replace_it(tree: Tree) -> None:
    text = "services:\n  a: {build: a}\n  b: {build: {context: b, dockerfile: Image}}\n"
    tree({**TWO_IMAGES, "compose.yaml": text})
    found = places(verdicts("b/Image", "compose.yaml"))
    assert sorted(found) == [("a/Dockerfile", "root"), ("b/Image", "root")]


def test_an_unused_dockerfile_is_judged_alone(tree: Tree) -> None:
    root = tree(FILES)
    [verdict] = verdicts(root / "other" / "Dockerfile")
    assert verdict.builders == {"other/Dockerfile": ()}
    assert places([verdict]) == [("other/Dockerfile", "root")]


def test_findings_of_a_shared_dockerfile_are_reported_once(tree: Tree) -> None:
    root = tree(
        {
            "a/compose.yaml": "services: {s: {build: ../web}}\n",
            "b/compose.yaml": "services: {s: {build: ../web}}\n",
            "web/Dockerfile": ROOT_IMAGE,
        }
    )
    assert places(verdicts(root)) == [("web/Dockerfile", "root")]


def test_names_alone_do_not_make_a_dockerfile(tree: Tree) -> None:
    tree({"Dockerfile.notes": "To do: write it\n", "x/Dockerfile.dev": ROOT_IMAGE})
    assert places(verdicts(".")) == [("x/Dockerfile.dev", "root")]


def test_a_file_that_was_named_is_known_by_how_it_begins(tree: Tree) -> None:
    tree({"build.txt": f"# comment\n\n{ROOT_IMAGE}"})
    assert places(verdicts("build.txt")) == [("build.txt", "root")]


def test_an_empty_dockerfile_is_rejected(tree: Tree) -> None:
    tree({"Dockerfile": ""})
    [verdict] = verdicts(".", rule="invalid-dockerfile")
    assert [one.rule.name for one in verdict.findings] == ["invalid-dockerfile"]


def test_a_service_whose_target_does_not_exist_builds_nothing(tree: Tree) -> None:
    root = tree(
        {
            "compose.yaml": (
                "services:\n  web: {build: .}\n  other: {build: {context: ., target: nope}}\n"
            ),
            "Dockerfile": ROOT_IMAGE,
        }
    )
    [verdict] = verdicts(root)
    assert verdict.builders == {"Dockerfile": ["web"]}


def test_an_error_in_a_base_image_is_no_absence(tree: Tree) -> None:
    text = "FROM a:1 AS b\nRUN x\n\nFROM debian:latest\nUSER 1\n"
    root = tree({"Dockerfile": text})
    [verdict] = verdicts(root, rule="latest-base-image")
    [one] = verdict.findings
    assert one.subject.kind == "stage"
    assert one.span == one.subject.span
    assert not one.is_absence
