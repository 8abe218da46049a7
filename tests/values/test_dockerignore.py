from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given, strategies as st

from tightship.text import Source
from tightship.values.character_class import CharacterClass
from tightship.values.dockerignore import MAX_CHARACTERS, MAX_LENGTH, MAX_PATTERNS, Dockerignore
from tightship.values.dockerignore_pattern import Automaton, compiled
from tightship.values.mount import clean_path


def file(*lines: str) -> Dockerignore:
    return Dockerignore(Source(".dockerignore", "\n".join(lines)))


def ignores(ignored: Dockerignore, path: str) -> bool:
    decides = ignored.match(path)
    return decides is not None and not decides.negated


# A pattern, what it leaves out, and what it does not.
ALONE: dict[str, tuple[str, str]] = {
    "node_modules": ("node_modules node_modules/a/b.js", "web/node_modules node_modules2 node"),
    "/secrets/": ("secrets secrets/key", "a/secrets"),
    "./a/../b//c/.": ("b/c b/c/d", "a b a/b/c"),
    "../outside": ("", "outside ../a"),
    "*.pem": ("key.pem .pem key.pem/below", "keys/key.pem pem key.pems"),
    "*/*.pem": ("keys/key.pem", "key.pem a/b/key.pem"),
    "*": ("a a/b .env", ""),
    "*/": ("a a/b", ""),
    "**": ("a a/b/c", ""),
    "**/": ("a a/b/c", ""),
    "**/.env": (".env a/.env a/b/.env a/.env/b", "a.env b/x.env .environment"),
    "**.log": ("a.log x/a.log x.log/y .log", "a.logs"),
    "docs/**": ("docs/a docs/a/b", "docs a/docs/b"),
    "do**": ("do docs docs/a", "d a/docs"),
    "**/a/**": ("a/b x/a/b", "a x/a b"),
    "a/**/b": ("a/b a/x/b a/x/y/b/z", "ab a/xb x/a/b"),
    "a**b": ("ab a/b ax/b", "axb"),
    "**/a**/b": ("a/b ax/b x/ax/b x/a/y/b", "b a/xb"),
    "**/a**b": ("ab a/ab x/ac/b", "axb acb"),
    "**/*.pem": ("a.pem x/y/a.pem", "pem x/pem"),
    "temp?": ("temp1 tempé temp1/x", "temp temp/a temp12"),
    "a[0-9b]c": ("a5c abc", "ac aac a55c"),
    "a[^b]c": ("axc a^c a/c", "abc ac"),
    "a[!b]c": ("a!c abc", "axc"),
    r"a\*b": ("a*b", "axb ab"),
    r"\!a": ("!a", "a"),
    r"\#a": ("#a", "a"),
    r"a[\]]b": ("a]b", r"ab a\b"),
    "a]": ("a]", "a"),
    "a.b+c(d)|{e}$": ("a.b+c(d)|{e}$", "axb+c(d)|{e}$"),
    "a.?(b)|{c}$": ("a.x(b)|{c}$ a.x(b)|{c}$/d", "axx(b)|{c}$"),
    "Read Me": ("Read!Me".replace("!", " "), "Read"),
    # What comes of it that moby writes an expression of Go's.
    r"v\d": ("v1 v9/x", "vd v"),
    r"v[\D]": ("vx", "v1"),
    "v[[:digit:]]": ("v1", "vd v:"),
    "v[[:^digit:]]": ("vd", "v1"),
    "v[?]x": ("v/]x v^]x v[]x", "v?x vx"),
    "v[a*]x": ("v]x va]x vaa[^]x", "v*x vax"),
    "^a^": ("^a^", "a"),
    "^a?": ("ab", "^ab"),
    "a^?": ("", "ab a^b"),
    "a*[-_]x": ("a-x ab_x", "abx"),
    "b*[]a]x": ("b]x bcax", "bx"),
    "b*a\\": ("ba$ bca$c", "ba"),
    "/": ("", "a"),
}


@pytest.mark.parametrize("pattern", ALONE)
def test_a_pattern_excludes_the_same_files_as_docker(pattern: str) -> None:
    out, kept = ALONE[pattern]
    found = file(pattern)
    assert not found.problems
    paths = [out] if " " in pattern else out.split()
    assert [path for path in paths if not ignores(found, path)] == []
    assert [path for path in kept.split() if ignores(found, path)] == []


def test_the_last_pattern_that_matches_decides() -> None:
    found = file("*.md", "!README*.md", "README-secret.md", "!a/b")
    assert not ignores(found, "README.md")
    assert ignores(found, "README-secret.md")
    assert ignores(found, "other.md")
    decides = found.match("README.md")
    assert decides is not None
    assert decides.negated
    assert (decides.text, decides.span.text) == ("README*.md", "!README*.md")
    assert found.has_exceptions
    assert not file("a").has_exceptions


def test_an_exception_holds_below_a_folder_that_is_left_out() -> None:
    found = file("*", "!src", "src/secret", "!src/secret/public")
    assert not ignores(found, "src/main.c")
    assert ignores(found, "src/secret/key")
    assert not ignores(found, "src/secret/public/key")
    assert ignores(found, "Dockerfile")


@pytest.mark.parametrize("line", ["!a", "! a", "  !  ./a/ ", "!/a", "/!a"])
def test_an_exception_is_trimmed_and_cleaned(line: str) -> None:
    found = file("**", line)
    assert not ignores(found, "a")
    assert found.patterns[-1].text == "a"
    assert found.patterns[-1].span.text == line.strip()


def test_a_second_exclamation_mark_is_part_of_the_name() -> None:
    found = file("**", "!!a")
    assert not ignores(found, "!a")
    assert ignores(found, "a")


def test_only_a_line_that_starts_with_a_hash_is_a_comment() -> None:
    found = file("#a", " #b", "c #d", "", "   ", ".", "/.", "./")
    assert [pattern.text for pattern in found.patterns] == ["#b", "c #d", "/"]


def test_byte_order_marks_and_line_ends_are_no_part_of_a_pattern() -> None:
    text = "\ufeffa\r\n\tb\t\r\n\xa0c\u3000\nd\x1c\n"
    found = Dockerignore(Source(".dockerignore", text))
    assert [pattern.text for pattern in found.patterns] == ["a", "b", "c", "d\x1c"]
    assert [pattern.span.text for pattern in found.patterns] == ["a", "b", "c", "d\x1c"]


def test_a_lone_carriage_return_ends_no_line() -> None:
    assert [pattern.text for pattern in file("a\rb").patterns] == ["a\rb"]


def test_the_context_itself_is_never_left_out() -> None:
    assert file("*", "**", ".").match(".") is None
    assert file("**").match("") is None


@pytest.mark.parametrize(
    "pattern",
    [
        "[",
        "a[b",
        "[]",
        "[]a]",
        "[^]",
        "[-a]",
        "[a-]",
        "[a-b-c]",
        "[z-a]",
        "[[:none:]]",
        "[a\\",
        "a\\",
        "?*[-a]",
        "[.-a]*a\\",
        "**/*[",
        "**/[",
        "a/*/[b",
        r"\y",
        r"\é",
        "!",
        "! ",
        "!/",
    ],
)
def test_an_invalid_pattern_is_a_problem_of_its_line(pattern: str) -> None:
    found = file("# a comment", "good", f"  {pattern} ", "!kept")
    [problem] = found.problems
    assert problem.span.source.point(problem.span.start)[0] == 2
    assert problem.span.text == pattern.strip()
    assert problem.message
    assert [kept.text for kept in found.patterns] == ["good", "kept"]


@pytest.mark.parametrize(
    "text",
    [
        "a\n" * (MAX_PATTERNS + 1),
        "[\n" * (MAX_PATTERNS + 2),
        "a" * (MAX_LENGTH + 1),
        "#" * (MAX_CHARACTERS + 1),
    ],
    ids=["patterns", "problems", "line", "file"],
)
def test_an_overlarge_file_is_undecided(text: str) -> None:
    found = Dockerignore(Source(".dockerignore", text))
    assert found.oversized
    assert not found.patterns
    assert not found.problems
    assert found.match("a") is None


def test_a_file_at_the_limits_is_read() -> None:
    found = Dockerignore(Source(".dockerignore", "a\n" * MAX_PATTERNS))
    assert not found.oversized
    assert len(found.patterns) == MAX_PATTERNS
    assert ignores(file("a" * MAX_LENGTH), "a" * MAX_LENGTH)


@pytest.mark.parametrize(
    "pattern",
    [
        "**/**/**/a*a*a*a*a*a*b",
        "**/*a" * 200 + "b",
        "a**" * 300 + "b",
        "*a" * 1_000 + "b",
        "[a-b]" * 500 + "***/x",
    ],
    ids=["mixed", "deep", "glued", "stars", "sets"],
)
def test_a_hostile_pattern_goes_over_a_path_once(
    pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "a/a" * 600 + "a" * 600
    monkeypatch.setattr(Automaton, "steps", 0)
    assert not compiled(pattern).matches(path)
    assert 0 < Automaton.steps <= len(path)


def test_equivalent_characters_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    has = CharacterClass.has

    def counted(self: CharacterClass, char: str) -> bool:
        asked.append(char)
        return has(self, char)

    pattern = compiled("*[a-z]" * 600)
    monkeypatch.setattr(CharacterClass, "has", counted)
    path = "".join(chr(0x100 + number) for number in range(4_000))
    assert not pattern.matches(path)
    # Two sets, and all these characters lie beyond both.
    assert len(asked) == 2


NAME = st.text("ab.", min_size=1, max_size=4).filter(lambda name: name not in "...")
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join)
PIECE = st.text("ab.*?", min_size=1, max_size=5).filter(
    lambda piece: "**" not in piece and piece not in "..."
)
SIMPLE = st.lists(PIECE, min_size=1, max_size=3).map("/".join)


def reference(pattern: str, path: str) -> bool:
    """Compare folder by folder, as the manual of Docker says it."""
    wanted, given_ = pattern.split("/"), path.split("/")
    return len(given_) >= len(wanted) and all(map(fnmatchcase, given_, wanted))


@given(SIMPLE, PATH)
def test_a_simple_pattern_matches_folder_by_folder(pattern: str, path: str) -> None:
    assert ignores(file(pattern), path) == reference(pattern, path)


@given(st.lists(st.tuples(st.booleans(), SIMPLE), max_size=6), PATH)
def test_signs_are_applied_in_turn(lines: list[tuple[bool, str]], path: str) -> None:
    expected = False
    for negated, pattern in lines:
        if reference(pattern, path):
            expected = not negated
    found = file(*("!" * negated + pattern for negated, pattern in lines))
    assert ignores(found, path) == expected


@given(SIMPLE, PATH)
def test_two_stars_stand_for_any_folders(pattern: str, path: str) -> None:
    parts = path.split("/")
    below = any(reference(pattern, "/".join(parts[start:])) for start in range(len(parts)))
    assert ignores(file("x/**/" + pattern), "x/" + path) == below


@given(st.text("ab/[]^-\\*?!#. :d\n\t"), st.text("ab/.-^]", max_size=12))
@example("[a[:", "a")
@example("[[:a", "a")
@example("\\\\", "\\")
def test_any_text_is_read(text: str, path: str) -> None:
    found = Dockerignore(Source(".dockerignore", text))
    found.match(path)
    for pattern in found.patterns:
        assert pattern.span.text.strip() == pattern.span.text


@given(st.text("ab/."))
def test_a_clean_path_stays(path: str) -> None:
    once = clean_path(path)
    assert clean_path(once) == once
    assert "//" not in once


@given(
    st.lists(st.text("ab*?/!.", min_size=1, max_size=6), max_size=8),
    st.text("ab/.", min_size=1, max_size=8),
)
def test_together_patterns_match_as_each_alone(lines: list[str], path: str) -> None:
    ignored = Dockerignore(Source(".dockerignore", "\n".join(lines)))
    alone = [one for one in ignored.patterns if one.matches(path)]
    if path != ".":
        assert ignored.match(path) is (alone[-1] if alone else None)


def test_many_patterns_go_over_a_path_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ignored = Dockerignore(Source(".dockerignore", "".join(f"*x{i}*\n" for i in range(500))))
    monkeypatch.setattr(Automaton, "steps", 0)
    assert ignored.match("a1") is None
    assert Automaton.steps <= 2
