"""A user of the image can run every command as root, without a password.

With `NOPASSWD: ALL`, or `permit nopass` of doas, the user of the image can do everything that
root can. An attacker
who takes over its process writes `sudo` before a command, and `USER` protects nothing.
`no-new-privileges` would stop that, but does not work if the image itself depends on
`sudo`.

The rule ignores stages whose files are only copied, and lines for root itself.

## How to fix

Run commands that need root before the last `USER`, and remove the line. If one
program has to run as root, name it: `app ALL=(root) NOPASSWD: /usr/sbin/service nginx
reload`.
"""

from tightship.rules import Add, Bad, Copy, Finding, Findings, Good, Related, Run, Step, regex, rule, shipped_stages, written_texts  # fmt: skip

_FILE = regex(r"(?s).*/etc/(?:sudoers(?:\.d/.*)?|doas(?:\.conf|\.d/.*))")
_BLANK = r"(?:[ \t]|\\t)"
_LINE = regex(
    rf"(?:\A|\n|\\n){_BLANK}*+(?P<who>[^\s#\\]+){_BLANK}++[^\s=]+{_BLANK}*+={_BLANK}*+"
    rf"(?:\\?\([^)\n]*\){_BLANK}*+)?(?:[A-Z]+:{_BLANK}*+)*?"
    rf"(?P<at>NOPASSWD:{_BLANK}*+(?:[A-Z]+:{_BLANK}*+)*+ALL)(?![\w/])"
)
# A line of doas.conf(5) without `cmd`.
_OF_DOAS = regex(
    rf"(?:\A|\n|\\n){_BLANK}*+permit{_BLANK}++(?:(?:persist|keepenv){_BLANK}++)*(?P<at>nopass)"
    rf"{_BLANK}++(?:keepenv{_BLANK}++)?(?P<who>[^\s#\\]+)(?:{_BLANK}++as{_BLANK}++root)?"
    rf"{_BLANK}*+(?=\Z|\n|\\n|#)"
)


@rule(
    on=(Run, Copy, Add),
    severity="warning",
    cwe=(250,),
    references=("sudoers(5), NOPASSWD", "doas.conf(5), nopass"),
    when=("texts:SUDOERS", "texts:DOAS"),
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
    """Point at the tag and the `ALL` behind it, or at the file that has them."""
    for _, text, copied in written_texts(step, _FILE.fullmatch):
        for pattern in (_LINE, _OF_DOAS):
            for found in pattern.finditer(text.value):
                if found["who"] == "root":
                    continue
                if step.stage not in shipped_stages(step.stage.build):
                    return
                who = found["who"] if "\0" not in found["who"] else ""
                place = text.span(*found.span("at"))
                yield Finding(
                    copied or place,
                    f"{f'`{who}`' if who else 'a user'} can run every command as root,"
                    " without a password",
                    because=(Related(place, "this line says so"),) if copied else (),
                )
