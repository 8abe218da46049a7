"""``tightship completion``: a script that completes command lines in a shell."""

from __future__ import annotations

from shlex import quote

from tightship.cli.arguments import Parser
from tightship.cli.console import Output
from tightship.cli.synopsis import Vocabulary, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.cli.synopsis import Command, Option, Value

SHELLS = ("bash", "zsh", "fish")

_ABOUT = """\
Prints a script that completes commands, options, rules, themes, sets and images in a
shell.
"""

_EPILOG = """\
examples:
  source <(tightship completion bash)        in ~/.bashrc
  source <(tightship completion zsh)         in ~/.zshrc, below `compinit`
  tightship completion fish > ~/.config/fish/completions/tightship.fish
"""


def run(arguments: list[str]) -> int:
    """Print the script for a shell; return the exit code."""
    reader = parser()
    shell = reader.read(arguments).get("shell")
    if shell is None:
        reader.error(f"`SHELL` takes one of these values: {', '.join(SHELLS)}")
    output = Output()
    output.close(script(shell))
    return 0


def script(shell: str) -> str:
    """Return the script for one of :data:`SHELLS`."""
    head, lines, tail = {
        "bash": (_BASH_HEAD, _bash_lines, _BASH_TAIL),
        "zsh": (_ZSH_HEAD, _zsh_lines, _ZSH_TAIL),
        "fish": (_FISH_HEAD, _fish_lines, ""),
    }[shell]
    return "".join((head, *(f"{line}\n" for line in lines(every_command(), Vocabulary())), tail))


def every_command() -> list[Command]:
    """Return all commands, this one included."""
    return commands(("completion", parser()))


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("completion", "SHELL", _ABOUT, _EPILOG)
    made.add_argument("shell", nargs="?", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
    return made


_BASH_HEAD = """\
# Completion of tightship for bash. Put this line into ~/.bashrc:
#   source <(tightship completion bash)

_tightship_files() {
    # Readline knows best how to complete and quote file names.
    compopt -o default 2>/dev/null && return
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$1"))
}

_tightship_words() {
    local before=
    case $1 in *,*) before=${1%,*}, ;; esac
    COMPREPLY=($(compgen -P "$before" -W "$_tightship_known" -- "${1##*,}"))
}

_tightship() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local command= _tightship_known=
    COMPREPLY=()
    # bash takes `--option=value` for three words.
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD-2]}
    fi
    if ((COMP_CWORD > 1)); then
        command=${COMP_WORDS[1]}
    fi
"""
_BASH_TAIL = """\
}

complete -F _tightship tightship
"""
_INDENT = "    "


def _bash_lines(commands: Sequence[Command], vocabulary: Vocabulary) -> Iterator[str]:
    words = quote(" ".join(vocabulary.words))
    yield f"{_INDENT}_tightship_known={words}"
    yield f'{_INDENT}case "$command $previous" in'
    for command in commands:
        for option in command.options:
            if option.value.kind != "nothing":
                forms = "|".join(quote(f"{command.name} {it}") for it in option.forms)
                action = _bash_action(option.value, vocabulary)
                yield f"{_INDENT * 2}{forms}) {action}; return ;;"
    yield f"{_INDENT}esac"
    yield f"{_INDENT}case $command:$current in"
    names = [command.name for command in commands]
    yield f"{_INDENT * 2}:*) {_bash_of([*names, '--help', '--version'])} ;;"
    for command in commands:
        known = [form for option in command.options for form in option.forms]
        yield f"{_INDENT * 2}{command.name}:-*) {_bash_of(known)} ;;"
        if command.operands.kind not in ("nothing", "text"):
            action = _bash_action(command.operands, vocabulary)
            yield f"{_INDENT * 2}{command.name}:*) {action} ;;"
    yield f"{_INDENT}esac"


def _bash_action(value: Value, vocabulary: Vocabulary) -> str:
    if value.kind == "files":
        return '_tightship_files "$current"'
    if value.kind == "words":
        return '_tightship_words "$current"'
    candidates = vocabulary.candidates(value)
    return _bash_of(candidates) if candidates else ":"


def _bash_of(candidates: Iterable[str]) -> str:
    return f'COMPREPLY=($(compgen -W {quote(" ".join(candidates))} -- "$current"))'


_ZSH_HEAD = """\
#compdef tightship
# Completion of tightship for zsh. Put this line into ~/.zshrc, below `compinit`:
#   source <(tightship completion zsh)
# Or write this into a file `_tightship` in a folder of $fpath.

"""
_ZSH_TAIL = """\

# Loaded by compinit, this file is the function itself.
if [[ $funcstack[1] == _tightship ]]; then
    _tightship "$@"
else
    compdef _tightship tightship
fi
"""


def _zsh_lines(commands: Sequence[Command], vocabulary: Vocabulary) -> Iterator[str]:
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
            yield f"                        {_zsh_option(option)} \\"
        operand = "*" if command.operands.kind != "nothing" else ""
        action = f":{command.operands.name}:{_zsh_action(command.operands)}"
        yield f"                        {quote(operand + action) if operand else ''}"
        yield "                    ;;"
    yield "            esac"
    yield "            ;;"
    yield "    esac"
    yield "}"


def _zsh_option(option: Option) -> str:
    """Return an option as ``_arguments`` takes it."""
    value = option.value
    text = f"[{_zsh_escaped(option.brief)}]"
    if value.kind != "nothing":
        text += f":{_zsh_escaped(value.name)}:{_zsh_action(value)}"
    exclusive = "*" if option.repeats else f"({' '.join(option.forms)})"
    # `-f FILE`, and both `--file FILE` and `--file=FILE`
    takes = value.kind != "nothing"
    forms = [f"{it}=" if takes and it.startswith("--") else it for it in option.forms]
    if len(forms) == 1:
        return quote(f"{exclusive}{forms[0]}{text}")
    return f"{quote(exclusive)}{{{','.join(forms)}}}{quote(text)}"


def _zsh_action(value: Value) -> str:
    if value.kind == "files":
        return "_files"
    if value.kind in ("words", "images"):
        return f"_tightship_{value.kind}"
    return f"({' '.join(value.choices)})" if value.choices else ""


def _zsh_escaped(text: str) -> str:
    for char in "\\[]:":
        text = text.replace(char, f"\\{char}")
    return text


_FISH_HEAD = """\
# Completion of tightship for fish. Write it where fish looks for it:
#   tightship completion fish > ~/.config/fish/completions/tightship.fish

complete -c tightship -f
"""


def _fish_lines(commands: Sequence[Command], vocabulary: Vocabulary) -> Iterator[str]:
    for name, words in (("words", vocabulary.words), ("images", vocabulary.images)):
        yield f"function __tightship_{name}"
        yield f"    string split ' ' -- {_fish_quoted(' '.join(words))}"
        yield "end"
    first = "complete -c tightship -n __fish_use_subcommand"
    yield f"{first} -s h -l help -d 'show the help'"
    yield f"{first} -s V -l version -d 'show the version'"
    for command in commands:
        yield f"{first} -a {command.name} -d {_fish_quoted(command.summary)}"
    for command in commands:
        begin = f"complete -c tightship -n '__fish_seen_subcommand_from {command.name}'"
        for option in command.options:
            yield f"{begin} {_fish_option(option)}"
        if command.operands.kind not in ("nothing", "text"):
            yield f"{begin} {_fish_argument(command.operands)}"


def _fish_option(option: Option) -> str:
    forms = " ".join(
        f"-l {form[2:]}" if form.startswith("--") else f"-s {form[1:]}" for form in option.forms
    )
    text = f"{forms} -d {_fish_quoted(option.brief)}"
    if option.value.kind == "nothing":
        return text
    return f"{text} -r {_fish_argument(option.value)}"


def _fish_argument(value: Value) -> str:
    """Return what may stand as a value: files, or nothing but some words."""
    if value.kind == "files":
        return "-F"
    if value.kind == "words":
        return "-f -a '(__fish_complete_list , __tightship_words)'"
    if value.kind == "images":
        return "-f -a '(__tightship_images)'"
    return f"-f -a {_fish_quoted(' '.join(value.choices))}" if value.choices else "-f"


def _fish_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
