"""A package manager asks for confirmation, which stops the build.

A build has no terminal. `yum`, `dnf` and `pacman` read the end of the input as "no" and stop
with an error. `zypper` and `pip uninstall` stop because they cannot read. `apt-get` stops if
it has to install more than the named packages, and `apt-get -f install` if it repairs
something. So the build fails, or it works until a package gets a new dependency. A build with
`apt-get autoremove` works as long as there is nothing to remove.

The rule reports nothing if the command reads from a pipe, if a file of the image sets the
answer (`APT::Get::Assume-Yes`, `assumeyes`), or if a variable may hold the flag.

## How to fix

Add `-y`: `apt-get install -y curl`. For `pacman`, add `--noconfirm`.
"""

from functools import lru_cache

from tightship.rules import Add, Bad, Build, Copy, Edit, Finding, Findings, Fix, Good, PackageCommand, Run, Severity, Span, may_have_input, regex, rule  # fmt: skip

_IDS = {
    "DL3014": "apt apt-get aptitude",
    "DL3030": "yum",
    "DL3034": "zypper",
    "DL3038": "dnf microdnf tdnf",
    "trivy:DS-0021": "apt apt-get",
    "semgrep:missing-yum-assume-yes-switch": "yum",
    "semgrep:missing-dnf-assume-yes-switch": "dnf",
    "semgrep:missing-assume-yes-switch": "apt apt-get",
    "kics:77783205": "apt apt-get",
    "kics:7ebd323c": "dnf",
    "kics:45e1fca5": "zypper",
    "kics:6e19193a": "yum",
}
# Of apt; any other verb of it asks (apt-private/private-install.cc, DoInstall).
_WHERE = {
    "autoremove": " if it removes anything",
    "install": " if it has to install other packages, too",
    "reinstall": " if it has to install other packages, too",
}
_QUIET = ("-q", "--quiet")
_CONFIGURED = regex(r"(?i)get::assume-yes|(?<!-)assumeyes")
_FILE = regex(r"[^/.*?\[]\.[a-z][a-z0-9]{0,4}$")
_CONFIGURATION = regex(r"/etc(?:/(?:apt|yum|dnf|zypp)(?:[/.].*)?)?/?|/")


@rule(
    on=Run,
    severity="warning",
    severity_note="info for `autoremove`, which usually finds nothing",
    fix="keeps-behaviour",
    references=(
        "apt-get(8), --yes",
        "dnf(8), --assumeyes",
        "zypper(8), --no-confirm",
        "pacman(8), --noconfirm",
    ),
    aliases=(*_IDS,),
    examples=(
        Bad("""
            FROM debian:13
          - RUN apt-get update && apt-get «install» --no-install-recommends curl
          + RUN apt-get update && apt-get install -y --no-install-recommends curl
        """),
        Bad("""
            FROM rockylinux:9
          - RUN dnf «upgrade» && dnf «install» nginx
          + RUN dnf upgrade -y && dnf install -y nginx
        """),
        Bad("""
            FROM archlinux:base
          - RUN pacman «-Sy» nginx
          + RUN pacman -Sy --noconfirm nginx
        """),
        Bad("""
            FROM opensuse/leap:15.6
            RUN ["zypper", "«install»", "nginx"]
        """),
        Bad("""
            FROM debian:13
          - RUN apt-get purge -y gcc && apt-get «autoremove»
          + RUN apt-get purge -y gcc && apt-get autoremove -y
        """).at("info"),
        Good("""
            FROM debian:13
            RUN apt-get install -yq curl && apt-get -qq install jq
            RUN yes | apt-get install git
        """).because("`-qq` implies `-y`."),
        Good("""
            FROM debian:13
            RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90yes
            RUN apt-get install curl
        """),
        Good("""
            FROM alpine:3.22
            RUN apk add nginx
        """).because("`apk` does not ask."),
    ),
)
def unattended_confirmation(run: Run) -> Findings:
    """Point at the verb of each command that waits for an answer."""
    for command in run.package_commands:
        if not _asks(command) or may_have_input(command.call, run.calls) or _is_configured(run):
            continue
        verb = command.verb
        where = _WHERE.get(verb.value or "", "") if command.manager.name == "apt" else ""
        yield Finding(
            verb.span,
            f"`{command.title}` asks for confirmation{where}, which stops the build",
            severity=Severity.INFO if where == _WHERE["autoremove"] else None,
            fix=None if run.is_exec_form else _fix(verb.span, verb.value, command.confirming),
            known_as=command.known_as(_IDS),
        )


def _asks(command: PackageCommand) -> bool:
    """Return whether nothing in the command answers, or may answer."""
    asks = command.manager.words("asks")
    # microdnf takes `-y`, and does not ask.
    if command.action not in asks or command.only_shows or command.name == "microdnf":
        return False
    if command.is_idle or command.flag("answers") or command.may_have_options:
        return False
    quiet = [flag for flag in command.arguments.flags if flag.name in _QUIET]
    return command.manager.name != "apt" or (
        len(quiet) < 2 and all(flag.word.raw == flag.name for flag in quiet)
    )


def _is_configured(run: Run) -> bool:
    """Return whether a file that is there before a step may answer."""
    if _may_be_configured(run.stage.build):
        return True
    return any(
        isinstance(step, (Add, Copy)) and _may_configure(step)
        for one in run.stage.ancestry
        for step in (one.steps[: run.index] if one is run.stage else one.steps)
    )


def _may_configure(step: Add | Copy) -> bool:
    """Return whether a copy may bring a file with settings of a package manager."""
    to = step.destination
    if to is None or not to.decided:
        return to is not None
    if _CONFIGURATION.fullmatch(to.text) is None:
        return False
    # `COPY start.sh /` is a file in the root folder; ADD may unpack it.
    is_in_root = to.text == "/" and all(_FILE.search(one.text) for one in step.sources)
    return isinstance(step, Add) or not is_in_root


@lru_cache(maxsize=1)
def _may_be_configured(build: Build) -> bool:
    return _CONFIGURED.search(build.source.text) is not None


def _fix(verb: Span, word: str | None, flag: str) -> Fix | None:
    if verb.text != word:
        return None
    end = Span(verb.source, verb.end, verb.end)
    return Fix.keeps(f"Add `{flag}`", (Edit(end, f" {flag}"),))
