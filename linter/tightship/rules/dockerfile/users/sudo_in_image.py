"""The image runs a command with sudo.

A build does not need `sudo`: a RUN after `USER root` does the same without it. `sudo`
adds a program that any process of the container can start, and usually a rule that lets
it become root without a password. An attacker who takes over an unprivileged process is
then one command away from root. `no-new-privileges` prevents that, but does not work if
the image itself depends on `sudo`.

`sudo` also starts programs with another environment and another parent process: variables
are lost, and the signal of `docker stop` may not arrive.

## How to fix

Run commands that need root before the final `USER`, or between `USER root` and the
next `USER`. To start a server as another user, set that user with USER; if the
entrypoint has to start as root, let it switch with `exec gosu app …` or `setpriv`,
which replace themselves and cannot make a user root.
"""

from tightship.rules import Bad, Cmd, Entrypoint, Finding, Findings, Good, Healthcheck, Related, Run, ScriptStep, rule  # fmt: skip


@rule(
    on=(Run, Cmd, Entrypoint, Healthcheck),
    severity="info",
    cwe=(250,),
    references=("Docker documentation, Building best practices, USER", "sudo(8)"),
    aliases=(
        "DL3004",
        "trivy:DS-0010",
        "checkov:CKV2_DOCKER_1",
        "semgrep:no-sudo-in-dockerfile",
        "kics:8ada6e80",
    ),
    when=("program_names:sudo",),
    examples=(
        Bad("""
            FROM debian:13
            USER app
            RUN cd /srv && «sudo» make install
        """),
        Bad("""
            FROM debian:13
            RUN ["«sudo»", "make", "install"]
            RUN bash -c "env DEBUG=1 «sudo» -E make install"
            ONBUILD RUN echo ready | «/usr/bin/sudo» tee /ready
        """).because("The rule finds the command in every form."),
        Bad("""
            FROM debian:13
            CMD ["«sudo»", "-u", "app", "/srv/app"]
        """),
        Good("""
            FROM debian:13
            USER root
            RUN make install
            USER app
        """),
        Good("""
            FROM debian:13
            RUN apt-get install -y sudo && echo "app ALL=(ALL) ALL" > /etc/sudoers.d/app
            RUN command -v sudo; echo "sudo is not used"
        """).because("It runs nothing here."),
    ),
)
def sudo_in_image(step: ScriptStep) -> Findings:
    """Point at the first `sudo` of an instruction; the others are reported there."""
    runs = (
        [r for r in call.programs if r.name == "sudo" and not r.is_of_project]
        for call in step.calls
    )
    found = [sudo[0].word.span for sudo in runs if sudo]
    if not found:
        return
    yield Finding(
        found[0],
        f"{step.name} runs a command with `sudo`",
        because=tuple(Related(place, "and here") for place in found[1:]),
    )
