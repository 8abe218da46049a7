"""Checks of downloads: the command that compares, and the files that it compares."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.syntax.shell.nodes import Simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.commands.calls import Call, Nesting, ScriptRun

_MOST_FILES = 100
_MOST_LOOKED_AT = 2_000
LATER = 40
"""How many commands after a checksum are looked at for a test of it."""

_SUMS = frozenset(
    (
        *("sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shasum"),
        *("md5sum", "b2sum", "b3sum", "sha256", "sha512"),
    )
)
_CHECKS_SUM = ("-c", "--check")
_VERIFIERS = {
    "gpg": ("--verify", "-d", "--decrypt", "--verify-files"),
    "gpg2": ("--verify", "-d", "--decrypt", "--verify-files"),
    "minisign": ("-V",),
    "signify": ("-V", "-C"),
    "signify-openbsd": ("-V", "-C"),
    "openssl": ("-verify", "--verify"),
}
_ALWAYS_VERIFY = frozenset(("gpgv", "cosign", "slsa-verifier", "sigstore", "rekor-cli", "notation"))


# Programs that tell by their result whether they found or got what was expected.
_COMPARING = frozenset(("grep", "egrep", "fgrep", "zgrep", "cmp", "diff", "test", "["))
_TESTS = frozenset(("[", "test"))
_ECHOES = frozenset(("echo", "printf"))
# Programs that only hand on what they read.
_COPYING = frozenset(("cat", "cut", "head", "sed", "sort", "tail", "tee", "tr", "wc"))
_UNEQUAL = frozenset(("!=", "-ne"))


class Verdict(Record):
    """The command whose result tells whether a check has passed.

    It tells so by its success, or by its failure if it asks whether two are not equal.
    """

    command: Simple
    passes_by_failure: bool = False


def verifies(call: Call) -> bool:
    """Return whether a command compares a checksum or checks a signature."""
    program = call.program
    if program is None:
        return False
    if program.name in _ALWAYS_VERIFY:
        return True
    if program.name in _SUMS:
        is_compared = call.nesting.within("substitution") and not _is_printed(call)
        last = call.pipeline.commands[-1]
        end = last.words[0].value if isinstance(last, Simple) and last.words else None
        is_piped_on = last is not call.command and end not in _COPYING
        return is_compared or is_piped_on or program.arguments().flag(*_CHECKS_SUM) is not None
    wanted = _VERIFIERS.get(program.name)
    if wanted is None:
        return False
    if program.name == "openssl":
        return any(word.value in wanted for word in program.words)
    return program.arguments().flag(*wanted) is not None


def verdict(check: Call, later: Iterable[Call]) -> Verdict | None:
    """Return the command that tells the result of a check; ``None`` if unknown.

    ``later`` are the commands that follow, of which one may test a variable with the
    checksum.
    """
    program, pipeline = check.program, check.pipeline
    outer = holder(check)
    if outer is not None and program is not None and program.name in _SUMS:
        return _of_holder(outer, later)
    last = pipeline.commands[-1]
    if last is not check.command and isinstance(last, Simple):
        name = last.words[0].value if last.words else None
        if name in _COMPARING:
            return Verdict(last)
    is_sum = program is not None and program.name in _SUMS
    if is_sum and program and program.arguments().flag(*_CHECKS_SUM) is None:
        return None
    return Verdict(check.command)


def deciding_checks(run: ScriptRun) -> Iterator[Call]:
    """Yield the checks of a script after whose failure it does not surely succeed."""
    from tightship.commands.control_flow import Effect, Flow
    from tightship.commands.shell_states import ShellOptions

    checks: list[tuple[Call, int]] = []
    effects: dict[int, Effect] = {}
    for place, call in enumerate(run.calls):
        if not verifies(call):
            continue
        told = 0, 1 << len(checks)
        found = verdict(call, run.calls[place + 1 : place + LATER])
        checks.append((call, told[1] if found is not None else 0))
        if found is not None:
            effect = effects.setdefault(id(found.command), Effect())
            pair = (told, (0, 0)) if found.passes_by_failure else ((0, 0), told)
            effect.add(*pair)
    if not checks:
        return
    flow = Flow(effects, run.calls)
    flow.run(run.script, ShellOptions.of(run.words))
    for call, fact in checks:
        if not flow.facts & fact:
            yield call


def _of_holder(outer: Call, later: Iterable[Call]) -> Verdict | None:
    """Return the verdict on a checksum that is a word of ``[``, or of an assignment."""
    if outer.program is not None:
        return _compared(outer) if outer.program.name in _TESTS else None
    names = {one.name for one in outer.command.assignments}
    for call in later if names and not outer.command.words else ():
        if call.program is not None and call.program.name in _TESTS:
            raw = call.command.raw
            if any(f"${name}" in raw or f"${{{name}}}" in raw for name in names):
                return _compared(call)
    return None


def _compared(test: Call) -> Verdict:
    is_unequal = any(word.value in _UNEQUAL for word in test.command.words)
    return Verdict(test.command, passes_by_failure=is_unequal)


def substitution(call: Call) -> Nesting | None:
    """Return the innermost substitution around a command, in its own script."""
    place: Nesting | None = call.nesting
    while place is not None and place.kind != "substitution":
        outer = place.outer
        place = outer if outer is not None and outer.script is place.script else None
    return place


def holder(call: Call) -> Call | None:
    """Return the command that gets the output of another one as a word."""
    place = substitution(call)
    return place.call if place is not None else None


def _is_printed(call: Call) -> bool:
    """Return whether a checksum is only printed, as by ``echo "$(sha256sum file)"``."""
    outer = holder(call)
    return (
        outer is not None
        and outer.program is not None
        and outer.program.name in _ECHOES
        and len(outer.pipeline.commands) == 1
        and not outer.command.redirections
        and substitution(outer) is None
    )


def verified_files(files: Sequence[str], check: Call) -> Sequence[str]:
    """Return the files that a check has checked, of some that it may have.

    A list of checksums may name the files elsewhere: a command that names none of the
    files is assumed to check them all.
    """
    outer = holder(check)
    raw = _beginning(check) + (_beginning(outer) if outer is not None else "")
    return [name for name in files if name in raw] or files


def _beginning(call: Call) -> str:
    """Return a pipeline and its command's input; long ones are cut."""
    start, end = call.pipeline.start, call.pipeline.end
    texts = [call.command.text.value[start : min(end, start + _MOST_LOOKED_AT)]]
    for redirection in call.command.redirections[:_MOST_FILES]:
        if redirection.body is not None:
            texts.append(redirection.body.raw[:_MOST_LOOKED_AT])
    return "\n".join(texts)
