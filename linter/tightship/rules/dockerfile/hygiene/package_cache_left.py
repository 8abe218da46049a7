"""The cache of a package manager stays in the layer.

Package lists and archives have no use in an image. They make it larger for everyone
who pulls it, and a later `RUN rm` only hides them. The rule reports nothing if the
step removes them or mounts a cache in their place, or if other stages only copy files
from this one.

## How to fix

Remove the cache in the same step (`rm -rf /var/lib/apt/lists/*`, `dnf clean all`,
`zypper clean`, `yarn cache clean`), do not store it (`apk add --no-cache`, `pip
install --no-cache-dir`), or mount a cache: `RUN
--mount=type=cache,target=/root/.cache/pip …`.
"""

from tightship.rules import Bad, Call, Edit, Finding, Findings, Fix, Good, Installation, Iterator, PackageCommand, Run, ShellWord, Span, rule, shipped_stages  # fmt: skip

# Text of a step that removes the cache, or mounts another folder there.
_REMOVED = {
    "apt": ("/var/lib/apt", "/var/cache/apt", "distclean"),
    "apk": ("/var/cache/apk", "/etc/apk/cache", "cache clean"),
    "yum": ("/var/cache", "clean"),
    "zypper": ("/var/cache", "clean", " cc"),
    "pip": ("no-cache", "NO_CACHE_DIR", "/.cache", "cache purge", "cache-dir"),
    "yarn": ("cache clean", "cache-folder", "/.cache", ".yarn", "CACHE_FOLDER"),
}
_FRESH = ("--no-cache",)


@rule(
    on=Run,
    severity="info",
    fix="safe",
    references=("Docker, Building best practices, apt-get",),
    aliases=(
        "DL3009",
        "DL3019",
        "DL3032",
        "DL3036",
        "DL3040",
        "DL3042",
        "DL3060",
        "trivy:DS-0015",
        "trivy:DS-0019",
        "trivy:DS-0020",
        "trivy:DS-0025",
        "trivy:DS-0027",
        "semgrep:missing-apk-no-cache",
        "semgrep:missing-dnf-clean-all",
        "semgrep:missing-pip-no-cache-dir",
        "semgrep:missing-zypper-clean",
        "semgrep:remove-package-cache",
        "semgrep:remove-package-lists",
        "kics:ae9c56a6",
        "kics:df746b39",
        "kics:295acb63",
        "kics:38300d1a",
        "kics:f2f903fb",
        "kics:00481784",
    ),
    advice="remove the cache in the same step, or mount one: `RUN"
    " --mount=type=cache,target=/root/.cache/pip …`",
    examples=(
        Bad("""
            FROM alpine:3.22
            RUN apk «add» curl
        """).becomes("""
            FROM alpine:3.22
            RUN apk add --no-cache curl
        """),
        Bad("""
            FROM python:3.14
            RUN pip «install» -r requirements.txt
        """).becomes("""
            FROM python:3.14
            RUN pip install --no-cache-dir -r requirements.txt
        """),
        Bad("""
            FROM debian:13
            RUN apt-get «update» && apt-get install -y curl
            RUN dnf «install» -y curl
            RUN yarn «install»
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
    """Point at the command that stores, once for each kind of cache."""
    seen = set[str]()
    for call in run.calls:
        for kind, verb, title, flag in _storing(call):
            if kind in seen:
                continue
            seen.add(kind)
            if any(mark in run.span.text for mark in _REMOVED[kind]):
                continue
            if kind == "pip" and _is_set(run, "PIP_NO_CACHE_DIR"):
                continue
            if run.stage not in shipped_stages(run.stage.build):
                return
            yield Finding(
                verb.span,
                f"the cache of `{title}` stays in the layer",
                fix=_fix(verb, flag) if flag and not run.is_exec_form else None,
            )


def _is_set(run: Run, name: str) -> bool:
    """Return whether the file sets a variable; the base image may do so, too."""
    variable = run.lookup(name)
    return variable is not None and variable.kind != "unknown"


def _storing(call: Call) -> Iterator[tuple[str, ShellWord, str, str]]:
    """Yield the kind of cache, the verb, the command, and the flag that avoids it."""
    command = PackageCommand.of(call)
    if command is not None and not command.only_shows:
        family, action = command.family, command.action
        if family == "apt" and action == "refresh":
            yield family, command.verb, command.title, ""
        elif action == "install" and family != "apt":
            if family == "apk" and command.arguments.flag(*_FRESH) is not None:
                return
            flag = "--no-cache" if family == "apk" else ""
            yield family, command.verb, command.title, flag
    installation = Installation.of(call)
    if installation is not None and installation.name == "pip":
        yield "pip", installation.verb, "pip install", "--no-cache-dir"
    program = call.program
    if program is not None and program.name == "yarn":
        operands = program.arguments(("--cwd", "--network-timeout")).operands
        if operands and operands[0].value == "install":
            yield "yarn", operands[0], "yarn install", ""


def _fix(verb: ShellWord, flag: str) -> Fix | None:
    place = verb.span
    if place.text != verb.value:
        return None
    end = Span(place.source, place.end, place.end)
    return Fix.safe(f"Add `{flag}`", (Edit(end, f" {flag}"),))
