"""Several sources have a destination that does not end in `/`.

With several sources the destination has to be a folder, and the Dockerfile reference
requires a `/` at its end. Without it, Docker's older builder stops. BuildKit copies
one file after the other to the same path: only the last one remains, under a wrong
name.

The rule reports nothing if the destination is certainly a folder, such as `.`, the WORKDIR
or a folder that an earlier step creates.

## How to fix

End the destination with `/`.
"""

import posixpath

from tightship.rules import Add, Argument, Bad, Copy, Edit, FilesStep, Finding, Findings, Fix, Good, Iterator, Run, Span, Step, Volume, Workdir, is_long, passed, rule, with_defaults  # fmt: skip

_SYSTEM_FOLDERS = """
/ /bin /dev /etc /home /lib /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var
/usr/bin /usr/lib /usr/local /usr/local/bin /usr/sbin /usr/share /usr/src /var/lib /var/log
/var/tmp
"""
_OF_EVERY_SYSTEM = frozenset(_SYSTEM_FOLDERS.split())


@rule(
    on=(Add, Copy),
    severity="warning",
    fix="keeps-behaviour",
    references=("Dockerfile reference, COPY, destination",),
    aliases=("DL3021", "trivy:DS-0011", "kics:6db6e0c2"),
    examples=(
        Bad("""
            FROM node:24
          - COPY package.json package-lock.json «/app»
          + COPY package.json package-lock.json /app/
        """),
        Bad("""
            FROM node:24
          - COPY ["a b.json", "c.json", «"/app"»]
          + COPY ["a b.json", "c.json", "/app/"]
        """),
        Good("""
            FROM node:24
            WORKDIR /app
            COPY package.json package-lock.json ./
            COPY src tests .
            COPY LICENSE README.md /app
        """).because("The last one is the WORKDIR, which exists."),
        Good("""
            FROM node:24
            COPY *.json /app
        """).because("A pattern may match one file."),
    ),
)
def several_sources_without_folder(step: FilesStep) -> Findings:
    """Point at the destination."""
    to = step.destination
    if len(step.sources) + len(step.heredocs) < 2 or to is None or not to.decided:
        return
    path = to.text
    if not path or path.endswith(("/", "\\")) or "\\" in path:
        return
    if step.stage.build.file.template is not None:  # `{{ name }}` is three words
        return
    if step.stage.system == "windows" or step.instruction.flag("parents"):
        return
    if is_long(step.stage):
        return
    if posixpath.basename(path) in (".", "..") or _is_folder(step, path):
        return
    yield Finding(
        to.span,
        f"`{path}` must be a folder for {len(step.sources) + len(step.heredocs)}"
        f" sources, but does not end in `/`{with_defaults(to)}",
        fix=_fix(to),
        because=passed(to),
    )


def _is_folder(step: FilesStep, path: str) -> bool:
    """Return whether something before makes the path a folder, or may make it one."""
    known: set[str] = set()
    is_empty = step.stage.is_from_scratch
    place = "/" if is_empty else ""
    for one in _before(step):
        if isinstance(one, Workdir) and one.value is not None:
            place = posixpath.join(place, one.value.text)
            known.add(place)
        elif isinstance(one, (Add, Copy)) and one.destination is not None:
            text = one.destination.text
            is_folder = text.endswith("/") or len(one.sources) > 1
            here = posixpath.join(place, text)
            known.add(here if is_folder else posixpath.dirname(here))
            if text.rstrip("/") == path:  # a folder was copied there, or a file
                return True
        elif isinstance(one, Volume):
            known.update(argument.text for argument in one.arguments)
        elif isinstance(one, Run) and path.strip("/") in one.span.text:
            return True
    full = posixpath.normpath(posixpath.join(place, path))
    if not is_empty and full in _OF_EVERY_SYSTEM:
        return True
    return any(_is_within(full, posixpath.normpath(one)) for one in known if one)


def _before(step: FilesStep) -> Iterator[Step]:
    for stage in reversed(step.stage.ancestry):
        for one in stage.effective_steps:
            if one is step:
                return
            yield one


def _is_within(path: str, other: str) -> bool:
    return other == path or other.startswith(f"{path.rstrip('/')}/")


def _fix(to: Argument) -> Fix | None:
    """Add the slash where the word is written as it is meant."""
    written = to.span.text
    if to.reads or written.strip("\"'") != to.text:
        return None
    end = to.span.end - (written[-1] in "\"'")
    place = Span(to.span.source, end, end)
    return Fix.keeps("End it with `/`", (Edit(place, "/"),))
