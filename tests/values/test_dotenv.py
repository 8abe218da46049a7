from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, strategies as st

from tightship.values.dotenv import parse, withheld

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.values.conftest import Case, Compose


def test_a_file_is_read_as_by_compose(oracle: Callable[[str], Case]) -> None:
    case = oracle("82-dotenv")
    read = parse(case.files[".env"])
    printed = case.service()["environment"]
    assert not read.problems
    assert {key: read.values()[key] for key in printed} == printed


@pytest.mark.parametrize("name", ["82b-dotenv-bad", "82c-dotenv-bad2"])
def test_texts_that_compose_rejects_are_a_problem(oracle: Callable[[str], Case], name: str) -> None:
    case = oracle(name)
    assert case.refused
    assert len(parse(case.files[".env"]).problems) == 1


def test_windows_line_ends_and_byte_order_marks_do_not_matter(
    oracle: Callable[[str], Case],
) -> None:
    text = oracle("83-crlf").files[".env"]
    assert "\r\n" in text
    assert parse("\ufeff" + text).values() == {"A": "1", "B": "2"}


# Files that set only what is here, as docker-compose 2.26.1 reads them.
READ = {
    "A=": {"A": ""},
    "1D=x\n": {"1D": "x"},
    'A="x" B=y\n': {"A": "x", "B": "y"},
    'A="q" junk\n': {"A": "q"},
    "A\tB=1\n": {"A\tB": "1"},
    "A =1\n": {"A": "1"},
    "A='x\r\ny'\r\n": {"A": "x\r\ny"},
    'A="\\x41 \\0101 \\011 \\0 \\08 \\c \\z"\n': {"A": "\\x41 A \\11 \\ \\8 \\c \\z"},
    "A='a\\nb\\'c\\\\d'\n": {"A": "a\\nb'c\\\\d"},
    'A="a\\\\nb"\n': {"A": "a\\nb"},
    "A=x # c\nB=y #c\nC=#c\nD= #c\nE=x\t#c\n": {
        "A": "x",
        "B": "y",
        "C": "#c",
        "D": "#c",
        "E": "x\t#c",
    },
    "A=a:b\n": {"A": "a:b"},
    "A:b=c\n": {"A": "b=c"},
    "é=1\n": {"é": "1"},
    "export\nB=1\n": {"B": "1"},
    "export=1\n": {"export": "1"},
    "exportA=1\nexport  B=2\n": {"exportA": "1", "B": "2"},
    "A[0]=1\nA.b-c=2\n": {"A[0]": "1", "A.b-c": "2"},
    "  A=1\n\n#x\n  #y=1\nB=2": {"A": "1", "B": "2"},
    "A = = b\n": {"A": "= b"},
    "A=\n\nB=1\n": {"A": "", "B": "1"},
    "A=x'y'z\n": {"A": "x'y'z"},
    'A="$$B\\$C $"\nB=$$$$C\n': {"A": "$B$C $", "B": "$$C"},
    'A="a\\\nb"\n': {"A": "a\\\nb"},
    "A=x\u2028y\x0cB=2\n": {"A": "x\u2028y\x0cB=2"},
}
REFUSED = [
    "A!=1\n",
    "A='un\nB=2\n",
    "A=${B\n",
    "B=1\nA='$B'${B}\n",
    "A\u2028=1\n",
    'A="${X:-a\nb}"\n',
    "A B\n",
    "A B=1\n",
]


@pytest.mark.parametrize("text", READ)
def test_a_file_is_read_with_its_quirks(text: str) -> None:
    read = parse(text)
    assert not read.problems
    assert read.values() == READ[text]


@pytest.mark.parametrize("text", READ)
def test_the_record_of_values_still_holds(compose: Compose, text: str) -> None:
    assert compose({"env_file": ["e"]}, {"e": text})["environment"] == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_a_bad_file_has_a_problem(text: str) -> None:
    assert parse(text).problems


@pytest.mark.parametrize("text", REFUSED)
def test_compose_still_rejects_a_bad_file(compose: Compose, text: str) -> None:
    assert compose({"env_file": ["e"]}, {"e": text}) is None


def test_reading_continues_after_a_problem() -> None:
    read = parse("A!=1\nB=2\nC='x\nD=4\n")
    assert [problem.offset for problem in read.problems] == [1, 11]
    assert read.values() == {"B": "2", "D": "4"}


def test_the_problems_of_a_binary_file_are_limited() -> None:
    assert len(parse("A B=1\n" * 5_000).problems) == 100


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("A B=one two", "one two"),
        ("A B: one", " one"),
        ("A='one", "'one"),
        ("abc+def==", "abc+def=="),
        ("{one}", "{one}"),
        ("A B=", "A B="),
    ],
)
def test_a_line_with_a_problem_has_no_value(line: str, hidden: str) -> None:
    text = f"X=1\n{line}\nY=2"
    [problem] = parse(text).problems
    start, end = withheld(text, problem.offset)
    assert text[start:end] == hidden


def test_a_bare_name_takes_its_value_from_outside() -> None:
    [entry] = parse("HOME\n", {"HOME": "/root"}.get).entries
    assert (entry.key, entry.value) == ("HOME", None)


def test_the_environment_beats_the_file(oracle: Callable[[str], Case]) -> None:
    case = oracle("62-env-file-dotenv-order")
    first = parse(case.files[".env"]).values()
    second = parse(case.files["two.env"], first.get).values()
    values = {**first, **second}
    image = yaml.safe_load(case.files["compose.yaml"])["services"]["s"]["image"]
    for name in "ABC":
        image = image.replace(f"${name}", values[name])
    assert image == case.service()["image"]
    assert parse("A=file\nB=$A\n", {"A": "outside"}.get).values()["B"] == "outside"


def test_an_unknown_variable_stays_a_hole() -> None:
    read = parse("A=${HOST}/x\nB=${HOST:-h}/x\nC='${HOST}'\n")
    assert read.values() == {"A": "${HOST}/x", "B": "h/x", "C": "${HOST}"}


def test_an_entry_has_the_place_of_its_value() -> None:
    text = "export A = x y # c\nB: \"q\\n\"\nC=\nD\nE='a\nb'"
    entries = parse(text).entries
    assert [text[e.start : e.end] for e in entries] == ["x y", "q\\n", "", "", "a\nb"]


def test_values_that_refer_to_each_other_stay_bounded() -> None:
    doubling = "A0=xxxxxxxxxx\n" + "".join(f"A{i}=$A{i - 1}$A{i - 1}\n" for i in range(1, 60))
    values = parse(doubling).values()
    assert sum(map(len, values.values())) < 3_000_000
    assert values["A3"] == "x" * 80
    assert "${A" in values["A59"]


def test_hostile_files_cost_little() -> None:
    for text in (
        'A="' + "\\" * 200_001,
        "A='" * 70_000,
        "#" * 100_000 + "\n" * 100_000,
        "A" * 200_000,
        "A \t" * 70_000 + "=",
        "A=$\n" * 50_000,
        "!\n" * 50_000,
        "export " * 30_000,
    ):
        parse(text)


@given(st.text(alphabet="AB=:'\"\\$#{} \n\r\texport01é", max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    for entry in parse(text).entries:
        assert 0 < entry.start <= entry.end
        assert entry.end <= len(text)
        assert entry.key in text
