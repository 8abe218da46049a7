"""What is true for some of the services that build a file names these."""

from __future__ import annotations

from tightship.rules.dockerfile.correctness.undefined_stage import undefined_stage
from tightship.rules.dockerfile.supply_chain.latest_base_image import latest_base_image
from tightship.rules.dockerfile.supply_chain.untagged_base_image import untagged_base_image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.engine.verdict import JudgedFinding


def told(one: JudgedFinding) -> list[tuple[str, str]]:
    """Return the places that explain a finding, with what they say."""
    return [(each.span.text, each.message) for each in one.finding.because]


def test_a_value_that_a_service_passes_is_shown_where_it_is_passed(judge: Judge) -> None:
    files = {
        "compose.yaml": (
            "services:\n"
            "  s1: {build: {context: ., args: {V: latest}}}\n"
            '  s2: {build: {context: ., args: {V: "3.1"}}}\n'
        ),
        "Dockerfile": "ARG V\nFROM debian:$V\n",
    }
    (one,) = judge(files, [latest_base_image])
    assert told(one) == [("V", "the build passes this")]


def test_a_finding_of_one_build_names_its_service(judge: Judge) -> None:
    files = {
        "compose.yaml": (
            "services:\n"
            "  plain: {build: .}\n"
            "  other:\n"
            "    build:\n"
            "      context: .\n"
            "      additional_contexts: {debian: ./debian}\n"
        ),
        "Dockerfile": "FROM debian\n",
    }
    (one,) = judge(files, [untagged_base_image])
    assert told(one) == [("plain", "it is built so for service `plain`")]


def test_a_finding_of_all_builds_names_no_service(judge: Judge) -> None:
    files = {
        "compose.yaml": (
            "services:\n"
            "  s1: {build: {context: ., args: {A: x}}}\n"
            "  s2: {build: {context: ., args: {A: y}}}\n"
        ),
        "Dockerfile": "FROM debian\nARG A\nLABEL a=$A\n",
    }
    (one,) = judge(files, [untagged_base_image])
    assert told(one) == []


def test_a_line_that_is_built_in_many_ways_is_one_cause(judge: Judge) -> None:
    builds = [f"  s{n}: {{build: {{context: ., args: {{IMAGE: i{n}}}}}}}\n" for n in range(5)]
    files = {
        "compose.yaml": "services:\n" + "".join(builds),
        "Dockerfile": "ARG IMAGE\nFROM ${IMAGE}\nCOPY --from=other / /\n",
    }
    found = judge(files, [untagged_base_image])
    assert len(found) == 6
    assert len({one.cause for one in found if one.span.text == "${IMAGE}"}) == 1
    assert len({one.cause for one in found}) == 2


def test_a_finding_on_the_service_names_no_builder(judge: Judge) -> None:
    files = {
        "compose.yaml": (
            "services:\n"
            "  s1: {build: {context: ., args: {A: x}}}\n"
            "  s2: {build: {context: ., target: none}}\n"
        ),
        "Dockerfile": "FROM debian:13\nARG A\n",
    }
    (one,) = judge(files, [undefined_stage])
    assert told(one) == []


STAGES = "ARG TAG=1\nFROM alpine:3.22 AS first\nFROM debian:$TAG AS second\n"


def test_a_service_builds_only_the_stages_that_its_target_needs(judge: Judge) -> None:
    files = {
        "compose.yaml": (
            "services:\n"
            "  a: {build: {context: ., target: first, args: {TAG: latest}}}\n"
            "  b: {build: {context: ., target: second}}\n"
        ),
        "Dockerfile": STAGES,
    }
    assert judge(files, [latest_base_image]) == []


def test_a_stage_that_no_service_builds_has_its_defaults(judge: Judge) -> None:
    files = {
        "compose.yaml": (
            "services:\n  a: {build: {context: ., target: first, args: {TAG: latest}}}\n"
        ),
        "Dockerfile": STAGES,
    }
    assert judge(files, [latest_base_image]) == []
    files["Dockerfile"] = STAGES.replace("TAG=1", "TAG=latest")
    (one,) = judge(files, [latest_base_image])
    assert "(default of `ARG TAG`)" in one.finding.message
    assert told(one) == []


def test_a_service_is_named_only_if_its_target_needs_the_stage(judge: Judge) -> None:
    files = {
        "compose.yaml": (
            "services:\n"
            "  a: {build: {context: ., target: first}}\n"
            "  b: {build: {context: ., target: second}}\n"
            "  c:\n"
            "    build:\n"
            "      context: .\n"
            "      additional_contexts: {debian: ./debian}\n"
        ),
        "Dockerfile": "FROM alpine:3.22 AS first\nFROM debian AS second\n",
    }
    (one,) = judge(files, [untagged_base_image])
    assert told(one) == [("b", "it is built so for service `b`")]


def test_a_replaced_base_is_no_image_for_a_service_that_builds_another_stage(judge: Judge) -> None:
    files = {
        "compose.yaml": (
            "services:\n"
            "  a: {build: {context: ., target: first}}\n"
            "  b:\n"
            "    build:\n"
            "      context: .\n"
            "      additional_contexts: {base: ./base}\n"
        ),
        "Dockerfile": "FROM alpine:3.22 AS first\nFROM base AS second\n",
    }
    assert judge(files, [untagged_base_image]) == []
