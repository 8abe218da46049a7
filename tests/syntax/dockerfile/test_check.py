"""What BuildKit refuses is a problem at its place; verified with BuildKit 0.32.

The place is between « and »; an empty one stands where something is missing.
"""

from __future__ import annotations

import pytest

from tightship.syntax.dockerfile.read import MAX_PROBLEMS, read
from tightship.text import Source

REFUSED = [
    ("unknown-instruction", "FROM a\n«FRO» b"),
    ("unknown-instruction", "FROM a\n«RUN\xa0x»"),
    ("unknown-instruction", "FROM a\n«RUN\\\nx» y"),
    ("unknown-instruction", "FROM a\nONBUILD «FOO» b"),
    ("onbuild", "FROM a\nONBUILD «ONBUILD» RUN b"),
    ("onbuild", "FROM a\nONBUILD «from» b"),
    ("onbuild", "FROM a\nONBUILD «MAINTAINER» b"),
    ("arguments", "FROM a\n«ONBUILD»"),
    ("arguments", "FROM a\nONBUILD COPY «a»"),
    ("flag", "FROM a\nONBUILD RUN «--x» b"),
    ("flag", "FROM a\nONBUILD «--x» RUN b"),
    ("arguments", "«FROM»"),
    ("arguments", "FROM a «b»"),
    ("arguments", "FROM a «as»"),
    ("arguments", "FROM a AS b «c»"),
    ("stage", "FROM a AS «1b»"),
    ("stage", "FROM a AS «b/c»"),
    ("stage", "«RUN» x\nFROM a"),
    ("stage", "ARG x\n«RUN» x\nRUN y\nFROM a"),
    ("stage", "«ARG» x"),
    ("stage", "«»# nothing"),
    ("stage", "«»"),
    ("flag", "FROM «--foo»=x a"),
    ("flag", "FROM «--Platform»=x a"),
    ("flag", "FROM a\nENV «--x»=1 a=b"),
    ("flag", "FROM a\nCOPY «--chown» a b c"),
    ("flag", "FROM a\nCOPY --chmod=«88» b c"),
    ("flag", "FROM a\nCOPY --chmod=«7780» b c"),
    ("flag", "FROM a\nADD --chmod=«17777» b c"),
    ("flag", "FROM a\nCOPY «--link=maybe» b c"),
    ("flag", "FROM a\nCOPY «--link=» b c"),
    ("flag", "FROM a\nCOPY --link «--link» b c"),
    ("flag", "FROM a\nADD --checksum=x «--checksum=y» b c"),
    ("flag", "FROM a\nRUN --network=«foo» x"),
    ("flag", "FROM a\nRUN --network=«$X» x"),
    ("flag", "FROM a\nRUN --network=«» x"),
    ("flag", "FROM a\nRUN --security=«foo» x"),
    ("flag", "FROM a\nRUN «--mount=» x"),
    ("flag", "FROM a\nRUN --mount=type=«foo»,target=/x y"),
    ("flag", "FROM a\nRUN --mount=«from=$X»,target=/a x"),
    ("flag", "FROM a\nRUN --mount=target=/a --mount='type=bind,«from=${X}»' x"),
    ("flag", "FROM a\nRUN --mount=«x» y"),
    ("flag", "FROM a\nRUN --mount=type=cache,«target» y"),
    ("flag", "FROM a\nRUN --mount=type=cache,«taget»=/x y"),
    ("flag", "FROM a\nRUN --mount=type=cache,target=/x,sharing=«exclusive» y"),
    ("flag", "FROM a\nRUN --mount=target=/x,«sharing=locked» y"),
    ("flag", "FROM a\nRUN --mount=target=/x,«uid=1» y"),
    ("flag", "FROM a\nRUN --mount=type=cache,target=/x,uid=«app» y"),
    ("flag", "FROM a\nRUN --mount=type=cache,target=/x,mode=«08» y"),
    ("flag", "FROM a\nRUN --mount=type=cache,target=/x,ro=«yes» y"),
    ("flag", "FROM a\nRUN --mount=target=/x,«required» y"),
    ("flag", "FROM a\nRUN --mount=«size=1m»,type=tmpfs,target=/x y"),
    ("flag", "FROM a\nRUN «--mount=type=secret» y"),
    ("flag", "FROM a\nRUN --mount=type=secret,id=a,«source=b» y"),
    ("flag", "FROM a\nRUN --mount=type=secret,id=a,«from=b» y"),
    ("flag", "FROM a\nRUN --mount=type=ssh,«source=b» y"),
    ("arguments", "FROM a\nCOPY a «https://example.com/b» /c"),
    ("flag", "FROM a\nHEALTHCHECK --interval=«1» CMD a"),
    ("flag", "FROM a\nHEALTHCHECK --interval=«$X» CMD a"),
    ("flag", "FROM a\nHEALTHCHECK --timeout=«1us» CMD a"),
    ("flag", "FROM a\nHEALTHCHECK --start-period=«-1s» CMD a"),
    ("flag", "FROM a\nHEALTHCHECK --retries=«-1» CMD a"),
    ("flag", "FROM a\nHEALTHCHECK --retries=«x» CMD a"),
    ("flag", "FROM a\nHEALTHCHECK --retries=«2147483648» CMD a"),
    ("flag", "FROM a\nHEALTHCHECK «--foo»=1 CMD a"),
    ("arguments", "FROM a\n«HEALTHCHECK»"),
    ("arguments", "FROM a\nHEALTHCHECK «foo» bar"),
    ("arguments", "FROM a\nHEALTHCHECK NONE «x y»"),
    ("arguments", "FROM a\nHEALTHCHECK «CMD»"),
    ("arguments", "FROM a\nHEALTHCHECK «CMD» []"),
    ("arguments", "FROM a\nCOPY «a»"),
    ("arguments", "FROM a\n«ADD»"),
    ("arguments", 'FROM a\nCOPY [«"a"»]'),
    ("heredoc", "FROM a\nCOPY <<A «<<B»\nA\nB\n"),
    ("heredoc", "FROM a\nRUN «<<EOF»\nx\n"),
    ("arguments", "FROM a\nENV «a»"),
    ("arguments", "FROM a\nENV a=b «c» d=e"),
    ("arguments", "FROM a\nENV «=x»"),
    ("arguments", "FROM a\n«ENV»"),
    ("arguments", "FROM a\nLABEL a=b «=c»"),
    ("arguments", "FROM a\nARG a «=x»"),
    ("arguments", "FROM a\n«USER»"),
    ("arguments", "FROM a\n«WORKDIR»"),
    ("arguments", "FROM a\n«STOPSIGNAL»"),
    ("arguments", "FROM a\n«MAINTAINER»"),
    ("arguments", "FROM a\n«EXPOSE»"),
    ("arguments", "FROM a\n«VOLUME»"),
    ("arguments", "FROM a\n«VOLUME» []"),
    ("arguments", 'FROM a\nVOLUME ["/x", «""»]'),
    ("arguments", "FROM a\n«SHELL» []"),
    ("json", "FROM a\nSHELL «/bin/sh -c»"),
    ("json", 'FROM a\nSHELL «["/bin/sh"] -c»'),
    ("json", 'FROM a\nCMD «["x", 1]»'),
    ("directive", "# escape=«x»\nFROM a"),
    ("directive", "# syntax=a\n«# syntax=b»\nFROM a"),
    ("directive", "# check=a\n«#CHECK=b»\nFROM a"),
    ("continuation", "FROM a\n«\\»\n"),
    ("template", "«{{» if x }}\nFROM a\n{{ end }}"),
    ("template", "FROM a:«{{» tag }}\n{% raw %}"),
    ("template", "FROM a\n{# x\n# y #}\nFROM a:«{{»tag}}".replace("{#", "RUN #")),
    ("template", "FROM a\n«{%» if x %}\nRUN\xa0x\n{% endif %}"),
    ("template", "«<%» if x %>\nFROM a"),
    ("template", "FROM «@DISTRO@»:@VERSION@\nRUN make"),
]


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_rejected_syntax_is_a_problem_at_its_place(kind: str, text: str) -> None:
    start, end = text.index("«"), text.index("»") - 1
    file = read(Source("Dockerfile", text.replace("«", "").replace("»", "")))
    [problem] = file.problems
    assert (problem.kind, problem.refused) == (kind, True)
    assert (problem.span.start, problem.span.end) == (start, end), problem.span


READ_OTHERWISE = [
    ("flag", "FROM a\nCOPY «-chmod=755» b c"),
    ("flag", "FROM a\nADD «-checksum=x» b c"),
    ("json", "FROM a\nCMD «['a', 'b']»"),
    ("json", 'FROM a\nENTRYPOINT «["a" "b"]»'),
    ("json", 'FROM a\nCMD «["a"] b»'),
    ("json", 'FROM a\nRUN «[ "a", "b", ]»'),
    ("json", "FROM a\nONBUILD CMD «['a']»"),
    ("continuation", "FROM a\nRUN x \\\n«»\n y"),
    ("continuation", "FROM a\nRUN x \\\n«  »\n\n y"),
    ("continuation", "FROM a\nRUN x«» \\\n"),
    ("continuation", "FROM a\nRUN x \\\n«»\n"),
    ("directive", " «# syntax=x»\nFROM a"),
]


@pytest.mark.parametrize(("kind", "text"), READ_OTHERWISE)
def test_misleading_syntax_is_a_problem(kind: str, text: str) -> None:
    start, end = text.index("«"), text.index("»") - 1
    file = read(Source("Dockerfile", text.replace("«", "").replace("»", "")))
    [problem] = file.problems
    assert (problem.kind, problem.refused) == (kind, False)
    assert (problem.span.start, problem.span.end) == (start, end), problem.span


ACCEPTED = [
    "FROM a\nCOPY --chmod=0 b c",
    "FROM a\nCOPY --chmod=007777 b c",
    "FROM a\nCOPY --chmod=u+x b c",
    "FROM a\nCOPY --chmod=$MODE b c",
    "FROM a\nCOPY -b -c=d e f",
    "FROM --platform=$BUILDPLATFORM a AS B.c-d_1\n",
    "ARG x=1\nARG y\nFROM a\nARG x\n",
    "FROM a\nRUN\nCMD\nENTRYPOINT\nCMD []",
    "FROM a\nRUN [ -f x ] && y\nRUN [ \"$x\" = y ] || z\nRUN [[ 'a' < b ]]",
    "FROM a\nCOPY --parents --link=FALSE --chown= --exclude=a --exclude=b x y",
    "FROM a\nADD --unpack=true --keep-git-dir --checksum=sha256:x --chmod=1 a b",
    "FROM a\nRUN --mount=type=CACHE,target=/x,ro --mount=type=$T --mount=type=ssh x",
    "FROM a\nRUN --mount=target=/x,rw=0 --mount=type=$T,uid=1 y",
    "FROM a\nRUN --mount=type=tmpfs,size=1m,target=/x --mount=type=ssh,required y",
    "FROM a\nRUN --mount=type=cache,target=/x,uid=$U,gid=0,mode=0755,Sharing=LOCKED y",
    "FROM a\nRUN --mount=type=secret,id=x,env=Y,required=T,mode='0400' y",
    'FROM a\nONBUILD CMD ["a"]\nONBUILD RUN []',
    "FROM a\nADD https://example.com/b /c\nCOPY /a https://example.com/",
    "FROM a\nRUN --network=none --security=insecure --device=vendor/x y",
    "FROM a\nHEALTHCHECK --interval=1h2m3.5s --timeout=0 --retries=+3 CMD a",
    "FROM a\nHEALTHCHECK --start-interval=1ms --start-period=.5s cmd a",
    "FROM a\nHEALTHCHECK --timeout= --retries= CMD a",
    "FROM a\nHEALTHCHECK --foo=1 none",
    "FROM a\nRUN docker inspect -f '{{.State}}'\nONBUILD RUN echo {{x}}",
    "FROM a\nRUN <<EOF\n{{ x }}\nFOO\nEOF\n",
    "#!/bin/x\n# syntax=a\n# escape=x\nFROM a",
    "FROM a\nCOPY [a-z]* /x\nVOLUME /[x]",
    "FROM a\nENV a b\nLABEL '=b\nUSER a b\nWORKDIR /a b",
    "from a as b\nrun c\n",
    "FROM a\r\nRUN x \\\r\n  y\r\n",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_accepted_syntax_is_no_problem(text: str) -> None:
    problems = read(Source("Dockerfile", text)).problems
    assert not problems, problems[0].message


def test_the_similar_word_is_suggested() -> None:
    text = "FROM a\nFRMO b\nCOPY --form=x a b\nRUN --mount=type=bnd x\nONBUILD CPY a b"
    word, flag, kind, trigger = read(Source("Dockerfile", text)).problems
    assert "FROM" in word.choices
    assert "--from" in flag.choices
    assert "bind" in kind.choices
    assert "COPY" in trigger.choices
    assert "FROM" not in trigger.choices


def test_a_misspelt_from_does_not_make_all_below_it_wrong() -> None:
    problems = read(Source("Dockerfile", "FORM a\nRUN b\nUSER c\n")).problems
    assert [problem.span.text for problem in problems] == ["FORM"]


def test_a_file_of_lone_carriage_returns_is_one_line_for_docker() -> None:
    problems = read(Source("Dockerfile", "FROM a\rRUN b\rRUN c\r")).problems
    assert [(p.kind, p.span.start) for p in problems] == [("line", 6), ("arguments", 7)]


def test_an_overlong_line_is_reported_and_reading_continues() -> None:
    text = "FROM a\n# " + "é" * 32_800 + "\nRUN b\n"
    file = read(Source("Dockerfile", text))
    assert [(p.kind, p.span.start) for p in file.problems] == [("line", 7)]
    assert file.instructions[-1].name == "RUN"


def test_the_number_of_problems_is_limited() -> None:
    file = read(Source("Dockerfile", "x\n" * 10_000))
    assert len(file.problems) == MAX_PROBLEMS


def test_problems_come_in_the_order_of_the_text() -> None:
    text = "FROM a b c d\n\nRUN <<E\nUSER \nENV\nCOPY a\n"
    starts = [p.span.start for p in read(Source("Dockerfile", text)).problems]
    assert starts == sorted(starts)
    assert len(starts) == 5
