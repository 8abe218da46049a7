"""The facts about a stage of a Dockerfile: the image that it makes, and what it installs."""

from __future__ import annotations

from tightship.frontends.dockerfile.steps import (
    Add,
    Cmd,
    Entrypoint,
    Label,
    Run,
    ScriptStep,
    StopSignal,
    Workdir,
)
from tightship.lazy import TYPE_CHECKING, Record
from tightship.project_facts.images import IMAGE, has_no_check, of_reference
from tightship.project_facts.projects import FILE
from tightship.project_facts.security import USER
from tightship.project_facts.tables import ENTRY, VARIABLE
from tightship.project_facts.values import (
    Fact,
    Facts,
    Group,
    Items,
    Scalar,
    argument,
    maybe,
    table,
    text,
    texts,
    unknown,
)
from tightship.syntax.dockerfile.instruction import FORMS
from tightship.values.hole import mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.commands.packages import Package, PackageCommand
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Step
    from tightship.project_facts.values import Texts
    from tightship.syntax.shell.nodes import Word
    from tightship.text import Span


class PackageFact(Record):
    """A package that a command installs."""

    command: PackageCommand
    package: Package

    @property
    def span(self) -> Span:
        """Return the place of its name."""
        word = self.package.word
        return word.text.span(word.start, word.end)


def installed(stage: Stage, parts: Iterable[Stage]) -> Items:
    """Return what the steps of stages install, where the first of them is ``stage``."""
    runs = [step for part in parts for step in part.effective_steps if isinstance(step, Run)]
    found = [one for run in runs for one in _of_step(run)]
    whole = not stage.root.is_from_context and all(map(_is_read, runs))
    # A variable in a word may bring more of them.
    whole = whole and all(one.package.kind != "unknown" for one in found)
    # Before what it brings, nothing is known to be there.
    kept = [one for one in found if one.package.kind != "unknown" or one.package.name]
    return Items(stage.span, tuple(Facts(PACKAGE, one, one.span) for one in kept), whole)


def _of_step(run: Run) -> Iterator[PackageFact]:
    for command in run.package_commands:
        if not command.only_shows:
            for one in command.packages:
                if one.kind != "removed" and not one.name.startswith("-"):
                    yield PackageFact(command, one)


def _is_read(run: Run) -> bool:
    """Return whether every command of a step is known."""
    return bool(run.scripts) and all(call.program is not None for call in run.calls)


def _package(one: PackageFact) -> Scalar:
    package = one.package
    if package.kind == "unknown":
        return Scalar(one.span, None, known=False, beginning=package.name)
    return Scalar(one.span, package.name)


def _kind(one: PackageFact) -> Scalar:
    kind = one.package.kind
    return unknown(one.span) if kind == "unknown" else Scalar(one.span, kind)


def _version(one: PackageFact) -> Scalar:
    package = one.package
    if package.kind in ("unknown", "list") or (one.command.flag("pins") and not package.version):
        return unknown(one.span)
    return Scalar(one.span, package.version or None)


def _is_pinned(one: PackageFact) -> Scalar:
    if one.command.flag("pins"):
        return Scalar(one.span, value=True)
    is_known = one.package.kind in ("package", "git", "file")
    return maybe(one.span, one.package.is_pinned if is_known else None)


PACKAGE = Group(
    "package",
    "a package that a build installs",
    {
        "name": Fact("text", "its name, without a version", _package),
        "version": Fact(
            "text", "what is written behind it, with the operator: `=8.14.1-2`", _version
        ),
        "manager": Fact(
            "text",
            "the package manager: `apt` (`apt-get`, too), `apk`, `yum` (`dnf`, too), `pip`, `npm`",
            lambda one: Scalar(one.span, one.command.manager.name),
            words="apt apk yum zypper pacman pip pipx uv poetry conda npm yarn pnpm bun gem bundle"
            " go cargo composer",
        ),
        "kind": Fact(
            "text",
            "`package`, `file` (of the build), `url`, `git`, or `list` (a file that lists packages)",
            _kind,
            words="package file url git list",
        ),
        "pinned": Fact(
            "flag",
            "whether a version or a range of versions is set, or the tag or commit of"
            " a repository of Git",
            _is_pinned,
        ),
    },
)


class DownloadFact(Record):
    """A file that a step downloads, and whether a checksum or a signature is checked."""

    url: Scalar
    checked: bool

    @property
    def span(self) -> Span:
        """Return the place of the address."""
        return self.url.span


def _labels(stage: Stage) -> Items:
    """Return the labels; a base image that is pulled may have more."""
    return _of_labels(stage, [*stage.every(Label)], whole=stage.is_from_scratch)


def _own_labels(stage: Stage) -> Items:
    steps = [
        step for one in stage.ancestry for step in one.effective_steps if isinstance(step, Label)
    ]
    return _of_labels(stage, steps, whole=True)


def _of_labels(stage: Stage, steps: list[Label], *, whole: bool) -> Items:
    entries = dict[str, Scalar]()
    for step in steps:
        for pair in step.pairs:
            if pair.name.decided:
                entries[pair.name.text] = argument(pair.value, pair.name.span)
            else:
                # It may replace any of those before it.
                whole, entries = False, {k: unknown(v.span) for k, v in entries.items()}
    return table(ENTRY, stage.span, entries, whole=whole)


def _environment(stage: Stage) -> Items:
    entries = {
        name: text(one.span or stage.span, one.text if one.text is not None else f"${{{name}}}")
        for name, one in stage.environment.items()
    }
    return table(VARIABLE, stage.span, entries, whole=stage.is_from_scratch)


def _base(stage: Stage) -> Facts:
    reference = stage.root.reference
    span = stage.span if reference is None else reference.span
    use = None if reference is None else of_reference(reference)
    return Facts(IMAGE, use, span, known=use is not None or stage.is_from_scratch)


def _is_scratch(stage: Stage) -> Scalar:
    base = stage.root.base
    is_known = base is not None and base.decided and not stage.root.is_from_context
    return maybe(stage.span, stage.is_from_scratch if is_known else None)


def _downloads(stage: Stage) -> Items:
    found = [one for part in _parts(stage) for one in _downloaded(part)]
    made = tuple(Facts(DOWNLOAD, one, one.span) for one in found)
    return Items(stage.span, made, whole=not stage.root.is_from_context)


def _parts(stage: Stage) -> list[Stage]:
    """Return a stage, and all that it is based on or takes files from."""
    found = [stage]
    for one in found:
        found += [other for other in one.sources if other not in found]
    return found


def _downloaded(stage: Stage) -> Iterator[DownloadFact]:
    """Yield what the commands of a stage download, and what ADD fetches."""
    from tightship.commands.download import Download
    from tightship.commands.unverified_file import unverified_files
    from tightship.commands.verification import verifies
    from tightship.frontends.dockerfile.add_source import parse as parse_remote

    runs = [
        run for step in stage.effective_steps if isinstance(step, ScriptStep) for run in step.runs
    ]
    used = {_place(one.url) for one in unverified_files(runs)}
    for run in runs:
        has_check = any(map(verifies, run.calls))
        for call in run.calls:
            found = Download.of(call) if call.program is not None else None
            for url in found.urls if found is not None else ():
                place = _place(url)
                shown = Scalar(place, url.value, known=url.value is not None, beginning=url.head)
                yield DownloadFact(shown, has_check and place not in used)
    for step in stage.effective_steps:
        if isinstance(step, Add):
            checked = step.flag("checksum") is not None
            for source in step.sources:
                if "://" in source.text or parse_remote(source.text) is not None:
                    yield DownloadFact(argument(source, source.span), checked)


def _place(word: Word) -> Span:
    return word.text.span(word.start, word.end)


def _last(kind: type[Step]) -> Callable[[Stage], Scalar]:
    def read(stage: Stage) -> Scalar:
        step = stage.last(kind)
        if step is None:
            return Scalar(stage.span, None, known=stage.is_from_scratch)
        words = " ".join(one.text for one in step.arguments)
        return text(step.span, words)

    return read


def _instructions(stage: Stage) -> Texts:
    names = {step.instruction.name for one in stage.ancestry for step in one.effective_steps}
    names.update("ONBUILD" for one in stage.ancestry if one.triggers)
    # `FROM build-${KIND}` may be based on any stage, with steps of its own.
    base = stage.root.base
    whole = base is None or base.decided or not {":", "/"}.isdisjoint(mask(base.text))
    return texts(stage.span, {*names, "FROM"}, whole=whole)


def _file_instructions(stage: Stage) -> Texts:
    build = stage.build
    found = [step.instruction for one in build.stages for step in one.steps]
    behind = [trigger for one in build.stages for trigger in one.triggers]
    names = {"FROM", *(one.name for one in (*found, *behind))}
    names.update("ONBUILD" for _ in behind)
    return texts(stage.span, names, whole=build.file.template is None)


def _health(stage: Stage) -> Scalar:
    step = stage.healthcheck
    if step is None:
        has_none = stage.is_from_scratch or has_no_check(stage.image)
        return maybe(stage.span, False if has_none else None)
    return Scalar(step.span, [a.text.upper() for a in step.arguments[:1]] != ["NONE"])


DOWNLOAD = Group(
    "download",
    "a file that a build downloads",
    {
        "url": Fact("text", "the address", lambda one: one.url),
        "checked": Fact(
            "flag",
            "whether a checksum or a signature is checked before it is used",
            lambda one: Scalar(one.span, one.checked),
        ),
    },
)
_FORMS = " ".join(FORMS)
STAGE = Group(
    "stage",
    "the stage of a Dockerfile that is shipped: the one that is built",
    {
        "name": Fact("text", "its name", lambda stage: Scalar(stage.span, stage.name or None)),
        "file": Fact(
            "group", "the Dockerfile", lambda stage: Facts(FILE, stage.span, stage.span), "file"
        ),
        "base": Fact("group", "the image that its ancestry is based on", _base, "image"),
        "scratch": Fact("flag", "whether that is `scratch`", _is_scratch),
        "platform": Fact(
            "text", "`--platform` of its FROM", lambda s: argument(s.platform, s.span)
        ),
        "user": Fact(
            "group",
            "the user of the image",
            lambda s: Facts(USER, s, s.user.span if s.user is not None else s.span),
            "user",
        ),
        "labels": Fact("table", "the labels, with those of its base image", _labels, "entry"),
        "own-labels": Fact("table", "the labels of this Dockerfile", _own_labels, "entry"),
        "environment": Fact("table", "the variables of ENV", _environment, "variable"),
        "entrypoint": Fact("text", "the words of ENTRYPOINT", _last(Entrypoint)),
        "command": Fact("text", "the words of CMD", _last(Cmd)),
        "working-folder": Fact("text", "the folder of WORKDIR", _last(Workdir)),
        "stop-signal": Fact("text", "the signal of STOPSIGNAL", _last(StopSignal)),
        "health": Fact("flag", "whether it has a HEALTHCHECK", _health),
        "instructions": Fact(
            "set", "the instructions of its steps, in upper case", _instructions, words=_FORMS
        ),
        "file-instructions": Fact(
            "set",
            "the instructions of all stages of its Dockerfile",
            _file_instructions,
            words=_FORMS,
        ),
        "downloads": Fact(
            "list",
            "what its steps download, and those of the stages that it takes from",
            _downloads,
            "download",
        ),
        "packages": Fact(
            "list",
            "the packages that the commands of its steps name, and those of the stages that it"
            " takes from",
            lambda stage: installed(stage, _parts(stage)),
            PACKAGE.name,
        ),
    },
)
