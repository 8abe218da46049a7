"""A user who is not root changes the mode or the owner of a file that belongs to root.

Files that COPY takes from the build context belong to root, also after `USER`. Only the
owner of a file can change its mode, and only root can change its owner. `chmod` and
`chown` fail with `Operation not permitted`, and the build stops. People then often let
the container run as root.

The rule reports `chmod`, `chown` and `chgrp` on a file that COPY certainly put there, and
`chown -R` on a folder with such files. It reports nothing if a step in between may have
replaced the file. A folder is not affected if WORKDIR created it: BuildKit gives it to the
user.

## How to fix

Let COPY set the owner, `COPY --chown=app`, or the mode, `COPY --chmod=755`. Files that the
program only reads can stay with root as the owner, which keeps the program from changing
them: then set the mode before `USER`.
"""

import posixpath

from tightship.rules import Add, Bad, Call, Copy, Edit, Finding, Findings, Fix, Good, Iterator, Program, Related, Run, ShellWord, Span, absolute_path, is_long, names_root, rule  # fmt: skip

_CHANGERS = frozenset(("chgrp", "chmod", "chown"))
_REPLACERS = frozenset(("find", "git", "mv", "rm", "rsync"))
_PLAIN = frozenset(("chmod", "link"))


@rule(
    on=Run,
    severity="warning",
    fix="changes-behaviour",
    references=("Dockerfile reference, COPY --chown", "chmod(2)", "chown(2)"),
    aliases=("tally:copy-after-user-without-chown",),
    when=("user",),
    examples=(
        Bad("""
            FROM debian:13
            RUN useradd app
            USER app
          - COPY start.sh /srv/
          + COPY --chown=app start.sh /srv/
            RUN chmod +x «/srv/start.sh»
        """),
        Bad("""
            FROM node:24
            WORKDIR /srv/app
            COPY . .
            USER node
            RUN npm ci && chown -R node:node «.»
        """),
        Good("""
            FROM node:24
            WORKDIR /srv/app
            COPY . .
            RUN chown -R node:node . && chmod +x start.sh
            USER node
        """).because("Root can change the mode and the owner of every file."),
        Good("""
            FROM debian:13
            RUN useradd app
            USER app
            COPY --chown=app start.sh /srv/
            COPY stop.sh /srv/
            RUN chmod +x /srv/start.sh
            RUN sed -i 's/\\r$//' /srv/stop.sh && chmod +x /srv/stop.sh
            RUN chown -R app /srv || true
        """).because("`sed -i` writes a new file, which belongs to the user."),
        Good("""
            FROM golang:1.25 AS build
            RUN go build -o /out/tool
            FROM debian:13
            USER 1000
            COPY --from=build /out/tool /srv/tool
            RUN chmod +x /srv/tool
        """).because("Files from a stage keep their owner."),
    ),
)
def copied_file_owned_by_root(run: Run) -> Findings:
    """Point at each path whose mode or owner the user of a RUN cannot change."""
    name = _other_than_root(run)
    if name is None or run.mounts or run.stage.system == "windows":
        return
    if is_long(run.stage):
        return
    for at, call in enumerate(run.calls):
        program = call.program
        if program is None or program.name not in _CHANGERS or not _counts(call):
            continue
        recursive, words = _changed(program)
        for word in words:
            copy = _copy_of(run, at, word.value or "", recursive=recursive)
            if copy is None:
                continue
            yield Finding(
                word.span,
                f"`{program.name}` fails: `{name}` is not root, but `COPY` without"
                f" `--chown` makes root the owner of"
                f" {'the content of ' * recursive}`{word.value}`",
                fix=None if recursive else _fix(run, copy, program),
                because=(Related(copy.keyword, "copied here"),),
            )
            break


def _other_than_root(run: Run) -> str | None:
    """Return the user of a RUN, if it is set and surely not root."""
    value = run.user.value if run.user is not None else None
    if value is None or not value.decided or names_root(value.text) is not False:
        return None
    return value.text or None


def _counts(call: Call) -> bool:
    """Return whether a command itself runs in any case, and is to succeed."""
    if len(call.programs) > 1 or call.nesting.kind != "script":
        return False
    if len(call.pipeline.commands) > 1 or call.pipeline.negated:
        return False
    items = call.nesting.script.body.items
    at = next(i for i, (pipeline, _) in enumerate(items) if pipeline is call.pipeline)
    first = at
    while first and items[first - 1][1] in ("&&", "||"):
        first -= 1
    for _, operator in items[first:]:
        if operator in ("||", "&"):
            return False
        if operator != "&&":
            break
    return True


def _changed(program: Program) -> tuple[bool, list[ShellWord]]:
    """Return whether a command goes into folders, and the paths that it surely changes."""
    arguments = program.arguments()
    if arguments.flag("--from", "--reference", "--help", "--version") is not None:
        return False, []
    recursive = arguments.flag("-R", "--recursive") is not None
    words = [word for word in arguments.operands[1:] if word.value]
    return recursive, [word for word in words if not set("*?[{") & set(word.value or "")]


def _copy_of(run: Run, at: int, path: str, *, recursive: bool) -> Copy | None:
    """Return the COPY due to which a path, or something in it, is surely root's."""
    before = run.calls[:at]
    if not path.startswith("/") and any(_runs(call, {"cd", "pushd"}) for call in before):
        return None
    place = absolute_path(path, run)
    if place is None or _may_replace(before, place, recursive=recursive):
        return None
    for step in reversed(run.stage.steps):
        if step.index >= run.index:
            continue
        if isinstance(step, Run):
            root = _other_than_root(step) is None
            if root or _may_replace(step.calls, place, recursive=recursive):
                return None
        elif isinstance(step, (Add, Copy)):
            to = step.destination
            target = absolute_path(to.text, step) if to and to.decided else None
            if target is None:
                return None
            found = _is_below(target, place) if recursive else place in _files(step)
            if found and isinstance(step, Copy) and _is_roots(step):
                return step
            if _is_below(target, place) or _is_below(place, target):
                return None
    return None


def _is_roots(step: Copy) -> bool:
    return all(flag.name.value in _PLAIN for flag in step.instruction.flags)


def _files(step: Add | Copy) -> Iterator[str]:
    """Yield the paths of the files that a step surely writes."""
    to = step.destination
    target = absolute_path(to.text, step) if to is not None else None
    if to is None or target is None:
        return
    names = [posixpath.basename(source.text) for source in step.sources]
    if to.text.endswith("/") or to.text in (".", "..") or len(step.arguments) > 2:
        yield from (posixpath.join(target, name) for name in names if name)
    elif (
        step.heredocs
        or "." in posixpath.basename(target)
        or (names == [posixpath.basename(target)])
    ):
        yield target


def _may_replace(calls: tuple[Call, ...], place: str, *, recursive: bool) -> bool:
    """Return whether commands may put another file in the place of one."""
    if recursive:
        return any(_runs(call, _REPLACERS) for call in calls)
    name = posixpath.basename(place)
    return any(name in word.raw for call in calls for word in call.command.words)


def _runs(call: Call, names: set[str] | frozenset[str]) -> bool:
    return any(program.name in names for program in call.programs)


def _is_below(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder.rstrip('/')}/")


def _fix(run: Run, copy: Copy, program: Program) -> Fix | None:
    user = run.user
    if user is None or user.value is None or user.value.reads:
        return None
    text = user.value.text
    name = text.partition(":")[0]
    owner = program.arguments().operands[0].value
    if program.name != "chmod" and owner not in (name, f"{name}:", text):
        return None
    keyword = copy.keyword
    end = Span(keyword.source, keyword.end, keyword.end)
    return Fix.changes(
        f"Add `--chown={text}` to `COPY`",
        (Edit(end, f" --chown={text}"),),
        may_break="the image, if its user must not change the file",
    )
