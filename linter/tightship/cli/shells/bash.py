"""The completion script for bash, from version 3.2 on."""

from __future__ import annotations

from shlex import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.cli.synopsis import Command, Value, Vocabulary

_HEAD = """\
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
_TAIL = """\
}

complete -F _tightship tightship
"""
_INDENT = "    "


def script(commands: Sequence[Command], vocabulary: Vocabulary) -> str:
    """Return the script."""
    return "".join((_HEAD, *(f"{line}\n" for line in _lines(commands, vocabulary)), _TAIL))


def _lines(commands: Sequence[Command], vocabulary: Vocabulary) -> Iterator[str]:
    words = quote(" ".join(vocabulary.words))
    yield f"{_INDENT}_tightship_known={words}"
    yield f'{_INDENT}case "$command $previous" in'
    for command in commands:
        for option in command.options:
            if option.value.kind != "nothing":
                forms = "|".join(quote(f"{command.name} {it}") for it in option.forms)
                action = _action(option.value, vocabulary)
                yield f"{_INDENT * 2}{forms}) {action}; return ;;"
    yield f"{_INDENT}esac"
    yield f"{_INDENT}case $command:$current in"
    names = [command.name for command in commands]
    yield f"{_INDENT * 2}:*) {_of([*names, '--help', '--version'])} ;;"
    for command in commands:
        known = [form for option in command.options for form in option.forms]
        yield f"{_INDENT * 2}{command.name}:-*) {_of(known)} ;;"
        if command.operands.kind not in ("nothing", "text"):
            action = _action(command.operands, vocabulary)
            yield f"{_INDENT * 2}{command.name}:*) {action} ;;"
    yield f"{_INDENT}esac"


def _action(value: Value, vocabulary: Vocabulary) -> str:
    if value.kind == "files":
        return '_tightship_files "$current"'
    if value.kind == "words":
        return '_tightship_words "$current"'
    candidates = vocabulary.candidates(value)
    return _of(candidates) if candidates else ":"


def _of(candidates: Iterable[str]) -> str:
    return f'COMPREPLY=($(compgen -W {quote(" ".join(candidates))} -- "$current"))'
