"""A command or a label contains a password or a token.

The text of `RUN`, `CMD`, `ENTRYPOINT`, `HEALTHCHECK` and `LABEL` is in the
configuration and the history of the image. Anyone who can pull the image can read it
with `docker history` and `docker inspect`, and so can anyone who can read the
repository. A password in `CMD` is also in the process list of the host.

The rule finds passwords in variables that a command sets (`PGPASSWORD=… psql`), in
files that it writes (`echo "password=…" > …`), in URLs (`https://user:password@…`), in the arguments that
programs take for them (`curl -u user:password`, `mysql -p…`, `wget --password=…`,
`docker login -p`), in flags with the name of a secret (`--token=…`, `--requirepass …`), and in
labels. It ignores variables and URLs of the machine itself.

## How to fix

Mount the secret for the one step that needs it: `RUN
--mount=type=secret,id=netrc,target=/root/.netrc git clone https://…`. If the
container needs the secret, let it read a file at start. Replace a password that was
in an image or a repository.
"""

from tightship.rules import ACCOUNT_FLAGS, GLUED_PASSWORD, PASSWORD_FLAGS, UNKNOWN_TEXT, Add, Bad, Call, Cmd, Copy, Entrypoint, Finding, Findings, Good, Healthcheck, Iterator, Label, Program, Run, ScriptStep, ShellWord, Span, Step, file_writes, given_password, header_secret, is_loopback_name, is_placeholder_or_reference, known_token, looks_like_secret, program_name, regex, rule, secret_inside, url_credentials, word_content  # fmt: skip

# Programs whose `login` takes a password.
_LOGINS = frozenset(
    ("az", "buildah", "docker", "helm", "nerdctl", "oc", "oras", "podman", "skopeo")
)
# Commands whose last word is a password, as the beginning of their operands, and the
# number of operands (manual pages of the programs).
_POSITIONAL = {
    "htpasswd": ((), 3, ("-b", "--batch")),
    "rabbitmqctl": (("add_user",), 3, ()),
    "mc": (("alias", "set"), 6, ()),
    "aws": (("configure", "set", "aws_secret_access_key"), 4, ()),
}
# Flags whose value is the next word, of any program.
_NAMED = frozenset(
    ("--password", "--passwd", "--token", "--api-key", "--apikey", "--secret",
     "--requirepass", "--masterauth", "--admin-password", "--access-token",
     "--auth-token", "--client-secret", "--secret-key", "--http-password",
     "--ftp-password", "--proxy-password", "--passphrase")
)  # fmt: skip
_ASSIGNING = frozenset(("export", "env", "declare", "typeset", "local", "readonly"))
_TEMPLATE_FILE = regex(r"(?i)example|sample|template|\.dist$")
_OFF = regex(r"(?:no|without|disabled?|locked)-.*")
# One of these is in every step with a secret; looking for it is cheap.
_HINTS = ("@", "alias", "auth", "key", "login", "pass", "secret", "token", "user")
_SHORT_FLAG = regex(r"[ \"'][-][a-z]*[aupw]")
_HOST = regex(r"@(\[[^]]*\]|[^/:?#\s\"')]*)")
_MOST_WORDS = 500
_EXAMPLE = regex(r"(?:.*\.)?example(?:\.(?:com|net|org))?|.*\.(?:test|invalid|localhost)")


@rule(
    on=(Run, Cmd, Entrypoint, Healthcheck, Label, Copy, Add),
    severity="warning",
    cwe=(798,),
    references=("Docker documentation, build secrets",),
    advice="mount it for one step: `RUN --mount=type=secret,id=netrc,target=/root/.netrc …`",
    examples=(
        Bad("""
            FROM debian:13
            RUN git clone https://build:«hunter2»@git.corp.io/tools.git
            RUN curl -fsSL -u build:«hunter2» https://files.corp.io/a.tar.gz -o a.tar.gz
        """),
        Bad("""
            FROM redis:8
            CMD ["redis-server", "--requirepass", "«hunter2»"]
        """),
        Bad("""
            FROM debian:13
            LABEL db.password=«hunter2»
        """),
        Good("""
            FROM debian:13
            ARG TOKEN
            RUN git clone https://build:${TOKEN}@git.corp.io/tools.git
            RUN --mount=type=secret,id=t curl -u "build:$(cat /run/secrets/t)" https://files.corp.io
        """),
        Good("""
            FROM debian:13
            RUN adduser --disabled-password --gecos "" app
            RUN curl http://user:password@localhost/ready
        """),
    ),
)
def credentials_in_command(step: Step) -> Findings:
    """Point at the secret, once for each command, and never repeat it."""
    if isinstance(step, Label):
        yield from _of_labels(step)
        return
    if isinstance(step, (Copy, Add)):
        yield from _of_heredocs(step)
        return
    assert isinstance(step, (Run, Cmd, Entrypoint, Healthcheck))
    text = step.span.text.lower()
    if not any(hint in text for hint in _HINTS) and _SHORT_FLAG.search(text) is None:
        return
    for place, what in _of_commands(step):
        yield Finding(place, f"{step.name} contains {what} as plain text", secrets=(place,))


def _of_labels(step: Label) -> Findings:
    for pair in step.pairs:
        value = pair.value
        if value is None or not value.decided or not value.text:
            continue
        secret = value.text if looks_like_secret(pair.name.text, value.text) else ""
        found = url_credentials(value.text)
        if found is not None and not _is_harmless(value.text, found[1]):
            secret = value.text[slice(*found)]
        if secret and known_token(secret) is None:
            yield Finding(
                value.span.part(secret),
                f"`LABEL {pair.name.text}` contains a secret as plain text",
                secrets=value.written(secret),
            )


def _of_heredocs(step: Copy | Add) -> Findings:
    """Report the first secret of each file that is written in the Dockerfile."""
    for heredoc in step.heredocs:
        found = secret_inside(heredoc.body.text)
        if found is None or _TEMPLATE_FILE.search(heredoc.name):
            continue
        place = heredoc.body.within(*found)
        if known_token(place.text) is None:
            message = f"{step.name} writes a secret into the image as plain text"
            yield Finding(place, message, secrets=(place,))


def _of_commands(step: ScriptStep) -> Iterator[tuple[Span, str]]:
    for call in step.calls:
        program = call.program
        found = _in_assignments(call)
        if found is None and program is not None:
            found = _argument(program) or _in_words(call) or _in_file(call)
        if found is not None and known_token(found[0].text) is None:
            yield found


def _argument(program: Program) -> tuple[Span, str] | None:
    """Return the secret that a program is given as an argument."""
    accounts = ACCOUNT_FLAGS.get(program.name, ())
    passwords = PASSWORD_FLAGS.get(program.name, ())
    if program.name in _LOGINS:
        is_login = any(word.value == "login" for word in program.words[:2])
        passwords = ("-p", "--password") if is_login else ()
    if program.name in GLUED_PASSWORD:
        return _behind_flag(program)
    positional = _POSITIONAL.get(program.name)
    if positional is not None:
        return _at_position(program, positional)
    valued = (*accounts, *passwords, *_NAMED, "-H", "--header")
    for flag in program.arguments(valued, mixed=program.name != "sshpass").flags:
        word, value = flag.source, flag.value
        if word is None or not value:
            continue
        if flag.name in accounts:
            value = value.partition(":")[2]
        elif flag.name in ("-H", "--header"):
            value = header_secret(value)
        elif flag.name not in passwords and not _names_secret(flag.name, value):
            continue
        if value and not is_placeholder_or_reference(value):
            return _place(word, value), "a password" if accounts else "a secret"
    return None


def _behind_flag(program: Program) -> tuple[Span, str] | None:
    """Return the password directly behind `-p`, or that of `--password=`."""
    for word in program.words[:_MOST_WORDS]:
        value = word.value or ""
        password = given_password(program.name, "", value)
        if value.startswith("--password="):
            password = value.partition("=")[2]
        if password and not is_placeholder_or_reference(password):
            return _place(word, password), "a secret"
    return None


def _at_position(
    program: Program, form: tuple[tuple[str, ...], int, tuple[str, ...]]
) -> tuple[Span, str] | None:
    """Return the password that is the last operand of a command of a known form."""
    words, count, flags = form
    arguments = program.arguments()
    operands = arguments.operands
    if len(operands) != count or [one.value for one in operands[: len(words)]] != [*words]:
        return None
    if flags and arguments.flag(*flags) is None:
        return None
    value = operands[-1].value
    if not value or is_placeholder_or_reference(value):
        return None
    return _place(operands[-1], value), "a secret"


def _in_assignments(call: Call) -> tuple[Span, str] | None:
    """Return the secret in `NAME=value` before a command, in `export`, or in `-Dname=`."""
    for one in call.command.assignments:
        value = one.value.value if one.value is not None else None
        if one.value is not None and value and looks_like_secret(one.name, value):
            return _place(one.value, value), "a secret"
    words = call.command.words[:_MOST_WORDS]
    for word in words:
        text = word.value or ""
        if "=" in text and (text.startswith("-D") or program_name(words[0].value) in _ASSIGNING):
            left, _, value = text.removeprefix("-D").partition("=")
            if value and looks_like_secret(left, value):
                return _place(word, value), "a secret"
    return None


def _in_file(call: Call) -> tuple[Span, str] | None:
    """Return the secret in text that a command writes into a file."""
    for path, text in file_writes(call):
        found = secret_inside(text.value)
        if found is None or UNKNOWN_TEXT in text.value[slice(*found)]:
            continue
        if not _TEMPLATE_FILE.search(path):
            return text.span(*found), "a secret"
    return None


def _names_secret(name: str, value: str) -> bool:
    plain = name.lstrip("-")
    return _OFF.fullmatch(plain) is None and looks_like_secret(plain, value)


def _in_words(call: Call) -> tuple[Span, str] | None:
    """Return the password of a URL among the words of a command."""
    for word in call.command.words[:_MOST_WORDS]:
        if "@" not in word.raw:
            continue
        text = word_content(word).value
        found = url_credentials(text)
        if found is None or UNKNOWN_TEXT in text[slice(*found)]:
            continue
        if not _is_harmless(text, found[1]):
            return _place(word, text[slice(*found)]), "the password of a URL"
    return None


def _place(word: ShellWord, secret: str) -> Span:
    text = word_content(word)
    at = text.value.rfind(secret)
    return text.span(at, at + len(secret)) if at >= 0 else word.span


def _is_harmless(text: str, end: int) -> bool:
    """Return whether the URL is of the machine itself or of an example."""
    found = _HOST.match(text, end)
    name = found[1] if found is not None else ""
    return is_loopback_name(name) or _EXAMPLE.fullmatch(name) is not None
