"""The rule `undefined-variable`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.bounded import within

from tightship.frontends.dockerfile.build import Build
from tightship.rules.dockerfile.correctness.undefined_variable import undefined_variable as rule
from tightship.syntax.dockerfile.read import read
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def dockerfile(*lines: str) -> dict[str, str]:
    return {"Dockerfile": "\n".join((*lines, ""))}


def test_the_second_value_of_one_env_replaces_the_first(found: Found) -> None:
    known = dockerfile("FROM debian:13", "ENV PATH=/a:${PATH} PATH=/b:$PATH")
    assert found(known, rule) == [("warning", "$PATH")]
    apart = dockerfile("FROM debian:13", "ENV PATH=/a:$PATH", "ENV PATH=/b:$PATH A=$PATH")
    assert found(apart, rule) == []
    assert found(dockerfile("FROM debian:13", "ENV PATH=/a:$PATH PATH=/b"), rule) == []


@pytest.mark.parametrize(
    "line",
    [
        "ENV A=${X:-y}",
        "ENV A=${X-}",
        "ENV A=${X:+:$X}",
        "ENV A=${X+y}",
        "ENV A=${X:?say it}",
        "ENV A='$X'",
        r"ENV A=\$X",
        r'ENV A="\${X}"',
        "ENV A=$",
        "ENV PATH=/x:$PATH",
        "ENV A=1 PATH=/x:${PATH}",
        "ENV X=1\nENV A=$X",
        "ARG X\nENV A=$X",
        "ARG X=1 Y=$X",
        "RUN echo $X",
        "CMD echo $X",
        'ENTRYPOINT ["sh", "-c", "$X"]',
        "HEALTHCHECK CMD $X",
        'SHELL ["$X"]',
        "ENV X=1\nONBUILD WORKDIR $X",
        "ONBUILD ARG X\nONBUILD WORKDIR $X",
        "COPY --from=$X a b",
        "MAINTAINER $X",
        "ARG TARGETARCH\nENV A=$TARGETARCH",
        "ENV A=${B:-$C} B=${C:-${B:-x}}",
    ],
)
def test_set_optional_and_foreign_variables_are_silent(line: str, found: Found) -> None:
    assert found(dockerfile("FROM debian:13", *line.split("\n")), rule) == []


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("USER $X", "$X"),
        ("ONBUILD WORKDIR $X", "$X"),
        ("WORKDIR /a/${X}/b", "${X}"),
        ("EXPOSE 80 $X", "$X"),
        ('VOLUME ["/a", "/b/$X"]', "$X"),
        ("STOPSIGNAL ${X}", "${X}"),
        ("LABEL a=1 b='$X'\"$X\"", "$X"),
        ("COPY --chown=$X:1 a b", "$X"),
        ("ADD a$X b", "$X"),
        ("ARG A=$X", "$X"),
        ("ENV A ${X%y}", "${X%y}"),
        ('ENV A="b \\\n  $X"', "$X"),
    ],
)
def test_the_use_itself_is_marked(line: str, place: str, found: Found) -> None:
    files = dockerfile("FROM debian:13", *line.split("\n"))
    assert found(files, rule) == [("info", place)]
    files = dockerfile("FROM scratch", *line.split("\n"))
    assert found(files, rule) == [("warning", place)]


def test_each_variable_is_one_finding_with_the_other_uses_beside_it(judge: Judge) -> None:
    files = dockerfile("FROM scratch", "ENV A=$X", "ENV B=$X$Y", "ENV X=1", "ENV C=$X")
    first, second = judge(files, [rule])
    assert (first.span.text, second.span.text) == ("$X", "$Y")
    assert len(first.finding.because) == 2


@pytest.mark.parametrize("stage", ["FROM debian:13", "FROM scratch"])
def test_an_arg_before_from_is_not_seen_by_a_stage(stage: str, judge: Judge) -> None:
    files = dockerfile("ARG V=1", "FROM a:$V AS one", "ARG V", "FROM b", stage, "USER $V")
    [one] = judge(files, [rule])
    assert "`ARG V` before FROM does not reach" in one.finding.message
    assert one.finding.fix is not None
    fixed = apply_edits(one.span.source, one.finding.fix.edits)
    assert fixed.endswith(f"{stage}\nARG V\nUSER $V\n")
    assert judge({"Dockerfile": fixed}, [rule]) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_declaration_is_written_in_the_style_of_the_file(newline: str, judge: Judge) -> None:
    text = "arg V=1\n  from a as \\\n    one\nuser $V"
    [one] = judge({"Dockerfile": text.replace("\n", newline)}, [rule])
    assert one.finding.fix is not None
    wanted = "arg V=1\n  from a as \\\n    one\n  arg V\nuser $V"
    fixed = apply_edits(one.span.source, one.finding.fix.edits)
    assert fixed == wanted.replace("\n", newline)


def test_an_argument_that_a_service_passes_has_to_be_declared(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {web: {build: {context: ., args: {V: 1}}}}",
        **dockerfile("FROM debian:13", "LABEL v=$V"),
    }
    [one] = judge(files, [rule])
    assert "`V` is passed to the build" in one.finding.message
    files |= dockerfile("FROM debian:13", "ARG V", "LABEL v=$V")
    assert judge(files, [rule]) == []


def test_an_argument_that_reads_itself_is_of_no_other_stage(judge: Judge) -> None:
    [one] = judge(dockerfile("FROM a", "ARG FLAGS=$FLAGS"), [rule])
    assert one.severity.word == "info"
    assert one.finding.message == (
        "nothing here sets `FLAGS`: it is empty unless the base image sets it"
    )


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("FROM a", "ENV X=1 Y=$X"), "does not have the value of this ENV yet"),
        (("FROM a", "ENV Y=$X X=1"), "does not have the value of this ENV yet"),
        (("FROM a", "ARG Y=$X X=1"), "does not have the value of this ARG yet"),
        (("FROM a", "ENV Y=$X", "ARG X=1"), "only further down"),
        (("FROM a", "ENV Y=$X", "ENV X=1"), "only further down"),
        (("FROM a", "ENV X=$X", "ARG X=1"), "only further down"),
        (("FROM a AS b", "ARG X=1", "FROM c", "ENV Y=$X"), "ends with that stage"),
        (("FROM a", "USER $TARGETARCH"), "only where a stage declares it"),
        (("FROM a", "ENV USER_ID=1", "USER $USERID"), "did you mean `USER_ID`?"),
        (("FROM a AS b", "ARG PORT=1", "FROM b", "EXPOSE $PROT"), "did you mean `PORT`?"),
        (("FROM a", 'LABEL price="$5"'), r"a literal `$` is `\$`"),
        (("# escape=`", "FROM a", "LABEL price=$5"), "a literal `$` is ``$`"),
        (("FROM scratch", "LABEL a=$HOME"), "starts without variables"),
        (("ARG A=$B", "ARG B=1", "FROM a"), "no ARG above sets `B`"),
    ],
)
def test_a_certain_mistake_is_a_warning(lines: tuple[str, ...], says: str, judge: Judge) -> None:
    [one] = judge(dockerfile(*lines), [rule])
    assert one.severity.word == "warning"
    assert says in one.finding.message


@pytest.mark.parametrize(
    "lines",
    [
        ("FROM debian:13", "WORKDIR $HOME"),
        ("FROM debian:13", "ENV X=$X:/a", "ENV X=$X:/b"),
        ("FROM $BASE", "ENV A=$JAVA_HOME"),
        ("FROM debian:13", "ENV APP_NAME=1", "ENV A=$APP_HOME"),
        ("FROM debian:13", "ENV PORT1=1", "EXPOSE $PORT2"),
        ("FROM node:22", "ENV A=$NODE_OPTIONS"),
    ],
)
def test_a_variable_that_the_base_image_may_set_is_an_info(
    lines: tuple[str, ...], found: Found
) -> None:
    [(grade, _)] = found(dockerfile(*lines), rule)
    assert grade == "info"


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("golang:1.25", "GOPATH"),
        ("docker.io/library/rust", "CARGO_HOME"),
        ("tomcat:11-jdk21", "JAVA_HOME"),
        ("tomcat", "CATALINA_HOME"),
        ("registry.example/base/openjdk-17", "JAVA_HOME"),
        ("python:3", "PYTHON_VERSION"),
        ("bitnami/node:22", "NODE_VERSION"),
        ("nvidia/cuda:13.0", "LD_LIBRARY_PATH"),
        ("solr:9", "SOLR_HOME"),
    ],
)
def test_variables_of_well_known_images_are_silent(image: str, name: str, found: Found) -> None:
    lines = (f"FROM {image} AS base", "FROM base", f"ENV A=${name}/x")
    assert found(dockerfile(*lines), rule) == []
    # An ARG of that name before FROM often picks the tag, and the image has it too.
    assert found(dockerfile(f"ARG {name}=1", *lines), rule) == []
    assert found(dockerfile("FROM debian:13", f"ENV A=${name}/x"), rule) != []


def test_a_stage_has_the_arguments_of_the_one_it_is_based_on(found: Found) -> None:
    lines = ("ARG V=1", "FROM a AS one", "ARG V", "ARG W=2", "FROM one", "USER $V:$W")
    assert found(dockerfile(*lines), rule) == []


def message(judge: Judge, *lines: str) -> str:
    [one] = judge(dockerfile(*lines), [rule])
    return one.finding.message


def test_home_is_known_to_containers_but_not_to_builds(judge: Judge) -> None:
    assert "once a container runs" in message(judge, "FROM a", "ENV A=$HOME/x")


def test_a_heredoc_file_reads_variables_in_any_quotes(judge: Judge) -> None:
    body = ("a '$x' \"${y}\" it's", "\\$z ${w:-1} $V \\\\$v", "$x", "E")
    files = dockerfile("ARG V=1", "FROM a", "COPY <<E <<'Q' /x/", *body, "$q", "Q")
    first, shared = judge(files, [rule])
    assert [first.span.text, shared.span.text] == ["$x", "$V"]
    assert "begin the heredoc with `<<'E'` to keep it" in first.finding.message
    places = [one.span.text for one in first.finding.because]
    assert places == ["${y}", "$v", "$x"]


def test_a_script_in_the_dockerfile_is_the_shells(found: Found) -> None:
    assert found(dockerfile("FROM a", "RUN <<E", "echo $x", "E"), rule) == []


def test_a_template_may_set_what_it_does_not_show(found: Found) -> None:
    files = dockerfile("ARG X=1", "FROM a", "{{ args }}", "ENV A=$X")
    assert found(files, rule) == []


@pytest.mark.exhaustive
def test_hostile_files_cost_no_more_than_long_ones() -> None:
    names = [f"{'A' * 28}{n:04d}" for n in range(4_000)]
    texts = [
        "FROM a\n" + "".join(f"ENV X{name}=${name}\n" for name in names),
        "FROM a\n" + "ENV A=" + "$B" * 20_000,
        "FROM a AS s0\n" + "".join(f"FROM s{n} AS s{n + 1}\n" for n in range(2_000)),
    ]
    for text in texts:
        build = Build(read(Source("Dockerfile", text)))
        with within(2):
            list(rule.check(build))


@pytest.mark.parametrize(
    ("line", "is_of_itself"),
    [("ENV A=1 B=$A", True), ("ENV A=1 B=$AC", False), ("COPY $A /a", False)],
)
def test_dl3044_means_a_variable_of_the_same_env(
    judge: Judge, line: str, *, is_of_itself: bool
) -> None:
    [one] = judge(dockerfile("FROM debian:13", line), [rule])
    assert ("DL3044" in (one.finding.known_as or ())) is is_of_itself
    assert "buildkit:UndefinedVar" in (one.finding.known_as or ())
