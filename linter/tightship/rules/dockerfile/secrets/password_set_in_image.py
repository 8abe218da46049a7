"""An account of the image gets a password.

Every container has the same password. Anyone who can pull the image has its hash in
`/etc/shadow` and can try passwords offline. Anyone who can read the repository knows
a password in the Dockerfile, and it is in the history of the image. With it, a
compromised process becomes root with `su` or `sudo`, and anyone can log in over SSH.

A password that the build makes up itself, as with `$(openssl rand …)`, is an info: no
file contains it, but it is the same in all containers of the image.

The rule ignores locked accounts (`usermod -L`, `passwd -l`, a password of `!` or
`*`).

## How to fix

Do not set passwords in the image: `USER`, `gosu` and `docker exec -u` need none. If
people have to log in, use keys, or set the password from a secret when the container
starts.
"""

from tightship.rules import UNKNOWN_TEXT, VALUED_WHEN_CREATING, Bad, Call, Finding, Findings, Good, Iterator, Program, Run, Severity, ShellText, SimpleCommand, Span, joined_content, regex, rule, word_content  # fmt: skip

_ACCOUNT = regex(r"(?:\A|\n|\\n|(?<=[ \"']))([\w.-]+|\0):([^\s\\]+)")
_CHANGING = frozenset(("useradd", "usermod"))
_PRINTERS = frozenset(("echo", "printf"))
_LOCKED = regex(r"[!*].*|x|\*LK\*|NP")
# Programs and files that give random bytes.
_RANDOM = regex(
    r"openssl rand|/dev/u?random|/proc/sys/kernel/random/uuid"
    r"|\b(?:pwgen|uuidgen|apg|makepasswd)\b"
)
_VARIABLE = regex(r"\$\{?([A-Za-z_]\w*)")
_INPUTS = ("<<", "<<-", "<<<")


@rule(
    on=Run,
    severity="warning",
    severity_note="info for a random password that the build makes up",
    cwe=(798, 259),
    references=("chpasswd(8)", "useradd(8), --password"),
    aliases=("checkov:CKV2_DOCKER_17",),
    when=tuple(f"program_names:{name}" for name in (*sorted(_CHANGING), "chpasswd", "passwd")),
    examples=(
        Bad("""
            FROM debian:13
            RUN echo 'root:hunter2' | «chpasswd»
        """),
        Bad("""
            FROM debian:13
            ARG PASSWORD
            RUN «useradd» -m -p "$(openssl passwd -6 "$PASSWORD")" app
        """).because("Every container has the password, whatever the build argument is."),
        Bad("""
            FROM debian:13
            RUN «passwd» -d root
        """).because("Then the login needs no password."),
        Bad("""
            FROM debian:13
            RUN echo "root:$(openssl rand -base64 32)" | «chpasswd»
        """).at(
            "info", "Nobody reads the password in the Dockerfile, but all containers share it."
        ),
        Good("""
            FROM debian:13
            RUN useradd -m app && passwd -l app && usermod -p '!' root
            USER app
        """),
        Good("""
            FROM debian:13
            RUN --mount=type=secret,id=accounts chpasswd < /run/secrets/accounts
        """).because("The content of the file is not in the Dockerfile."),
    ),
)
def password_set_in_image(run: Run) -> Findings:
    """Point at the program, and never repeat the password."""
    for call in run.calls:
        program = call.program
        if program is None:
            continue
        if program.name == "chpasswd":
            yield from _changed(run, call, program)
        elif program.name in _CHANGING:
            yield from _given(run, program)
        elif program.name == "passwd":
            yield from _by_passwd(run, call, program)


def _changed(run: Run, call: Call, program: Program) -> Iterator[Finding]:
    """Report accounts in the input of `chpasswd`."""
    places: list[Span] = []
    names: list[str] = []
    for text in _input(call):
        for found in _ACCOUNT.finditer(text.value):
            if _LOCKED.fullmatch(found[2]):
                continue
            names.append("" if UNKNOWN_TEXT in found[1] else found[1])
            if UNKNOWN_TEXT not in found[2]:
                places.append(text.span(*found.span(2)))
    if names:
        is_random = not places and _is_random(run, call.pipeline.span.text)
        yield _finding(program, names[0], tuple(places), is_random=is_random)


def _given(run: Run, program: Program) -> Iterator[Finding]:
    """Report the hash that `useradd` and `usermod` take."""
    arguments = program.arguments(VALUED_WHEN_CREATING)
    flag = arguments.flag("-p", "--password")
    if flag is None or flag.source is None or not arguments.operands:
        return
    text = word_content(flag.source)
    value = flag.value
    if value is not None and _LOCKED.fullmatch(value):
        return
    if value == "":
        yield _empty(program, arguments.operands[-1].value)
        return
    places = (text.span(len(text.value) - len(value), len(text.value)),) if value else ()
    name = arguments.operands[-1].value
    is_random = not places and _is_random(run, flag.source.raw)
    yield _finding(program, name, places, is_random=is_random)


def _by_passwd(run: Run, call: Call, program: Program) -> Iterator[Finding]:
    arguments = program.arguments(("-n", "-x", "-w", "-i", "-R"))
    name = arguments.operands[0].value if arguments.operands else "root"
    if arguments.flag("-d", "--delete") is not None:
        if arguments.flag("-l", "--lock") is None:
            yield _empty(program, name)
        return
    if arguments.flags and arguments.flag("--stdin") is None:
        return
    texts = [*_input(call)]
    if texts:
        # What is typed twice is one password.
        places = tuple(
            text.span(0, len(text.value)) for text in texts if UNKNOWN_TEXT not in text.value
        )
        is_random = not places and _is_random(run, call.pipeline.span.text)
        yield _finding(program, name, places, is_random=is_random)


def _input(call: Call) -> Iterator[ShellText]:
    """Yield what a command surely reads: text that is printed before, or a heredoc."""
    for redirection in call.command.redirections:
        given = redirection.body or redirection.target
        if redirection.operator in _INPUTS and given is not None:
            yield word_content(given)
    before = call.pipeline.commands[call.position - 1] if call.position else None
    if isinstance(before, SimpleCommand) and before.words:
        name = before.words[0].value or ""
        words = [w for w in before.words[1:] if w.value not in ("-e", "-n", "-en", "-ne")]
        if name.rpartition("/")[2] in _PRINTERS and words:
            yield joined_content(words)


def _is_random(run: Run, text: str) -> bool:
    """Return whether the build itself makes up the password that a command takes."""
    if _RANDOM.search(text) is not None:
        return True
    import re

    return any(
        re.search(rf"\b{name}=[\"']?(?:\$\(|`)[^()`]*(?:{_RANDOM.pattern})", run.span.text)
        for name in _VARIABLE.findall(text)
    )


def _finding(
    program: Program, name: str | None, secrets: tuple[Span, ...], *, is_random: bool = False
) -> Finding:
    whom = f"`{name}`" if name else "an account"
    which = "a random password of the build" if is_random else "a password"
    return Finding(
        program.word.span,
        f"`{program.name}` gives {whom} {which} that every container has",
        severity=Severity.INFO if is_random else None,
        secrets=secrets,
    )


def _empty(program: Program, name: str | None) -> Finding:
    whom = f"`{name}`" if name else "an account"
    message = f"`{program.name}` leaves {whom} without a password: anyone can log in"
    return Finding(program.word.span, message)
