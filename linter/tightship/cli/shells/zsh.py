"""The completion script for zsh, with its own completion system."""

from __future__ import annotations

from shlex import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.cli.synopsis import Command, Option, Value, Vocabulary

_HEAD = """\
#compdef tightship
# Completion of tightship for zsh. Put this line into ~/.zshrc, below `compinit`:
#   source <(tightship completion zsh)
# Or write this into a file `_tightship` in a folder of $fpath.

"""
_TAIL = """\

# Loaded by compinit, this file is the function itself.
if [[ $funcstack[1] == _tightship ]]; then
    _tightship "$@"
else
    compdef _tightship tightship
fi
"""


def script(commands: Sequence[Command], vocabulary: Vocabulary) -> str:
    """Return the script."""
    return "".join((_HEAD, *(f"{line}\n" for line in _lines(commands, vocabulary)), _TAIL))


def _lines(commands: Sequence[Command], vocabulary: Vocabulary) -> Iterator[str]:
    for name, words in (("words", vocabulary.words), ("images", vocabulary.images)):
        yield f"_tightship_{name}() {{"
        yield f"    local -a known=({' '.join(map(quote, words))})"
        yield "    _sequence compadd - $known"
        yield "}"
        yield ""
    yield "_tightship() {"
    yield "    local curcontext=$curcontext state line"
    yield "    local -a commands=("
    for command in commands:
        yield f"        {quote(f'{command.name}:{command.summary}')}"
    yield "    )"
    yield "    _arguments -C \\"
    yield "        '(- *)'{-h,--help}'[show the help]' \\"
    yield "        '(- *)'{-V,--version}'[show the version]' \\"
    yield "        '1:command:->command' '*::argument:->argument' && return"
    yield "    case $state in"
    yield "        command) _describe command commands ;;"
    yield "        argument)"
    yield "            case $line[1] in"
    for command in commands:
        yield f"                {command.name})"
        yield "                    _arguments -s -S \\"
        for option in command.options:
            yield f"                        {_option(option)} \\"
        operand = "*" if command.operands.kind != "nothing" else ""
        action = f":{command.operands.name}:{_action(command.operands)}"
        yield f"                        {quote(operand + action) if operand else ''}"
        yield "                    ;;"
    yield "            esac"
    yield "            ;;"
    yield "    esac"
    yield "}"


def _option(option: Option) -> str:
    """Return an option as ``_arguments`` takes it."""
    value = option.value
    text = f"[{_escaped(option.brief)}]"
    if value.kind != "nothing":
        text += f":{_escaped(value.name)}:{_action(value)}"
    exclusive = "*" if option.repeats else f"({' '.join(option.forms)})"
    # `-f FILE`, and both `--file FILE` and `--file=FILE`
    takes = value.kind != "nothing"
    forms = [f"{it}=" if takes and it.startswith("--") else it for it in option.forms]
    if len(forms) == 1:
        return quote(f"{exclusive}{forms[0]}{text}")
    return f"{quote(exclusive)}{{{','.join(forms)}}}{quote(text)}"


def _action(value: Value) -> str:
    if value.kind == "files":
        return "_files"
    if value.kind in ("words", "images"):
        return f"_tightship_{value.kind}"
    return f"({' '.join(value.choices)})" if value.choices else ""


def _escaped(text: str) -> str:
    for char in "\\[]:":
        text = text.replace(char, f"\\{char}")
    return text
