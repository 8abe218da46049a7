"""The rule `invalid-dockerfile`, beyond its examples, as seen with BuildKit 0.13.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, places

from tightship.rules.dockerfile.correctness.invalid_dockerfile import invalid_dockerfile

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

# -- images


@pytest.mark.parametrize(
    "image",
    [
        "Ubuntu:latest",
        "Scratch",
        "Foo/Bar",
        "foo/Bar",
        "localhost/A",
        "a:b:c",
        "a:",
        ":a",
        "a//b",
        "a/",
        "-a",
        "_a/b",
        "a___b",
        "a.-b",
        "a:-x",
        "a:b$",
        "a:" + "b" * 129,
        "a/" * 128 + "a",
        "a" * 64,
        "a@sha256:xx",
        "a@sha1:" + "a" * 40,
        "a@sha256:" + "A" * 64,
        "a@sha256:" + "a" * 63,
        "https://example.com/x",
        "docker.io/",
        "naïve",
    ],
)
def test_an_image_with_an_invalid_name_is_an_error(found: Found, image: str) -> None:
    text = f"FROM {image}\n"
    assert places(found, text, invalid_dockerfile) == [("error", image)]


@pytest.mark.parametrize(
    "image",
    [
        "Reg/ubuntu:latest",
        "[::1]:5000/a",
        "a__b/c---d",
        "a_b.c/d",
        "localhost:5000",
        "docker.io",
        "a:b@sha256:" + "a" * 64,
        "a@sha512:" + "a" * 128,
        "a:" + "B" * 128,
        "EXAMPLE.com:5000/a/b.c:1_0-x",
        '"ubuntu:24.04"',
    ],
)
def test_an_image_with_a_valid_name_is_silent(found: Found, image: str) -> None:
    text = f"FROM {image}\nCOPY --from={image.strip(chr(34))} a b\n"
    assert places(found, text, invalid_dockerfile) == []


def test_from_finds_a_stage_in_lower_case_only(found: Found, judge: Judge) -> None:
    text = "FROM scratch AS {}\nFROM {}\n"
    assert places(found, text.format("BASE", "base"), invalid_dockerfile) == []
    refused = text.format("BASE", "BASE")
    assert places(found, refused, invalid_dockerfile) == [("error", "BASE")]
    fixed = after_fixes(judge, refused, invalid_dockerfile)
    assert fixed == text.format("BASE", "base")


def test_only_the_name_of_an_image_is_written_in_lower_case(judge: Judge) -> None:
    text = "FROM Example.com/Team/Web:V1\n"
    fixed = after_fixes(judge, text, invalid_dockerfile)
    assert fixed == "FROM Example.com/team/web:V1\n"


def test_copy_and_mounts_expand_no_variables(found: Found) -> None:
    text = "ARG A=a\nFROM scratch\nCOPY --from=$A a b\nRUN --mount=from=$A,target=/x y\n"
    marks = [mark for _, mark in places(found, text, invalid_dockerfile)]
    assert marks == ["$A", "from=$A"]


# -- ports, signals, volumes


@pytest.mark.parametrize(
    "port",
    [
        "65536",
        "99999",
        "80/foo",
        "abc",
        "90-80",
        "80-99999",
        "-1",
        "/tcp",
        "80,443",
        "80;",
        "1.5",
        "80//a",
        "80/tcp/udp",
        "80/udp/",
        "80-",
        "1-2-3",
        "0x50",
        "x:80",
        "80:",
    ],
)
def test_an_invalid_port_is_an_error(found: Found, port: str) -> None:
    text = f"FROM scratch\nEXPOSE 80 {port}\n"
    assert places(found, text, invalid_dockerfile) == [("error", port)]


@pytest.mark.parametrize(
    "port",
    [
        "0",
        "65535",
        "80/TCP",
        "80/sctp",
        "8080:80",
        "127.0.0.1:8080:80",
        "80-90",
        "80/",
        "+80",
        "008",
        "8000-8001:80",
        "${X}",
        "$OPEN",
    ],
)
def test_a_valid_port_is_silent(found: Found, port: str) -> None:
    text = f"FROM scratch\nARG OPEN\nEXPOSE {port}\n"
    assert places(found, text, invalid_dockerfile) == []


def test_a_variable_may_hold_several_ports(found: Found, judge: Judge) -> None:
    text = 'FROM scratch\nARG P="80 70000"\nEXPOSE $P\n'
    assert places(found, text, invalid_dockerfile) == [("error", "$P")]
    [one] = judge({"Dockerfile": text}, [invalid_dockerfile])
    assert "`70000`" in one.finding.message
    assert one.finding.message.endswith("(default of `ARG P`)")


@pytest.mark.parametrize(
    "signal",
    [
        "SIGTERM",
        "sigterm",
        "TERM",
        "15",
        "99",
        "-1",
        "+15",
        "009",
        "SIGCLD",
        "RTMIN+15",
        "SIGRTMAX-14",
        "$OPEN",
    ],
)
def test_a_signal_is_named_with_and_without_sig_or_by_number(found: Found, signal: str) -> None:
    text = f"FROM scratch\nARG OPEN\nSTOPSIGNAL {signal}\n"
    assert places(found, text, invalid_dockerfile) == []


@pytest.mark.parametrize(
    "signal",
    [
        "0",
        "SIGFOO",
        "EMT",
        "RTMIN+16",
        "RTMAX-15",
        "RTMIN+03",
        "0x9",
        "1_0",
        "SIGSIGTERM",
        '""',
        "$X",
        "SIGINT SIGTERM",
        "9" * 20,
    ],
)
def test_an_invalid_signal_is_an_error(found: Found, signal: str) -> None:
    text = f"FROM scratch\nSTOPSIGNAL {signal}\n"
    assert places(found, text, invalid_dockerfile) == [("error", signal)]


def test_a_volume_needs_a_path(found: Found) -> None:
    text = 'FROM scratch\nARG OPEN\nVOLUME $X /data "" $OPEN\n'
    marks = [mark for _, mark in places(found, text, invalid_dockerfile)]
    assert marks == ["$X", '""']


# -- words


@pytest.mark.parametrize("word", ["${X", '"x', "'x", "${}", "${X^}", "${X:foo}"])
@pytest.mark.parametrize(
    "line",
    [
        "ENV A={}",
        "LABEL a={}",
        "ARG A={}",
        "USER {}",
        "WORKDIR {}",
        "VOLUME {}",
        "EXPOSE {}",
        "STOPSIGNAL {}",
        "COPY f {}",
        "ADD {} /f",
        "ONBUILD USER {}",
    ],
)
def test_a_word_that_cannot_be_expanded_stops_the_build(found: Found, line: str, word: str) -> None:
    text = f"FROM scratch\n{line.format(word)}\n"
    assert [grade for grade, _ in places(found, text, invalid_dockerfile)] == ["error"]


@pytest.mark.parametrize(
    "line",
    [
        "CMD ${X",
        'ENTRYPOINT "x',
        "HEALTHCHECK CMD ${X",
        "MAINTAINER ${X",
        "RUN echo ${X",
        'SHELL ["${X"]',
        "ENV A=$",
        "ENV A=${B:?needed}",
        "ONBUILD USER ${B:?needed}",
        "COPY f $X",
    ],
)
def test_words_of_a_shell_and_build_arguments_are_silent(found: Found, line: str) -> None:
    # The image below may set B; what a trigger sees is for another build to say.
    text = f"FROM debian:13\n{line}\n"
    assert places(found, text, invalid_dockerfile) == []


def test_an_owner_is_expanded_too(found: Found) -> None:
    text = "FROM scratch\nCOPY --chown=${X f /g\n"
    assert places(found, text, invalid_dockerfile) == [("error", "${X")]


def test_a_required_and_surely_unset_variable_is_an_error(found: Found) -> None:
    text = "FROM scratch\nUSER ${X:?who}\n"
    assert places(found, text, invalid_dockerfile) == [("error", "${X:?who}")]


def test_a_default_above_from_that_cannot_be_read_is_a_warning(found: Found) -> None:
    text = "ARG A=${B\nFROM scratch\n"
    assert places(found, text, invalid_dockerfile) == [("warning", "${B")]


# -- the grammar


def test_a_typo_in_a_flag_is_corrected(judge: Judge) -> None:
    text = "FROM a:1\nCOPY --form=b x y\nRUN --network=nnoe true\nHEALTHCHECK CDM x\n"
    fixed = after_fixes(judge, text, invalid_dockerfile)
    assert fixed == ("FROM a:1\nCOPY --from=b x y\nRUN --network=none true\nHEALTHCHECK CMD x\n")


def test_ambiguous_flags_are_not_corrected(judge: Judge) -> None:
    text = "FROM a:1\nRUN --volume=/x true\nCOPY --link=ture a b\n"
    assert len(judge({"Dockerfile": text}, [invalid_dockerfile])) == 2
    assert after_fixes(judge, text, invalid_dockerfile) == text


def test_unreadable_words_with_one_reason_are_reported_once(found: Found) -> None:
    text = 'FROM scratch\nCOPY "a b" "/c d"\n'
    assert places(found, text, invalid_dockerfile) == [("error", '"a')]


@pytest.mark.parametrize(
    "source", ["git@example.com:a/b.git", "git://a/b", "ssh://a/b", "https://a/b.git", "$URL"]
)
def test_copy_fetches_nothing(found: Found, source: str) -> None:
    text = f"FROM scratch\nARG URL=http://a/b\nCOPY {source} /x\n"
    assert places(found, text, invalid_dockerfile) == [("error", source)]


@pytest.mark.parametrize("source", ["github.com/a/b", "a.git", "ftp://a/b", "$OPEN"])
def test_copy_accepts_paths_that_look_like_addresses(found: Found, source: str) -> None:
    text = f"FROM scratch\nARG OPEN\nCOPY {source} /x\n"
    assert places(found, text, invalid_dockerfile) == []


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ("${X", True),
        ("/a${", True),
        ("${X:?no}", False),
        ("/a$", False),
        ("'/a", False),
        ("'/a$X", False),
        ("/a${X}", False),
    ],
)
def test_variables_in_a_mount_have_to_end(found: Found, value: str, refused: bool) -> None:
    text = f"FROM scratch\nARG X=1\nRUN --mount=type=cache,target={value} true\n"
    marks = [mark for _, mark in places(found, text, invalid_dockerfile)]
    assert marks == ([value] if refused else [])


@pytest.mark.parametrize(
    "platform",
    [
        *("linux", "linux/amd64", "linux/arm64/v8", "amd64", "x86_64", "foo/amd64"),
        *("LINUX", "windows(10.0)/amd64", "linux(+x)/amd64", "i386", "macos", "$OPEN"),
    ],
)
def test_accepted_platforms(found: Found, platform: str) -> None:
    text = f"ARG OPEN\nFROM --platform={platform} scratch\n"
    assert places(found, text, invalid_dockerfile) == []


@pytest.mark.parametrize(
    "platform",
    [
        *("foo", "linux/", "/amd64", "linux/a/b/c", "a,b", "li*ux", "local", "all"),
        *("linux//v7", "linux/arm/"),
    ],
)
def test_rejected_platforms(found: Found, platform: str) -> None:
    text = f"FROM --platform={platform} scratch\n"
    assert places(found, text, invalid_dockerfile) == [("error", platform)]


@pytest.mark.parametrize(
    "step",
    [
        "RUN «[echo, hi]»",
        "CMD «[bash, -c, x]»",
        "CMD «[ bash, -c, x ]»",
        'ENTRYPOINT «[/app, "--port"]»',
        "ENTRYPOINT «[/app/run.sh]»",
        "CMD «[npm start]»",
        "VOLUME «[/data]»",
        "VOLUME «[ /data ]»",
        "COPY «[a, /b]»",
        "COPY «[“a”, “/b”]»",
        "HEALTHCHECK CMD «[curl, -f, http://localhost/]»",
        "HEALTHCHECK --interval=5s CMD «['a']»",
        'HEALTHCHECK CMD «["a", ]»',
        'ENTRYPOINT «["a", "b",]»',
        """ENTRYPOINT «[ "a", 'b' ]»""",
        "CMD «[“a”, “b”]»",
        "ONBUILD CMD «['a']»",
    ],
)
def test_brackets_without_quotes_are_not_an_array(found: Found, step: str) -> None:
    plain = step.replace("«", "").replace("»", "")
    marked = step[step.index("«") + 1 : step.index("»")]
    text = {"Dockerfile": f"FROM debian:13\n{plain}\n"}
    assert found(text, invalid_dockerfile) == [("warning", marked)]


@pytest.mark.parametrize(
    "step",
    [
        "RUN [ -f /x ]",
        "RUN [ -f /x ] && ls",
        "RUN [[ -f /x ]]",
        'RUN [ "$X" = a, ]',
        "RUN [ $X ]",
        "CMD [ $X ]",
        "HEALTHCHECK CMD [ -f /ready ]",
        "HEALTHCHECK CMD [[ -f /ready ]]",
        "COPY [ab] /x/",
        "COPY [a-c]* [d]",
        "VOLUME /data[1]",
    ],
)
def test_brackets_of_a_shell_or_a_pattern_are_silent(found: Found, step: str) -> None:
    text = {"Dockerfile": f"FROM debian:13\n{step}\n"}
    assert found(text, invalid_dockerfile) == []


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("mcr.microsoft.com/windows/nanoserver:ltsc2025", [("warning", "STOPSIGNAL")]),
        ("--platform=windows/amd64 example/app:1", [("warning", "STOPSIGNAL")]),
        ("example/app:1", []),
    ],
)
def test_windows_has_no_signals(found: Found, base: str, expected: list[tuple[str, str]]) -> None:
    text = {"Dockerfile": f"FROM {base}\nSTOPSIGNAL SIGTERM\n"}
    assert found(text, invalid_dockerfile) == expected
