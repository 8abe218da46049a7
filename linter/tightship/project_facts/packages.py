"""The facts about the packages that a build installs by the commands of its steps."""

from __future__ import annotations

from tightship.frontends.dockerfile.steps import Run
from tightship.lazy import Record
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Facts, Items, Scalar, maybe, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.commands.packages import Package, PackageCommand
    from tightship.frontends.dockerfile.stage import Stage
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


def _name(one: PackageFact) -> Scalar:
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
        "name": Fact("text", "its name, without a version", _name),
        "version": Fact(
            "text", "what is written behind it, with the operator: `=8.14.1-2`", _version
        ),
        "manager": Fact(
            "text",
            "the package manager: `apt` (`apt-get`, too), `apk`, `yum` (`dnf`, too), `pip`, `npm`",
            lambda one: Scalar(one.span, one.command.manager.name),
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
