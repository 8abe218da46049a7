"""A user of the image can run every command as root, without a password.

With `NOPASSWD: ALL`, or `permit nopass` of doas, the user of the image can do everything that root can. An attacker
who takes over its process writes `sudo` before a command, and `USER` protects nothing.
`no-new-privileges` would stop that, but does not work if the image itself depends on
`sudo`.

The rule ignores stages whose files are only copied, and lines for root itself.

## How to fix

Run commands that need root before the last `USER`, and remove the line. If one
program has to run as root, name it: `app ALL=(root) NOPASSWD: /usr/sbin/service nginx
reload`.
"""

from itertools import chain

from tightship.rules import Add, Bad, Copy, Finding, Findings, Good, Iterator, Run, ShellText, Step, file_writes, regex, rule, shipped_stages  # fmt: skip

_FILE = regex(r"(?:.*/)?etc/(?:sudoers|doas)(?:\.d/.*|\.conf)?")
_BLANK = r"(?:[ \t]|\\t)"
_LINE = regex(
    rf"(?:\A|\n|\\n){_BLANK}*+(?P<who>[^\s#\\]+){_BLANK}++[^\s=]+{_BLANK}*+={_BLANK}*+"
    rf"(?:\\?\([^)\n]*\){_BLANK}*+)?(?:[A-Z]+:{_BLANK}*+)*?"
    rf"(?P<at>NOPASSWD:{_BLANK}*+(?:[A-Z]+:{_BLANK}*+)*+ALL)(?![\w/])"
)
_OF_DOAS = regex(
    r"(?:\A|\n|\\n)[ \t]*+permit(?:[ \t]++(?:persist|keepenv))*+[ \t]++(?P<at>nopass)"
    r"(?:[ \t]++keepenv)*+[ \t]++(?P<who>[\w:.-]++)(?:[ \t]++as[ \t]++root)?+[ \t]*+(?=\n|\\n|\Z)"
)


@rule(
    on=(Run, Copy, Add),
    severity="warning",
    cwe=(250,),
    references=("sudoers(5), NOPASSWD",),
    when=("texts:NOPASS",),
    examples=(
        Bad("""
            FROM debian:13
            RUN echo 'app ALL=(ALL) «NOPASSWD: ALL»' > /etc/sudoers.d/app
            USER app
        """),
        Bad("""
            FROM debian:13
            COPY <<EOF /etc/sudoers.d/wheel
            %wheel ALL=(ALL:ALL) «NOPASSWD:ALL»
            EOF
        """),
        Bad("""
            FROM alpine:3.22
            RUN echo 'permit «nopass» :wheel' > /etc/doas.d/wheel.conf
        """),
        Good("""
            FROM debian:13
            RUN echo 'app ALL=(root) NOPASSWD: /usr/sbin/service nginx reload' \\
                > /etc/sudoers.d/app
        """),
        Good("""
            FROM debian:13 AS build
            RUN echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app

            FROM alpine:3.22
            COPY --from=build /app /app
        """).because("The file is not in the image."),
    ),
)
def sudo_without_password(step: Step) -> Findings:
    """Point at the tag and the `ALL` behind it."""
    for text in _sudoers(step):
        for found in chain(_LINE.finditer(text.value), _OF_DOAS.finditer(text.value)):
            if found["who"] == "root":
                continue
            if step.stage not in shipped_stages(step.stage.build):
                return
            who = found["who"] if "\0" not in found["who"] else ""
            yield Finding(
                text.span(*found.span("at")),
                f"{f'`{who}`' if who else 'a user'} can run every command as root,"
                " without"
                " a password",
            )


def _sudoers(step: Step) -> Iterator[ShellText]:
    """Yield the texts that a step writes to the configuration of sudo or doas."""
    if isinstance(step, Run):
        for call in step.calls:
            for path, text in file_writes(call):
                if _FILE.fullmatch(path):
                    yield text
    elif isinstance(step, (Add, Copy)) and step.destination is not None:
        path = step.destination.text
        for heredoc in step.heredocs:
            if _FILE.fullmatch(path + heredoc.name if path.endswith("/") else path):
                yield ShellText.of(heredoc.body)
