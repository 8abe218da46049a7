"""A plain line gives what argparse reads in it, and leaves to argparse what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.cli import check_command, config, explain, harden, image, rule
from tightship.cli.arguments import Parser, _Line, _NotPlainError
from tightship_annexes.review import diff, map

COMMANDS = {
    "check": (check_command, "paths"),
    "config": (config, "paths"),
    "diff": (diff, "sides"),
    "explain": (explain, "operands"),
    "harden": (harden, "operands"),
    "image": (image, "names"),
    "map": (map, "operands"),
    "rule": (rule, "names"),
}
VALUES = ["a", "json", "json=x", "text", "A", "2", "never", "always", "root-user=error", "", "-"]


def words(parser: Parser) -> st.SearchStrategy[list[str]]:
    """Return lines of options, in all forms, of values and of operands."""
    options = st.sampled_from(sorted(parser.full()._option_string_actions))
    values = st.sampled_from(VALUES)
    both = st.tuples(options, values).map("=".join)
    return st.lists(st.one_of(options, values, both, st.just("--"), st.just("-fx")), max_size=5)


def plain(parser: Parser, line: list[str], operands: str) -> object:
    """Return what is read without argparse, or None if the line is not plain."""
    try:
        return _Line(parser._calls, operands).read(iter(line))
    except _NotPlainError:
        return None


@pytest.mark.parametrize("command", COMMANDS)
@given(data=st.data())
def test_a_plain_line_gives_what_argparse_gives(command: str, data: st.DataObject) -> None:
    module, operands = COMMANDS[command]
    parser = module.parser()
    line = data.draw(words(parser))
    read = plain(parser, line, operands)
    if read is not None:
        assert read == parser.full().read(line, operands)


@pytest.mark.parametrize(
    "line",
    [
        "--no-config .",
        "-q --select strict --output-format json=out.json --output-format text a b",
        "a --fail-on never --exclude=x/ --exclude y --severity root-user=error",
        "--jobs 2 --statistics --color=always -",
        "-f a.yaml --file b.yaml --env-file .env",
    ],
)
def test_usual_options_are_plain(line: str) -> None:
    assert plain(check_command.parser(), line.split(), "paths") is not None


@pytest.mark.parametrize(
    "line",
    [
        *(
            "--help",
            "-V",
            "--nosuch",
            "--",
            "-fx",
            "--select",
            "--select -q",
            "--fix=x",
            "--jobs 0",
        ),
        *("--color x", "--severity x", "-v -q", "--config a --no-config", "--statistics=1"),
    ],
)
def test_other_lines_are_for_argparse(line: str) -> None:
    assert plain(check_command.parser(), line.split(), "paths") is None
