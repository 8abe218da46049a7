from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.bounded import within

from tightship.frontends.dockerfile.argument import expand, expand_words
from tightship.frontends.dockerfile.variable import Variable
from tightship.values.hole import has_hole
from tightship.values.image import parse
from tightship.values.process import is_root

# A is set, E is empty, U is undecided, H is known but for a hole, O is but a hole, and
# nothing else is set.
VALUES: dict[str, str | None] = {
    "A": "a-b.c/d.e",
    "E": "",
    "S": " x y ",
    "T": "3.20",
    "U": None,
    "H": "v${X}",
    "O": "${X}",
    "STAR": "a*b\\c",
    "LINES": "ab\ncd",
    "SLASH": "/",
    "é1": "accent",
}


def lookup(name: str) -> Variable | None:
    if name not in VALUES:
        return None
    return Variable(name, VALUES[name], "argument")


PLAIN = {
    "": "",
    "alpine:3.20": "alpine:3.20",
    "$T": "3.20",
    "${T}": "3.20",
    "alpine:$T-x": "alpine:3.20-x",
    "alpine:${T}x": "alpine:3.20x",
    "$Tx": "",
    "${Tx}": "",
    "$T$T": "3.203.20",
    "$é1": "accent",
    "$E": "",
    "$N": "",
    # A dollar that nothing follows, or nothing that could be a name.
    "$": "$",
    "a$": "a$",
    "$.": "$.",
    "$(id)": "$(id)",
    "$/": "$/",
    "$ T": "$ T",
    # Names of one character, or of digits alone, that are never set.
    "$1x": "x",
    "$12x": "x",
    "$@x": "x",
    "$?x": "x",
    "$*x": "x",
    "$#x": "x",
    "$!x": "x",
    "$-x": "x",
    "$$T": "T",
    "${1}${@}${?}": "",
    "${+x}": "",
    "${%x}": "",
    # Quotes and escapes.
    r"\$T": "$T",
    r"\\$T": r"\3.20",
    r"\${T}": "${T}",
    r"a\b\ c": "ab c",
    "a\\": "a",
    "'$T'": "$T",
    r"'\$T'": r"\$T",
    "'a\"b'": 'a"b',
    '"$T"': "3.20",
    '"${T}x"': "3.20x",
    "\"'$T'\"": "'3.20'",
    r'"\$T"': "$T",
    r'"\"\\\a"': r'"\\a',
    r'"`"': "`",
    'a"b c"d': "ab cd",
    "a'b'\"c\"\\d": "abcd",
    "a''b\"\"": "ab",
    '"$"': "$",
    "$'T'": "$T",
    "é\u2028": "é\u2028",
}

OPERATORS = {
    "${A:-w}": VALUES["A"],
    "${A-w}": VALUES["A"],
    "${A:+w}": "w",
    "${A+w}": "w",
    "${A:?w}": VALUES["A"],
    "${A?w}": VALUES["A"],
    "${E:-w}": "w",
    "${E-w}": "",
    "${E:+w}": "",
    "${E+w}": "w",
    "${E?w}": "",
    "${N:-w}": "w",
    "${N-w}": "w",
    "${N:+w}": "",
    "${N+w}": "",
    "${U:-w}": "${U}",
    "${U-w}": "${U}",
    "${U:+w}": "${U}",
    "${U+w}": "${U}",
    "${U:?w}": "${U}",
    "${U?w}": "${U}",
    # Both ways lead to nothing.
    "${U:+}": "",
    "${U+$E$N}": "",
    "${U:-}": "${U}",
    "${H:-w}": "v${X}",
    "${H-w}": "v${X}",
    "${H:+w}": "w",
    "${H+w}": "w",
    "${H:?w}": "v${X}",
    # X may be empty.
    "${O:-w}": "${O}",
    "${O-w}": "${X}",
    "${O:+w}": "${O}",
    "${O+w}": "w",
    "${O:?w}": "${X}",
    # Operands.
    "${N:-}": "",
    "${N:-a b}": "a b",
    "${N:-'}'}": "}",
    '${N:-"}"}': "}",
    r"${N:-\}}": "}",
    "${N:-{}}": "{}",
    "${N:--}": "-",
    "${N-:w}": ":w",
    "${N:-$T}": "3.20",
    "${N:-${M:-${T}}}": "3.20",
    "${N:-${M:-'x y'}z}": "x yz",
    '"${N:-"a b"}"': "a b",
    "${N:-$U}": "${U}",
    "${A:+$H}": "v${X}",
    "a:${N:-9}": "a:9",
    "${A:-$U}": VALUES["A"],
    "${A:-${U}}": VALUES["A"],
}

PATTERNS = {
    "${A#a}": "-b.c/d.e",
    "${A#b}": "a-b.c/d.e",
    "${A#*.}": "c/d.e",
    "${A##*.}": "e",
    "${A#?}": "-b.c/d.e",
    "${A%e}": "a-b.c/d.",
    "${A%.*}": "a-b.c/d",
    "${A%%.*}": "a-b",
    "${A%%/*}": "a-b.c",
    "${A##*/}": "d.e",
    "${A%%*}": "",
    "${A%*}": "a-b.c/d.e",
    "${A##}": "a-b.c/d.e",
    "${A#}": "a-b.c/d.e",
    "${A#a*.*d}": ".e",
    "${A%.*/*}": "a-b",
    "${T%.*}": "3",
    "${T%.??}": "3",
    "${T#?.}": "20",
    "${T#[0-9]}": "3.20",
    "${T#3+}": "3.20",
    "${A#$E}": "a-b.c/d.e",
    "${A##*$SLASH}": "d.e",
    "${A/-/+}": "a+b.c/d.e",
    "${A/./_}": "a-b_c/d.e",
    "${A//./_}": "a-b_c/d_e",
    "${A//./}": "a-bc/de",
    "${A/b*d/x}": "a-x.e",
    "${A//?./x}": "a-xc/xe",
    r"${A/\//:}": "a-b.c:d.e",
    r"${A//\//:}": "a-b.c:d.e",
    "${A/x/y}": "a-b.c/d.e",
    "${A/*/x}": "x",
    "${A//*/x}": "x",
    "${T///-}": "-3-.-2-0-",
    "${N/x/y}": "",
    "${N/*/y}": "y",
    "${E#*}": "",
    r"${STAR#a\*}": "b\\c",
    r"${STAR%\\c}": "a*b",
    r"${STAR%\*b*}": "a",
    r"${STAR/\*/-}": "a-b\\c",
    # No wildcard takes a line end.
    "${LINES#*c}": "ab\ncd",
    "${LINES#*b}": "\ncd",
    "${LINES##*}": "\ncd",
    "${LINES//*/x}": "x\nx",
    "${LINES//??/x}": "x\nx",
    # Quotes do not make a wildcard literal.
    "${A##'*.'}": "e",
    '${A##"*."}': "e",
    # What only a run can tell.
    "${U#x}": "${U}",
    "${U%%*}": "${U}",
    "${U/a/b}": "${U}",
    "${H#v}": "${H}",
    "${A#$U}": "${A}",
    "${E#$U}": "",
    "${A/$U/b}": "${A}",
    "${A/b/$U}": "${A}",
    "${A/z/$U}": VALUES["A"],
    # Go would look into a replacement that it puts everywhere.
    "${A//b/'$1'}": "${A}",
    "${A/b/'$1'}": "a-$1.c/d.e",
    "${A//z/'$1'}": VALUES["A"],
}

EXPANDED = PLAIN | OPERATORS | PATTERNS
# What looks like a hole and is none.
LITERAL = {r"\${T}"}


@pytest.mark.parametrize("raw", EXPANDED)
def test_a_word_expands(raw: str) -> None:
    expansion = expand(raw, "\\", lookup)
    assert (expansion.text, expansion.problem) == (EXPANDED[raw], None)
    assert expansion.decided == (raw in LITERAL or not has_hole(expansion.text))


@pytest.mark.parametrize(
    ("raw", "text"),
    {
        "`$T": "$T",
        "``$T": "`3.20",
        '"`$T`"`a"': '$T"`a',
        "C:\\$T": "C:\\3.20",
        '"C:\\"': "C:\\",
        "c:\\a\\b": "c:\\a\\b",
        "a`": "a",
        "${N:-`}}": "}",
        "'`'": "`",
    }.items(),
)
def test_a_backtick_can_be_the_escape_character(raw: str, text: str) -> None:
    expansion = expand(raw, "`", lookup)
    assert (expansion.text, expansion.decided) == (text, True)


@pytest.mark.parametrize(
    ("raw", "escape"),
    [("${A#`a}", "`"), (r'${A#"\*"}', "\\"), (r"${A/b/\*}", "\\"), (r"${A/b/\/}", "\\")],
)
def test_unusual_escapes_in_patterns_are_undecided(raw: str, escape: str) -> None:
    expansion = expand(raw, escape, lookup)
    assert (expansion.text, expansion.decided) == ("${A}", False)
    assert expansion.problem is None


@pytest.mark.parametrize(
    ("raw", "offset"),
    [
        ("a${", 1),
        ("a${T", 1),
        ("a${T:", 1),
        ("a${T:-", 1),
        ("a${T:-b", 1),
        ("a${T#b", 1),
        ("a${T/b", 1),
        ("a${T/b}", 1),
        ("a${T/b/c", 1),
        ("a${T:-${T}", 1),
        ("a${T:-\\}", 1),
        ("a${}", 1),
        ("a${{T}}", 1),
        ("a${:-b}", 1),
        ("a${T:}", 1),
        ("a${T:b}", 1),
        ("a${T:0:1}", 1),
        ("a${T:#b}", 1),
        ("a${T:%b}", 1),
        ("a${T=b}", 1),
        ("a${T!}", 1),
        ("a${T^^}", 1),
        ("a${T,}", 1),
        ("a${T@Q}", 1),
        ("a${T x}", 1),
        ("a${#T}", 1),
        ("a${12T}", 1),
        (r"a${T#\a}", 1),
        (r"a${U#\a}", 1),
        (r"a${T%%\a}", 1),
        (r"a${T/\a/b}", 1),
        ("a${N?}", 1),
        ("a${N?told}", 1),
        ("a${N:?told}", 1),
        ("a${E:?told}", 1),
        # An operand is refused even if it does not count.
        ("a${T:-${N?}}", 6),
        ("a${N:+${}}", 6),
        ("a'b", 1),
        ('a"b', 1),
        ('a"b\\"', 1),
        ('a"b\\', 1),
        ('"${T:-"a}"', 1),
        ('"${T:-"a}', 6),
    ],
)
def test_words_that_buildkit_rejects_have_a_problem(raw: str, offset: int) -> None:
    expansion = expand(raw, "\\", lookup)
    assert expansion.problem is not None
    assert expansion.problem.offset == offset
    assert (expansion.text, expansion.decided) == (raw, False)
    assert expand_words(raw, "\\", lookup).problem is not None


def test_a_problem_has_the_message_of_the_author() -> None:
    problem = expand("${N:?give $T}", "\\", lookup).problem
    assert problem is not None
    assert problem.message == "N: give 3.20"


Told = list[tuple[str, str, bool, bool]]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("a$T-${N}", [("T", "$T", False, True), ("N", "${N}", False, True)]),
        ("${T:-x}", [("T", "${T:-x}", False, True)]),
        ("${N:-x}", [("N", "${N:-x}", True, True)]),
        ("${T+x}", [("T", "${T+x}", True, True)]),
        ("${N+x}", [("N", "${N+x}", False, True)]),
        ("${U:-x}", [("U", "${U:-x}", False, True)]),
        ("${N:-$T}", [("N", "${N:-$T}", True, True), ("T", "$T", False, True)]),
        ("${A:-$T}", [("A", "${A:-$T}", False, True), ("T", "$T", False, False)]),
        (
            "${A:-${N:-$T}$E}$S",
            [
                ("A", "${A:-${N:-$T}$E}", False, True),
                ("N", "${N:-$T}", True, False),
                ("T", "$T", False, False),
                ("E", "$E", False, False),
                ("S", "$S", False, True),
            ],
        ),
        ("${A/$T/$E}", [("A", "${A/$T/$E}", False, True), ("T", "$T", False, True),
                        ("E", "$E", False, True)]),
        ("'$A'\\$T", []),
    ],
)  # fmt: skip
def test_uses_of_variables_are_recorded(raw: str, told: Told) -> None:
    expansion = expand(raw, "\\", lookup)
    assert [
        (read.name, raw[read.start : read.end], read.defaulted, read.counts)
        for read in expansion.reads
    ] == told
    for read in expansion.reads:
        assert (read.variable is None) == (read.name not in VALUES)


# What comes to several words, and what does not.
WORDS = {
    "": [],
    "a": ["a"],
    " a  b ": ["a", "b"],
    "$S": ["x", "y"],
    "a$S": ["a", "x", "y"],
    "a${S}b": ["a", "x", "y", "b"],
    '"$S"': [" x y "],
    'a"$S"b': ["a x y b"],
    "a' 'b c": ["a b", "c"],
    r"a\ b c": ["a b", "c"],
    "${N:-1 2}": ["1", "2"],
    # Quotes within what is put in hold nothing together.
    '${N:-"1 2"}': ["1", "2"],
    '""': [],
    "a \"\" ''": ["a"],
    "$E$N": [],
    "a\u00a0b\u2003c": ["a", "b", "c"],
    "a\x1cb": ["a\x1cb"],
    "80/tcp $U 81": ["80/tcp", "${U}", "81"],
    "$H w": ["v${X}", "w"],
}


@pytest.mark.parametrize("raw", WORDS)
def test_a_word_splits_into_parts(raw: str) -> None:
    expansions = expand_words(raw, "\\", lookup)
    assert [word.text for word in expansions.words] == WORDS[raw]
    assert [word.decided for word in expansions.words] == [
        not has_hole(word) for word in WORDS[raw]
    ]
    assert expansions.decided == all(word.decided for word in expansions.words)
    assert expansions.problem is None


def test_a_possibly_empty_word_leaves_the_list_undecided() -> None:
    expansions = expand_words('80 "$U"', "\\", lookup)
    assert not expansions.decided
    assert [read.name for read in expansions.reads] == ["U"]


def test_other_layers_understand_the_holes() -> None:
    image = parse(expand('"alpine":${U:-3}', "\\", lookup).text)
    assert (image.repository, image.undecided) == ("alpine", frozenset({"tag", "digest"}))
    assert is_root(expand("$U:0", "\\", lookup).text) is None
    assert is_root(expand("${N:-root}", "\\", lookup).text) is True
    assert is_root(expand("${T#3.2}", "\\", lookup).text) is True


def test_a_literal_that_looks_like_a_hole_is_undecided_once_it_is_a_value() -> None:
    expansion = expand(r"\${T}", "\\", lookup)
    assert expansion.decided
    assert not Variable("V", expansion.text, "environment").decided


# Robustness.

WORD = st.text(st.sampled_from("$${{}}:-+?#%/*\"'\\`AEUHON1 @a")) | st.text()


@given(WORD, st.sampled_from("\\`"))
def test_any_text_is_read(raw: str, escape: str) -> None:
    asked = set[str]()

    def ask(name: str) -> Variable | None:
        asked.add(name)
        value = VALUES.get(name, "")
        return Variable(name, value, "argument") if name in VALUES else None

    expansion = expand(raw, escape, ask)
    expansions = expand_words(raw, escape, ask)
    assert (expansion.problem is None) == (expansions.problem is None)
    assert len(expansion.reads) == len(expansions.reads)
    for read in expansion.reads:
        assert raw[read.start] == "$"
        assert 0 <= read.start < read.end <= len(raw)
        assert not read.name or raw.startswith(
            read.name, read.start + 1 + (raw[read.start + 1] == "{")
        )
    if expansion.problem:
        assert 0 <= expansion.problem.offset < len(raw)
    elif not expansion.decided:
        assert any(f"${{{name}}}" in expansion.text for name in asked | {"X"})


@given(WORD)
def test_decided_values_do_not_depend_on_the_run(raw: str) -> None:
    """Where U is, whatever it is set to, no decided text and no problem goes away."""
    before = expand(raw, "\\", lookup)
    for value in (None, "", "a", "x y*"):

        def run(name: str, value: str | None = value) -> Variable | None:
            if name == "U":
                return None if value is None else Variable(name, value, "given")
            if name in ("H", "O"):
                return Variable(name, ("v" if name == "H" else "") + "z", "given")
            return lookup(name)

        after = expand(raw, "\\", run)
        if before.problem:
            assert after.problem is not None
        elif before.decided and not after.problem:
            assert after.text == before.text


@given(st.text(st.characters(exclude_characters="$'\"\\`")), st.sampled_from("\\`"))
def test_a_text_without_anything_special_is_itself(raw: str, escape: str) -> None:
    expansion = expand(raw, escape, lookup)
    assert (expansion.text, expansion.decided, expansion.reads) == (raw, True, ())
    words = [word.text for word in expand_words(raw, escape, lookup).words]
    assert "".join(words) == "".join(c for c in raw if not c.isspace() or "\x1c" <= c <= "\x1f")


@given(st.text())
def test_single_quotes_are_literal(text: str) -> None:
    held = text.replace("'", "")
    assert expand(f"'{held}'", "\\", lookup).text == held


@given(st.text())
def test_escaped_characters_are_literal(text: str) -> None:
    raw = "".join(f"\\{character}" for character in text)
    expansion = expand(raw, "\\", lookup)
    assert (expansion.text, expansion.decided, expansion.reads) == (text, True, ())


HOSTILE = [
    "${" * 100_000,
    "${A:-" * 50_000,
    "${N:-x" * 50_000 + "}" * 50_000,
    "${N:-$A" * 50_000 + "}" * 50_000,
    "${A:-$A" * 50_000 + "}" * 50_000,
    "${U:+x" * 50_000 + "}" * 50_000,
    "${A#x" * 50_000 + "}" * 50_000,
    "${A/x/" * 50_000 + "}" * 50_000,
    "${A//" * 30_000 + "/}/}" * 30_000,
    "${LONG#" + "*a?" * 50_000 + "}",
    "${LONG//" + "*a" * 50_000 + "b/}",
    "${LONG/a*a*a*b/c}" * 5_000,
    "${LONG/a*" + "a" * 1_000 + "b/c}",
    "${LONG%%*b}" * 5_000,
    "${LONG//a/" + "b" * 1_000 + "}",
    "$LONG" * 20_000,
    '"' + "${N:-\"" * 50_000,
    "'" * 99_999,
    "\\" * 99_999,
    "a " * 100_000,
]  # fmt: skip


@pytest.mark.exhaustive
@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_take_little_time_and_room(raw: str) -> None:
    def ask(name: str) -> Variable | None:
        return Variable(name, "a" * 60_000, "argument") if name == "LONG" else lookup(name)

    with within(10):
        expansion = expand(raw, "\\", ask)
        words = expand_words(raw, "\\", ask).words
    assert len(expansion.text) < 600_000
    assert sum(len(word.text) for word in words) < 600_000


def test_overlong_values_stay_holes() -> None:
    text = expand("$A$A", "\\", lookup, limit=10).text
    assert text == f"{VALUES['A']}${{A}}"
    assert expand("${A#a}${A#a}", "\\", lookup, limit=10).text == "-b.c/d.e${A}"
    # It would fit, but that is known only once it is made.
    assert expand("${A//z/1234}", "\\", lookup, limit=48).text == "${A}"
    assert expand("${A//z/1234}", "\\", lookup, limit=49).text == VALUES["A"]


@given(st.text("abc", max_size=8), st.text("ab?*", max_size=5))
def test_trimming_removes_the_shortest_or_longest_match(value: str, pattern: str) -> None:
    """Every prefix and suffix is tried, with a matcher that knows no regular expressions."""

    def matches(text: str, pattern: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(matches(text[n:], pattern[1:]) for n in range(len(text) + 1))
        return bool(text) and pattern[0] in ("?", text[0]) and matches(text[1:], pattern[1:])

    def come_to(operator: str) -> str:
        def ask(name: str) -> Variable:
            return Variable(name, value, "argument")

        return expand(f"${{V{operator}{pattern}}}", "\\", ask).text

    lengths = range(len(value) + 1)
    heads = [n for n in lengths if matches(value[:n], pattern)] or [0]
    tails = [n for n in lengths if matches(value[n:], pattern)] or [len(value)]
    assert come_to("#") == value[min(heads) :]
    assert come_to("##") == value[max(heads) :]
    assert come_to("%") == value[: max(tails)]
    assert come_to("%%") == value[: min(tails)]
