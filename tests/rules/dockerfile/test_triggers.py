"""Rules judge what ONBUILD defers, for the images that are built from this one."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.steps import Run, User, Workdir
from tightship.isolation.user import image_user
from tightship.rules import every_rule
from tightship.rules.dockerfile.correctness.copy_from_empty_stage import copy_from_empty_stage
from tightship.rules.dockerfile.correctness.deprecated_maintainer import deprecated_maintainer
from tightship.rules.dockerfile.correctness.invalid_dockerfile import invalid_dockerfile
from tightship.rules.dockerfile.correctness.undefined_stage import undefined_stage
from tightship.rules.dockerfile.filesystem.whole_file_system_copied import whole_file_system_copied
from tightship.rules.dockerfile.hygiene.package_cache_left import package_cache_left
from tightship.rules.example import Bad, marked
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import FixedFiles

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.rules.definition import Rule

LATER = "in each image that is built from this one: "


def deferred(text: str) -> str:
    """Return a Dockerfile with an ONBUILD before each instruction that can be a trigger."""
    file = read(Source("Dockerfile", text))
    first = min(one.span.start for one in file.instructions if one.name == "FROM")
    for one in reversed(file.instructions):
        if one.span.start > first and one.name not in ("FROM", "MAINTAINER", "ONBUILD"):
            text = f"{text[: one.span.start]}ONBUILD {text[one.span.start :]}"
    return text


# What a later build decides: whether a name is known at its end, and its other stages.
OF_THE_LATER_BUILD = {
    "image-runs-as-root-0",
    "unknown-user-name-0",
    "unknown-user-name-1",
    "unknown-account-on-scratch-0",
    "unknown-account-on-scratch-1",
    "shell-form-without-shell-0",
    "whole-file-system-copied-0",
    "untagged-base-image-1",
    "secret-file-copied-3",
    "undefined-stage-0",
    "undefined-stage-1",
    "undefined-stage-2",
    "copy-from-empty-stage-0",
    "package-lists-refreshed-alone-2",
}


CASES = [
    (rule, marked(example.files)[0], name)
    for rule in every_rule()
    if rule.language == "dockerfile" and rule.name != "unknown-instruction"
    for index, example in enumerate(rule.examples)
    if isinstance(example, Bad) and isinstance(example.files, str)
    for name in [f"{rule.name}-{index}"]
    if name not in OF_THE_LATER_BUILD
]


@pytest.mark.parametrize(
    ("rule", "text"), [pytest.param(rule, text, id=name) for rule, text, name in CASES]
)
def test_an_example_behind_onbuild_is_found(rule: Rule, text: str, judge: Judge) -> None:
    def words(text: str) -> list[str]:
        return [one.span.text for one in judge({"Dockerfile": text}, [rule])]

    assert words(deferred(text)) == words(text)


# They edit other places than the trigger.
ELSEWHERE = ("deprecated-maintainer", "inconsistent-casing")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        pytest.param(rule, text, id=name)
        for rule, text, name in CASES
        if rule.fix and rule.name not in ELSEWHERE
    ],
)
def test_its_fix_is_the_same_or_none(rule: Rule, text: str, fixed_files: FixedFiles) -> None:
    later = deferred(text)
    fixed = fixed_files({"Dockerfile": later}, rule)["Dockerfile"]
    usual = fixed_files({"Dockerfile": text}, rule)["Dockerfile"]
    assert fixed in (later, deferred(usual))


@pytest.mark.parametrize(
    "text",
    [
        "RUN apk add curl\nONBUILD RUN apk add curl",
        "FROM alpine:3.22 AS two\nONBUILD RUN apk add curl\nFROM two\nRUN apk add jq",
    ],
)
def test_the_message_says_which_image_it_is_about(text: str, judge: Judge) -> None:
    found = judge({"Dockerfile": f"FROM alpine:3.22\n{text}\n"}, [package_cache_left])
    begins = sorted(one.finding.message.startswith(LATER) for one in found)
    assert begins == [False, True]


def test_triggers_start_from_what_the_image_has() -> None:
    text = """
        FROM debian:13
        ARG A=1
        ENV B=2
        USER app
        WORKDIR /srv
        ONBUILD SHELL ["bash", "-c"]
        ONBUILD RUN $A $B
        ONBUILD USER root
        SHELL ["ash", "-c"]
        """
    build = Build(read(Source("Dockerfile", textwrap.dedent(text))))
    [stage] = build.stages
    _, later = stage.presented
    run = later.steps[1]
    user = later.last(User, run.index)
    assert user is not None
    assert [one.text for one in user.arguments] == ["app"]
    workdir = later.last(Workdir)
    assert workdir is not None
    assert isinstance(run, Run)
    assert run.shell.words == ("bash", "-c")
    assert stage.shell_at().words == ("ash", "-c")
    known = run.lookup("B")
    assert known is not None
    assert known.text == "2"
    unknown = run.lookup("A")
    assert unknown is not None
    assert unknown.text is None
    assert stage.user is user


def test_what_docker_refuses_as_a_trigger_is_reported_once(judge: Judge) -> None:
    text = "FROM debian:13\nONBUILD MAINTAINER a\nONBUILD FROM b\nONBUILD ONBUILD RUN c\n"
    found = judge({"Dockerfile": text}, [invalid_dockerfile, deprecated_maintainer])
    assert [one.finding.message for one in found] == [
        f"{name} cannot wait for a later build" for name in ("MAINTAINER", "FROM", "ONBUILD")
    ]


@pytest.mark.parametrize("origin", ["0", "1", "a", "other"])
def test_the_stages_of_a_later_build_are_unknown(origin: str, judge: Judge) -> None:
    text = f"FROM debian:13 AS a\nONBUILD COPY --from={origin} / /x\n"
    about_stages = [whole_file_system_copied, undefined_stage, copy_from_empty_stage]
    assert judge({"Dockerfile": text}, about_stages) == []


TRIGGERS = st.lists(
    st.sampled_from(
        (
            "USER root",
            'ENTRYPOINT ["gosu", "root", "x"]',
            "CMD sleep 1",
            "HEALTHCHECK NONE",
            "ENV PATH=/x",
            "WORKDIR x",
            'SHELL ["bash", "-c"]',
            "VOLUME /var/run/docker.sock",
            "EXPOSE 22",
            "RUN useradd app && chmod u+s /x",
            "COPY --from=0 / /",
            "ARG USER=root",
            "ADD https://example.com/a /a",
        )
    ),
    max_size=6,
)


@given(TRIGGERS)
def test_triggers_change_nothing_of_this_image(triggers: list[str]) -> None:
    own = 'FROM debian:13\nUSER 1000\nENTRYPOINT ["/app"]\nHEALTHCHECK CMD ["/app", "-c"]\n'
    later = "".join(f"ONBUILD {one}\n" for one in triggers)
    alone, with_triggers = (
        Build(read(Source("Dockerfile", text))).stages[0] for text in (own, own + later)
    )

    def settings(stage: Stage) -> list[object]:
        steps = (stage.user, stage.entrypoint, stage.command, stage.healthcheck)
        user = image_user(stage)
        return [
            *(step and step.instruction.span.text for step in steps),
            *(stage.volumes, stage.exposed, dict(stage.environment), stage.shell_at().words),
            *(user.is_root, user.value and user.value.text),
        ]

    assert settings(with_triggers) == settings(alone)
