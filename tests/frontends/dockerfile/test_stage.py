"""Stages: what they are based on, and what they end up with."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, strategies as st

from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.steps import Copy, Run, Workdir
from tightship.frontends.dockerfile.variable import Variable
from tightship.syntax.dockerfile.read import read
from tightship.text import Source


def build(text: str, **passed: str | None) -> Build:
    given = {name: Variable(name, text, "given") for name, text in passed.items()}
    return Build(read(Source("Dockerfile", dedent(text).lstrip("\n"))), given)


def test_a_stage_is_found_by_its_name_in_any_case_or_its_number() -> None:
    made = build("""
        FROM golang:1.25 AS Build
        FROM alpine:3.22
        """)
    assert made.stage("build") is made.stage("BUILD") is made.stage("0")
    assert made.stage("1") is made.stages[1]
    assert made.stage("2") is made.stage("other") is None


def test_from_refers_to_stages_above_only() -> None:
    made = build("""
        FROM later AS first
        FROM alpine AS later
        FROM FIRST
        FROM first AS first
        """)
    first, later, third, fourth = made.stages
    assert first.base_stage is None
    assert first.reference is not None
    assert later.base_stage is None
    assert third.base_stage is first
    assert fourth.base_stage is first


def test_a_number_after_from_is_an_image() -> None:
    made = build("FROM alpine\nFROM 0\n")
    assert made.stages[1].base_stage is None
    assert made.stages[1].reference is not None


def test_the_target_is_the_last_stage_unless_one_is_named() -> None:
    made = build("FROM a AS x\nFROM b AS y\n")
    assert made.target() is made.stages[1]
    assert made.target("X") is made.stages[0]
    assert made.target("z") is None
    assert build("RUN true\n").target() is None


def test_unset_values_of_a_stage_come_from_its_base() -> None:
    made = build("""
        FROM alpine AS base
        USER app
        WORKDIR /app
        SHELL ["/bin/ash", "-ec"]
        VOLUME /data
        EXPOSE 80
        HEALTHCHECK CMD true
        ENTRYPOINT ["run"]
        CMD ["--help"]
        FROM base
        VOLUME ["/more"]
        EXPOSE 81/tcp 82
        RUN true
        """)
    stage = made.stages[1]
    assert stage.user is not None
    assert stage.user.value is not None
    assert stage.user.value.text == "app"
    assert stage.last(Workdir) is not None
    assert stage.healthcheck is not None
    assert stage.entrypoint is not None
    assert stage.command is not None
    assert [a.text for a in stage.volumes] == ["/data", "/more"]
    assert [a.text for a in stage.exposed] == ["80", "81/tcp", "82"]
    assert stage.shell_at(2).words == ("/bin/ash", "-ec")


def test_copying_from_a_stage_brings_files_only() -> None:
    made = build("""
        FROM alpine AS build
        USER app
        ENV A=1
        FROM scratch
        COPY --from=build /x /x
        """)
    assert made.stages[1].user is None
    assert made.stages[1].variable("A") is None
    assert made.stages[1].sources == (made.stages[0],)


def test_the_last_user_decides_and_onbuild_does_not() -> None:
    made = build("""
        FROM alpine
        USER root
        USER app
        ONBUILD USER root
        """)
    user = made.stages[0].user
    assert user is not None
    assert user.value is not None
    assert user.value.text == "app"


def test_an_entrypoint_resets_the_command_of_the_base() -> None:
    made = build("""
        FROM alpine AS base
        CMD ["old"]
        FROM base AS emptied
        ENTRYPOINT ["run"]
        FROM base AS kept
        CMD ["new"]
        ENTRYPOINT ["run"]
        """)
    _, emptied, kept = made.stages
    assert emptied.command is None
    assert kept.command is not None


def test_a_stage_has_the_stages_that_it_names_as_sources() -> None:
    made = build("""
        FROM alpine AS unused
        FROM alpine AS a
        FROM alpine AS b
        FROM alpine AS c
        COPY --from=b /x /x
        FROM a AS last
        RUN --mount=from=c,target=/c true
        COPY --from=nginx /etc/nginx /etc/nginx
        """)
    assert [stage.name for stage in made.stages[4].sources] == ["a", "c"]


def test_images_are_neither_stages_nor_scratch() -> None:
    made = build("""
        FROM scratch AS empty
        FROM golang:1.25 AS build
        FROM build
        COPY --from=build /a /a
        COPY --from=nginx:1.29 /b /b
        COPY --from=0 /c /c
        RUN --mount=type=bind,from=busybox,target=/d --mount=from=build,target=/e true
        RUN --mount=type=tmpfs,target=/f true
        """)
    found = [(one.kind, one.argument.text) for s in made.stages for one in s.references]
    assert found == [
        ("FROM", "golang:1.25"),
        ("COPY --from", "nginx:1.29"),
        ("RUN --mount", "busybox"),
    ]


def test_scratch_is_found_through_the_stages() -> None:
    made = build("FROM scratch AS a\nFROM a\nFROM alpine\n")
    assert [stage.is_from_scratch for stage in made.stages] == [True, True, False]
    assert made.stages[1].image is None


# -- variables


def base(text: str, **passed: str | None) -> tuple[str, bool]:
    argument = build(text, **passed).stages[-1].base
    assert argument is not None
    return argument.text, argument.decided


def test_from_sees_the_arguments_above_it_by_their_default() -> None:
    text = "ARG T=3.22\nARG I=alpine:${T}\nFROM ${I}\n"
    assert base(text) == ("alpine:3.22", True)


def test_a_passed_argument_wins_over_a_default() -> None:
    text = "ARG T=3.22\nFROM alpine:${T}\n"
    assert base(text, T="3.21") == ("alpine:3.21", True)
    assert base(text, T=None) == ("alpine:${T}", False)
    assert base(text, U="1") == ("alpine:3.22", True)


def test_an_undeclared_argument_is_not_visible() -> None:
    assert base("FROM alpine:${T:-3.22}\n", T="3.21") == ("alpine:3.22", True)


def test_an_argument_without_a_default_is_undecided() -> None:
    assert base("ARG T\nFROM alpine:$T\n") == ("alpine:${T}", False)


@pytest.mark.parametrize(
    "default", ["non-existing", "placeholder:latest", "change_me", "override-me", "must-be-set"]
)
def test_a_default_that_stands_for_an_image_is_undecided(default: str) -> None:
    assert not base(f"ARG X={default}\nFROM ${{X}}\n")[1]
    assert base(f"ARG X={default}\nFROM ${{X}}\n", X="a:1") == ("a:1", True)
    assert base(f"ARG X={default}\nFROM a-${{X}}\n")[1]
    assert base(f"FROM {default}\n")[1]


def test_a_stage_may_have_the_name_of_a_placeholder() -> None:
    made = build("ARG X=todo\nFROM alpine AS todo\nFROM $X\n")
    assert made.stages[1].base_stage is made.stages[0]


def test_the_platform_is_undecided() -> None:
    assert base("FROM alpine-$TARGETARCH\n") == ("alpine-${TARGETARCH}", False)


def user(text: str, **passed: str | None) -> tuple[str, bool]:
    step = build(text, **passed).stages[-1].user
    assert step is not None
    assert step.value is not None
    return step.value.text, step.value.decided


def test_a_stage_gets_arguments_and_environment_of_the_stage_below() -> None:
    text = """
        FROM scratch AS base
        ARG A=1
        ENV E=2
        FROM base
        USER x$A-$E
        """
    assert user(text) == ("x1-2", True)


def test_the_environment_of_the_base_overrides_its_arguments() -> None:
    head = "FROM scratch AS base\nENV U=env\nARG U=arg\n"
    assert user(f"{head}USER $U\n") == ("arg", True)
    assert user(f"{head}FROM base\nUSER $U\n") == ("env", True)


def test_an_image_can_override_the_arguments_of_the_base() -> None:
    text = "FROM alpine AS base\nARG U=arg\nFROM base\nUSER $U\n"
    assert user(text) == ("${U}", False)


def test_visibility_within_one_arg_depends_on_buildkit() -> None:
    assert user("FROM scratch\nARG A=1 B=$A\nUSER x$B\n") == ("x${A}", False)
    assert user("FROM scratch\nARG A=1\nARG A=1 B=$A\nUSER x$B\n") == ("x1", True)
    assert user("FROM scratch\nENV A=1 B=$A\nUSER x$B\n") == ("x", True)


def test_an_argument_without_a_default_changes_nothing() -> None:
    assert user("FROM scratch\nARG U=a\nARG U\nUSER $U\n") == ("a", True)
    assert base("ARG B=debian\nARG B\nFROM $B\n") == ("debian", True)


def test_the_global_default_overrides_the_environment() -> None:
    assert user("ARG U=a\nFROM scratch\nENV U=b\nARG U\nUSER $U\n") == ("a", True)


def test_the_name_of_an_argument_is_not_expanded() -> None:
    made = build("FROM scratch\nENV X=N\nARG $X=1\nUSER x$N\n")
    assert made.stages[0].variable("N") is None


def test_a_stage_sees_a_global_argument_once_declared() -> None:
    head = "ARG U=app\nFROM scratch\n"
    assert user(f"{head}USER x$U\n") == ("x", True)
    assert user(f"{head}ARG U\nUSER x$U\n") == ("xapp", True)
    assert user(f"{head}ARG U=own\nUSER x$U\n") == ("xown", True)
    assert user(f"{head}ARG U\nUSER x$U\n", U="me") == ("xme", True)


def test_the_environment_of_the_base_image_is_unknown() -> None:
    assert user("FROM alpine\nUSER $APP\n") == ("${APP}", False)
    assert user("FROM scratch\nUSER x$APP\n") == ("x", True)


def test_a_variable_is_what_it_is_at_that_place() -> None:
    made = build("""
        FROM scratch
        ENV A=1
        USER $A
        ENV A=2 B=$A
        WORKDIR /$A$B
        """)
    stage = made.stages[0]
    assert stage.user is not None
    assert stage.user.value is not None
    assert stage.user.value.text == "1"
    workdir = stage.last(Workdir)
    assert workdir is not None
    assert workdir.value is not None
    assert workdir.value.text == "/21"


def test_the_environment_wins_over_an_argument_above_it() -> None:
    assert user("FROM scratch\nARG U=a\nENV U=b\nUSER $U\n") == ("b", True)


def test_the_last_of_argument_and_environment_wins() -> None:
    # The Dockerfile reference says that ENV always wins; BuildKit does otherwise.
    text = "FROM scratch\nENV U=b\nARG U=a\nUSER $U\n"
    assert user(text) == ("a", True)
    assert build(text).stages[0].environment["U"].text == "b"
    assert user("FROM scratch\nENV U=b\nARG U\nUSER $U\n") == ("b", True)


def test_a_value_that_doubles_itself_does_not_fill_the_memory() -> None:
    text = "FROM scratch\nENV A=1234567890\n" + "ENV A=$A$A\n" * 60 + "USER $A\n"
    value, decided = user(text)
    assert not decided
    assert len(value) < 100_000


def test_values_of_very_distant_bases_are_undecided() -> None:
    chain = "".join(f"FROM s{i} AS s{i + 1}\n" for i in range(1_000))
    text = f"FROM scratch AS s0\nENV U=a\nUSER b\n{chain}"
    assert user(f"{text}USER $U\n") == ("${U}", False)
    assert user(text) == ("b", True)


@pytest.mark.parametrize("name", ["TARGETARCH", "BUILDPLATFORM", "TARGETSTAGE"])
def test_a_platform_argument_must_be_declared_in_a_stage(name: str) -> None:
    assert user(f"FROM scratch\nUSER x${name}\n") == ("x", True)
    assert not user(f"FROM scratch\nARG {name}\nUSER x${name}\n")[1]


@pytest.mark.parametrize("name", ["TARGETARCH", "BUILDOSVERSION"])
def test_a_platform_argument_can_have_another_default_or_be_given(name: str) -> None:
    assert user(f"FROM scratch\nARG {name}=z\nUSER ${name}\n") == ("z", True)
    assert user(f"ARG {name}=z\nFROM scratch\nARG {name}\nUSER ${name}\n")[0] == "z"
    assert not user(f"ARG {name}\nFROM scratch\nARG {name}\nUSER ${name}\n")[1]
    made = build(f"FROM a-${name}\n", **{name: "z"})
    assert made.stages[0].base is not None
    assert made.stages[0].base.text == "a-z"


def test_scratch_has_a_path() -> None:
    text = "FROM scratch\nENV PATH=/opt/bin:$PATH\n"
    path = build(text).stages[0].environment["PATH"]
    assert path.text == ("/opt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    other = build(text.replace("FROM", "FROM --platform=windows/amd64"))
    assert not other.stages[0].environment["PATH"].decided


# -- steps


def test_triggers_run_first_in_the_next_stages() -> None:
    made = build("""
        FROM scratch AS base
        ONBUILD ARG WHO=app
        ONBUILD USER $WHO
        ONBUILD CMD run
        ONBUILD COPY --from=last a b
        FROM base AS middle
        FROM middle AS above
        WORKDIR /home/$WHO
        FROM scratch AS last
        """)
    below, middle, above, last = made.stages
    assert below.user is None
    assert below.command is None
    assert below.sources == ()
    for stage in (middle, above):
        assert stage.user is not None
        assert stage.user.value is not None
        assert stage.user.value.text == "app"
        assert stage.command is not None
    assert middle.sources == (below, last)
    assert above.sources == (middle,)
    workdir = above.last(Workdir)
    assert workdir is not None
    assert workdir.value is not None
    assert workdir.value.text == "/home/app"
    assert middle.steps == []


def test_the_steps_of_a_stage_override_its_triggers() -> None:
    text = "FROM scratch AS b\nONBUILD USER a\nFROM b\nUSER c\n"
    assert user(text) == ("c", True)


def test_a_health_check_uses_the_last_shell() -> None:
    made = build("""
        FROM scratch
        HEALTHCHECK CMD true
        CMD true
        SHELL ["/bin/bash", "-c"]
        """)
    [stage] = made.stages
    assert stage.healthcheck is not None
    assert stage.healthcheck.shell.words == ("/bin/bash", "-c")
    assert stage.command is not None
    assert stage.command.shell.words != ("/bin/bash", "-c")


def ports(text: str) -> list[str]:
    return [port.text for port in build(f"FROM scratch\n{text}\n").stages[0].exposed]


def test_a_value_with_spaces_is_several_ports() -> None:
    assert ports('ENV P="80 81/udp"\nEXPOSE $P 9') == ["80", "81/udp", "9"]
    assert ports('ENV P="80 81"\nEXPOSE "$P" 7$P') == ["80 81", "780", "81"]
    assert ports("EXPOSE 80 $NONE") == ["80"]
    assert ports("ARG P\nEXPOSE 1$P") == ["1${P}"]


def test_text_before_the_operand_of_a_port_depends_on_buildkit() -> None:
    made = build("FROM scratch\nEXPOSE 80/${PROTOCOL:-tcp} ${P:-8}0/tcp\n")
    lost, kept = made.stages[0].exposed
    assert not lost.decided
    assert (kept.text, kept.decided) == ("80/tcp", True)


def test_a_trigger_is_a_step_of_its_kind() -> None:
    made = build("FROM alpine\nONBUILD COPY . /app\nONBUILD RUN make\n")
    own, later = made.stages[0].presented
    copy, run = later.steps
    assert own.steps == []
    assert isinstance(copy, Copy)
    assert copy.deferred
    assert isinstance(run, Run)
    assert [call.program.name for call in run.calls if call.program] == ["make"]


def test_sources_and_destination_of_a_copy_are_separated() -> None:
    made = build("""
        FROM alpine
        COPY --chown=a:b --chmod=755 a b /c/
        COPY ["a b", "/c"]
        COPY <<A <<B d /e/
        a
        A
        b
        B
        """)
    first, second, third = made.stages[0].steps
    assert isinstance(first, Copy)
    assert [a.text for a in first.sources] == ["a", "b"]
    assert first.destination is not None
    assert first.destination.text == "/c/"
    mode = first.flag("chmod")
    assert mode is not None
    assert mode.text == "755"
    assert isinstance(second, Copy)
    assert [a.text for a in second.sources] == ["a b"]
    assert isinstance(third, Copy)
    assert [a.text for a in third.sources] == ["d"]
    assert [heredoc.name for heredoc in third.heredocs] == ["A", "B"]


def test_a_mount_knows_its_kind_origin_and_target() -> None:
    made = build("""
        FROM alpine
        RUN --mount=from=x,dst=/a --mount=type=secret,id=s,target=/b true
        """)
    [run] = made.stages[0].steps
    assert isinstance(run, Run)
    plain, secret = run.mounts
    assert (plain.kind, secret.kind) == ("bind", "secret")
    assert plain.origin is not None
    assert plain.origin.text == "x"
    assert plain.target is not None
    assert plain.target.text == "/a"


LINES = st.sampled_from(
    (
        "ARG A",
        "ARG A=1",
        "ARG A=$A$B",
        "ENV A=$A B=$A",
        "ENV B 2",
        "FROM $A",
        "FROM x AS y",
        "FROM y AS x",
        "FROM scratch",
        "COPY --from=y . .",
        "COPY --from=1 a b",
        "RUN --mount=from=x,target=/a echo",
        "USER $A",
        "ONBUILD USER $B",
        "ONBUILD ENV A=9",
        "SHELL ['x']",
        "CMD x",
        "ENTRYPOINT",
        "FROM",
        "nonsense",
        "WORKDIR a",
    )
)


@given(st.lists(LINES, max_size=30))
def test_instructions_in_any_order_are_read(lines: list[str]) -> None:
    made = build("\n".join(lines))
    for stage in made.stages:
        assert stage.base_stage is None or stage.base_stage.index < stage.index
        for step in stage.steps:
            for argument in step.arguments:
                assert argument.decided or argument.reads
        assert {*stage.environment} <= {"A", "B"}
        assert stage.command is None or stage.command.name == "CMD"
        assert len(stage.references) <= len(stage.steps) + 1
