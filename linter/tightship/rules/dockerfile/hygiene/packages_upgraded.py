"""All packages of the base image are upgraded in the build.

The layer then holds each package a second time, the result depends on the day of the
build, and the build cache keeps the step, so the next build upgrades nothing. New
versions come with a new base image. `pacman -Syu` is not reported: Arch Linux supports no
other way to install a package.

## How to fix

Build from a newer tag or digest of the base image. If one package has to be newer, name it:
`apt-get install -y --only-upgrade openssl`.
"""

from tightship.rules import Bad, Finding, Findings, Good, Run, rule

# Packages that follow are upgraded, too. All verbs of apt are so.
_WHOLE = ("dist-upgrade", "dup")
_APT = "apt apt-get aptitude"
_IDS = {
    "DL3035": "zypper",
    "trivy:DS-0024": _APT,
    "semgrep:avoid-apk-upgrade": "apk",
    "semgrep:avoid-apt-get-upgrade": _APT,
    "semgrep:avoid-dnf-update": "dnf microdnf tdnf",
    "semgrep:avoid-yum-update": "yum",
    "semgrep:avoid-zypper-update": "zypper",
}


@rule(
    on=Run,
    severity="info",
    references=("Docker, Building best practices, rebuild images often",),
    aliases=(*_IDS,),
    examples=(
        Bad("""
            FROM debian:13
            RUN apt-get update && apt-get «dist-upgrade» -y
        """),
        Bad("""
            FROM rockylinux:9
            RUN yum «update» -y && yum install -y nginx
        """),
        Good("""
            FROM rockylinux:9
            RUN yum update -y openssl
        """).because("One package was named."),
        Good("""
            FROM debian:13
            RUN apt-get update && apt-get install -y nginx
        """),
    ),
)
def packages_upgraded(run: Run) -> Findings:
    """Point at the verb."""
    for command in run.package_commands:
        manager, verb = command.manager, command.verb
        if command.action != "upgrade" or command.only_shows or manager.name == "pacman":
            continue
        is_whole = verb.value in _WHOLE
        is_partial = command.operands and manager.name != "apt" and not is_whole
        if manager.is_system and not is_partial:
            ids = command.known_as(_IDS)
            yield Finding(
                verb.span,
                f"`{command.title}` upgrades the packages of the base image: use a newer image",
                known_as=ids if is_whole else tuple(one for one in ids if one != "DL3035"),
            )
