"""The completion script for fish, from version 3 on."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.cli.synopsis import Command, Option, Value, Vocabulary

_HEAD = """\
# Completion of tightship for fish. Write it where fish looks for it:
#   tightship completion fish > ~/.config/fish/completions/tightship.fish

complete -c tightship -f
"""


def script(commands: Sequence[Command], vocabulary: Vocabulary) -> str:
    """Return the script."""
    return "".join((_HEAD, *(f"{line}\n" for line in _lines(commands, vocabulary))))


def _lines(commands: Sequence[Command], vocabulary: Vocabulary) -> Iterator[str]:
    for name, words in (("words", vocabulary.words), ("images", vocabulary.images)):
        yield f"function __tightship_{name}"
        yield f"    string split ' ' -- {_quoted(' '.join(words))}"
        yield "end"
    first = "complete -c tightship -n __fish_use_subcommand"
    yield f"{first} -s h -l help -d 'show the help'"
    yield f"{first} -s V -l version -d 'show the version'"
    for command in commands:
        yield f"{first} -a {command.name} -d {_quoted(command.summary)}"
    for command in commands:
        begin = f"complete -c tightship -n '__fish_seen_subcommand_from {command.name}'"
        for option in command.options:
            yield f"{begin} {_option(option)}"
        if command.operands.kind not in ("nothing", "text"):
            yield f"{begin} {_argument(command.operands)}"


def _option(option: Option) -> str:
    forms = " ".join(
        f"-l {form[2:]}" if form.startswith("--") else f"-s {form[1:]}" for form in option.forms
    )
    text = f"{forms} -d {_quoted(option.brief)}"
    if option.value.kind == "nothing":
        return text
    return f"{text} -r {_argument(option.value)}"


def _argument(value: Value) -> str:
    """Return what may stand as a value: files, or nothing but some words."""
    if value.kind == "files":
        return "-F"
    if value.kind == "words":
        return "-f -a '(__fish_complete_list , __tightship_words)'"
    if value.kind == "images":
        return "-f -a '(__tightship_images)'"
    return f"-f -a {_quoted(' '.join(value.choices))}" if value.choices else "-f"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
