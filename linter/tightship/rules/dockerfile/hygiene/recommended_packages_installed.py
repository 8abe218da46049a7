"""`apt-get` installs packages that are only recommended.

They are often more than half of the installed packages: documentation, tools and
servers that the image does not need, but that you have to pull, scan and update, and
that an attacker can use.

## How to fix

Add `--no-install-recommends`, and name the recommended packages that are needed.
"""

from functools import lru_cache

from tightship.rules import Bad, Build, Edit, Finding, Findings, Fix, Good, Run, Span, rule  # fmt: skip

_LEAVING_OUT = ("--no-install-recommends", "-R", "--without-recommends")


@rule(
    on=Run,
    severity="info",
    fix="changes-behaviour",
    references=("apt-get(8), --no-install-recommends",),
    aliases=("DL3015", "trivy:DS-0029", "semgrep:missing-no-install-recommends", "kics:7384dfb2"),
    examples=(
        Bad("""
            FROM debian:13
          - RUN apt-get update && apt-get «install» -y git
          + RUN apt-get update && apt-get install --no-install-recommends -y git
        """),
        Good("""
            FROM debian:13
            RUN apt-get update && apt-get install -y --no-install-recommends git
        """),
        Good("""
            FROM debian:13
            RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/90lean
            RUN apt-get update && apt-get install -y git
        """),
    ),
)
def recommended_packages_installed(run: Run) -> Findings:
    """Point at the verb."""
    if _may_be_configured(run.stage.build):
        return
    for command in run.package_commands:
        if command.manager.name != "apt" or command.verb.value != "install":
            continue
        if command.only_shows or command.is_idle or command.may_have_options:
            continue
        if command.arguments.flag(*_LEAVING_OUT) is not None:
            continue
        verb = command.verb
        yield Finding(
            verb.span,
            f"`{command.title}` also installs recommended packages",
            fix=None if run.is_exec_form else _fix(verb.span, verb.value),
        )


@lru_cache(maxsize=1)
def _may_be_configured(build: Build) -> bool:
    return "nstall-Recommends" in build.source.text


def _fix(verb: Span, word: str | None) -> Fix | None:
    if verb.text != word:
        return None
    end = Span(verb.source, verb.end, verb.end)
    return Fix.changes(
        "Add `--no-install-recommends`",
        (Edit(end, " --no-install-recommends"),),
        may_break="a program in the image that needs a recommended package, such as certificates",
    )
