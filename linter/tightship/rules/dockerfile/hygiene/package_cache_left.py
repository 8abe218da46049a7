"""The cache of a package manager stays in the layer.

Package lists and archives have no use in an image. They make it larger for everyone
who pulls it, and a later `RUN rm` only hides them.

The rule looks at apt, apk, dnf, yum, zypper, pacman, pip, poetry, npm, yarn and composer, and
follows the commands of a step in their order. It reports nothing if the step empties the folder
after it is filled, or mounts something in its place, if an option or a variable puts the cache
elsewhere, or if other stages only copy files from this one. If a function, or an unknown
program that gets its path, may empty a folder, nothing is reported either. A script that does not
name the folder leaves it as it is.

apt has two folders: a cache in place of `/var/cache/apt` leaves the lists in `/var/lib/apt`. The
images of Debian and Ubuntu delete the archives in `/var/cache/apt` themselves, so these are only
reported if a step removes the setting for that, `/etc/apt/apt.conf.d/docker-clean`.

## How to fix

Remove the cache in the same step (`rm -rf /var/lib/apt/lists/*`, `dnf clean all`,
`zypper clean`, `yarn cache clean`), do not store it (`apk add --no-cache`, `pip
install --no-cache-dir`), or mount a cache: `RUN
--mount=type=cache,target=/root/.cache/pip …`.
"""

from tightship.rules import Bad, Edit, Finding, Findings, Fix, Good, Mapping, Run, Span, package_files, rule, shipped_stages  # fmt: skip

_APT, _DNF = "apt apt-get aptitude", "dnf microdnf tdnf"
_IDS = {
    "DL3009": _APT,
    "DL3019": "apk",
    "DL3032": "yum",
    "DL3036": "zypper",
    "DL3040": _DNF,
    "DL3042": "pip",
    "DL3060": "yarn",
    "trivy:DS-0015": "yum",
    "trivy:DS-0019": "dnf tdnf",
    "trivy:DS-0020": "zypper",
    "trivy:DS-0025": "apk",
    "trivy:DS-0027": "microdnf",
    "semgrep:missing-apk-no-cache": "apk",
    "semgrep:missing-dnf-clean-all": "dnf",
    "semgrep:missing-pip-no-cache-dir": "pip",
    "semgrep:missing-zypper-clean": "zypper",
    "semgrep:remove-package-cache": f"apk {_APT} {_DNF} yum zypper",
    "semgrep:remove-package-lists": _APT,
    "kics:ae9c56a6": "apk",
    "kics:df746b39": _APT,
    "kics:295acb63": "dnf",
    "kics:38300d1a": "zypper",
    "kics:f2f903fb": "pip",
    "kics:00481784": "yum",
}
_STORING = frozenset(
    ("apk", "apt", "composer", "npm", "pacman", "pip", "poetry", "yarn", "yum", "zypper")
)
_DOCKER_CLEAN = "/docker-clean"
_AVOIDING = {"apk": "--no-cache", "pip": "--no-cache-dir"}


@rule(
    on=Run,
    severity="info",
    fix="keeps-behaviour",
    references=("Docker, Building best practices, apt-get",),
    aliases=(*_IDS,),
    advice="remove the cache in the same step, or mount one: `RUN"
    " --mount=type=cache,target=/root/.cache/pip …`",
    examples=(
        Bad("""
            FROM alpine:3.22
          - RUN apk «add» curl
          + RUN apk add --no-cache curl
        """),
        Bad("""
            FROM python:3.14
          - RUN pip «install» -r requirements.txt
          + RUN pip install --no-cache-dir -r requirements.txt
        """),
        Bad("""
            FROM debian:13
            RUN apt-get «update» && apt-get install -y curl
            RUN dnf «install» -y curl
            RUN yarn «install»
        """),
        Bad("""
            FROM rockylinux:9
            RUN dnf clean all && dnf «install» -y curl
        """),
        Bad("""
            FROM debian:13
            RUN --mount=type=cache,target=/var/cache/apt \\
                apt-get «update» && apt-get install -y curl
        """),
        Good("""
            FROM debian:13
            RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
            RUN --mount=type=cache,target=/root/.cache/pip pip install flask
            RUN dnf install -y curl && dnf clean all
        """),
        Good("""
            FROM debian:13 AS build
            RUN apt-get update && apt-get install -y gcc
            FROM debian:13
            COPY --from=build /app /app
        """).because("Other stages only copy files from this one."),
    ),
)
def package_cache_left(run: Run) -> Findings:
    """Point at the command that stores, once for each package manager."""
    if not run.package_commands:
        return
    targets = [one.target for one in run.mounts]
    places = [one.text if one.decided else "" for one in targets if one is not None]
    seen: set[str] = set()
    for command, store in package_files.remaining(run.calls, lambda name: _is_set(run, name)):
        of = command.manager
        if of.name in seen or of.name not in _STORING or _is_mounted(store, places):
            continue
        if store["name"] == "archives" and not _keeps_archives(run):
            continue
        seen.add(of.name)
        if run.stage not in shipped_stages(run.stage.build):
            return
        verb, flag = command.verb.span, _AVOIDING.get(of.name)
        yield Finding(
            verb,
            f"the cache of `{command.title}` stays in the layer",
            fix=_fix(verb, flag) if flag and not run.is_exec_form else None,
            known_as=command.known_as(_IDS),
        )


def _is_set(run: Run, name: str) -> bool:
    """Return whether the file sets a variable; the base image may do so, too."""
    variable = run.lookup(name)
    return variable is not None and variable.kind != "unknown"


def _keeps_archives(run: Run) -> bool:
    """Return whether a step has removed the setting with which an image deletes archives of apt."""
    stage = run.stage
    return _DOCKER_CLEAN in stage.build.source.text and any(
        call.program is not None
        and call.program.name == "rm"
        and any((word.value or "").endswith(_DOCKER_CLEAN) for word in call.command.words)
        for one in stage.ancestry
        for step in (one.steps[: run.index + 1] if one is stage else one.steps)
        if isinstance(step, Run)
        for call in step.calls
    )


def _is_mounted(store: Mapping[str, str], places: list[str]) -> bool:
    """Return whether a mount takes the place of a folder; a target may be unknown."""
    return any(not one or package_files.covers(one, store) for one in places)


def _fix(verb: Span, flag: str) -> Fix | None:
    if verb.text not in ("add", "install", "upgrade"):
        return None
    end = Span(verb.source, verb.end, verb.end)
    return Fix.keeps(f"Add `{flag}`", (Edit(end, f" {flag}"),))
