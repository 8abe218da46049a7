"""Which settings hold where: configuration files found, read once, made benches of."""

from __future__ import annotations

import os

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import holds
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import DEFAULT, STRICT, Selection, plain
from tightship.lazy.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.disk.root import Roots
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.settings.policy import Paths

PYPROJECT = "pyproject.toml"
NAMES = ("tightship.toml", ".tightship.toml", PYPROJECT)
"""What a configuration file is called; the first that is there counts."""


_CONCERNS_US = regex(
    r"""(?m)^[ \t]*+\[{0,2}[ \t]*+["']?tool["']?[ \t]*+"""
    r"""(?:\.[ \t]*+["']?tightship\b|[\]=])"""
)


class Configs:
    """The settings of a run: those of the nearest file, from a folder up to its root.

    Each file is read once, so a new run takes a new ``Configs``. What the command line
    says stands over what files say. ``plain`` are the rules where nothing is set.
    """

    __slots__ = (
        "_baselines",
        "_disks",
        "_force",
        "_given",
        "_ignore",
        "_isolated",
        "_known",
        "_overlay",
        "_read",
        "_roots",
        "_runners",
        "_select",
        "_with_baselines",
        "plain",
    )

    def __init__(
        self,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        *,
        given: Settings | None = None,
        isolated: bool = False,
        overlay: Mapping[str, str | bytes] | None = None,
        baselines: bool = True,
        force_exclude: bool = False,
    ) -> None:
        """Begin a run.

        Args:
            select: the words of ``--select``, in place of those of files.
            ignore: the words of ``--ignore``, beside those of files.
            given: settings that hold everywhere, whatever files there are.
            isolated: whether no file counts.
            overlay: what stands over the disk, path by path.
            baselines: whether the baselines that files name count.
            force_exclude: whether what is excluded is so even where it is named.

        """
        self._force = force_exclude
        self._with_baselines = baselines
        self._select = select
        self._ignore = ignore
        self._given = given
        self._isolated = isolated
        self._overlay = overlay
        self._known: dict[str, Settings | None] = {}
        self._read: dict[str, Settings | None] = {}
        self._roots: dict[int, str] = {}
        self._disks: dict[str, Files] = {}
        self.plain: RuleRunner | None = None
        self._runners: dict[tuple[int, str], RuleRunner] = {}
        self._baselines: dict[int, Baseline] = {}

    def of(self, folder: str, files: Files) -> Settings | None:
        """Return the settings that hold in a folder; None where all is as by default.

        Raises:
            ConfigError: if they make no sense.

        """
        if self._given is not None or self._isolated:
            return self._given
        # Files that note what is asked of them learn of each place that counts.
        if type(files) is Files and folder in self._known:
            return self._known[folder]
        passed, found = list[str](), None
        here = folder
        while holds(files.root, here):
            passed.append(here)
            found = self._own(here, files)
            above = os.path.dirname(here)
            if found is not None or above == here:
                break
            here = above
        self._known.update(dict.fromkeys(passed, found))
        return found

    def at(self, path: str, roots: Roots) -> Settings | None:
        """Return the settings that hold for a file of a sweep."""
        folder = os.path.dirname(path)
        if folder in self._known:
            return self._known[folder]
        root = roots.of(path)
        if root not in self._disks:
            self._disks[root] = Files(root, self._overlay)
        return self.of(folder, self._disks[root])

    def checked(
        self, found: Iterable[Candidate | Refusal], roots: Roots
    ) -> list[Candidate | Refusal]:
        """Return what a sweep finds, once all settings for it are known to make sense.

        Raises:
            ConfigError: if some do not.

        """
        every = list(found)
        for one in every:
            if not isinstance(one, Refusal):
                self.at(one.path, roots)
        if self._force:
            excluded = self.excludes(roots)
            return [
                one
                for one in every
                if isinstance(one, Refusal) or not excluded(one.path, False)
            ]
        return every

    def sets(self) -> Iterator[FileSet]:
        """Yield the projects that the settings met so far put together."""
        from tightship.engine.plan.file_sets import sets_of

        for settings in self._met():
            yield from sets_of(settings, None)

    def excludes(self, roots: Roots) -> Callable[[str, bool], bool]:
        """Return what tells a sweep which files and folders to leave out."""
        patterns: dict[int, Paths] = {}

        def excluded(path: str, is_folder: bool) -> bool:
            settings = self.at(path, roots)
            if settings is None or not settings.exclude:
                return False
            from tightship.engine.settings.policy import Paths

            if id(settings) not in patterns:
                patterns[id(settings)] = Paths(settings.exclude, settings.folder)
            return patterns[id(settings)].cover(path, folder=is_folder)

        return excluded

    def runner(self, folder: str, files: Files) -> RuleRunner:
        """Return the rules for a folder, as they are set there.

        Raises:
            ConfigError: if the settings make no sense.
            UnknownWordError: if the command line names what is no rule.

        """
        settings = self.of(folder, files)
        if settings is None:
            if self.plain is None:
                self.plain = RuleRunner(Selection(self._select, self._ignore))
            return self.plain
        key = (id(settings), files.root)
        if key not in self._runners:
            from tightship.engine.settings.policy import Policy

            policy = Policy(settings, files.root, self._select, self._ignore)
            self._runners[key] = RuleRunner(policy, policy=policy)
        return self._runners[key]

    def baseline(self, folder: str, files: Files) -> Baseline | None:
        """Return what is known in a folder, if a file of it is set.

        Raises:
            ConfigError: if that file is not there, or is no baseline.

        """
        settings = self.of(folder, files)
        if settings is None or not settings.baseline or not self._with_baselines:
            return None
        if id(settings) not in self._baselines:
            from tightship.engine.accept.baseline import Baseline, BaselineError

            path = os.path.join(settings.folder, settings.baseline)
            try:
                found = Baseline.read(self._text(path, settings, files))
            except BaselineError as error:
                root = self._roots.get(id(settings), "")
                raise _wrong(settings, "baseline", str(error), root) from None
            self._baselines[id(settings)] = found
        return self._baselines[id(settings)]

    def _text(self, path: str, settings: Settings, files: Files) -> str:
        """Read what settings name: in the project, unless the user gave these."""
        from tightship.engine.accept.baseline import BaselineError

        if settings is self._given:
            data = read_regular(path, name=settings.baseline)
            found = (
                data if isinstance(data, Refusal) else data.decode("utf-8", "replace")
            )
        else:
            source = files.read(path)
            found = source if isinstance(source, Refusal) else source.text
        if isinstance(found, Refusal):
            raise BaselineError(found.message)
        return found

    def baseline_file(self) -> str | None:
        """Return where the settings met so far want what is known to be written.

        Raises:
            ConfigError: if that is outside of the project, or not one place.

        """
        places: dict[str, Settings] = {}
        for settings in self._met():
            if settings.baseline:
                path = os.path.join(settings.folder, settings.baseline)
                places[os.path.normpath(path)] = settings
        for path, settings in places.items():
            root = self._roots.get(id(settings), "")
            if len(places) > 1:
                message = "this is not the only one here: name one with `--baseline`"
                raise _wrong(settings, "baseline", message, root)
            # A link may lead from the project to anywhere.
            if root and not holds(root, os.path.realpath(os.path.dirname(path))):
                message = f"`{settings.baseline}` is outside the project root"
                raise _wrong(settings, "baseline", message, root)
        return next(iter(places), None)

    def _met(self) -> list[Settings]:
        """Return the settings that were asked for so far, each once."""
        known = (self._given, *self._known.values())
        return [*{id(one): one for one in known if one is not None}.values()]

    def _own(self, folder: str, files: Files) -> Settings | None:
        """Return the settings that a folder has itself."""
        for name in NAMES:
            path = os.path.join(folder, name)
            if not files.exists(path):
                continue
            if path not in self._read:
                self._read[path] = _settings(path, files)
            elif self._read[path] is not None and type(files) is not Files:
                files.read(path)  # They note what is read.
            found = self._read[path]
            if found is not None:
                self._roots[id(found)] = files.root
                return found
        return None


class Vocabulary:
    """The words that stand for rules; these are loaded when a word asks for it."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: frozenset[str] | None = None

    def knows(self, word: str) -> bool:
        """Tell whether a word stands for a rule, a theme or a set."""
        if word in (DEFAULT, STRICT):
            return True
        if self._known is None:
            from tightship.engine.settings.selection import vocabulary
            from tightship.rules import every_rule

            self._known = frozenset(vocabulary(every_rule()))
        return plain(word) in self._known

    def guess(self, word: str) -> str | None:
        """Return the word that somebody may have meant."""
        from tightship.engine.settings.selection import guess
        from tightship.rules import every_rule

        return guess(word, every_rule())


def own_file(folder: str) -> str | None:
    """Return the name of the configuration file that a folder has, right or wrong."""
    for name in NAMES:
        if not os.path.lexists(os.path.join(folder, name)):
            continue
        if name != PYPROJECT:
            return name
        text = read_regular(os.path.join(folder, name), limit=1_000_000)
        if isinstance(text, bytes) and b"[tool.tightship" in text:
            return name
    return None


def read_config(path: str) -> Settings:
    """Return the settings in a file that the user names, wherever it is.

    Paths in it are relative to the current folder.

    Raises:
        ConfigError: if it cannot be read, or makes no sense.

    """
    from tightship.config.problem import ConfigError, ConfigProblem
    from tightship.config.read import read
    from tightship.text import Source, Span

    data = read_regular(path, limit=1_000_000)
    nothing = Source(path, "")
    message = "it has no table `[tool.tightship]`"
    if isinstance(data, Refusal):
        message = data.message
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            message = "it is not UTF-8"
        else:
            folder = os.path.realpath(os.curdir)
            found = read(Source(path, text), folder, Vocabulary())
            if found is not None:
                return found
    raise ConfigError([ConfigProblem(Span(nothing, 0, 0), message)])


def _settings(path: str, files: Files) -> Settings | None:
    source = files.read(path)
    # Most Python projects have one that says nothing of Tightship, and to find that out
    # by reading it would take longer than all the rest.
    if os.path.basename(path) == PYPROJECT and (
        isinstance(source, Refusal) or not _CONCERNS_US.search(source.text)
    ):
        return None
    from tightship.config.problem import ConfigError, ConfigProblem
    from tightship.config.read import read
    from tightship.text import Source, Span

    if isinstance(source, Refusal):
        nothing = Source(source.name, "")
        raise ConfigError(
            [ConfigProblem(Span(nothing, 0, 0), source.message)], files.root
        )
    try:
        return read(source, os.path.dirname(path), Vocabulary())
    except ConfigError as error:
        raise ConfigError(error.problems, files.root) from None


def _wrong(settings: Settings, key: str, message: str, root: str) -> Exception:
    from tightship.config.problem import ConfigError, ConfigProblem
    from tightship.text import Source, Span

    place = settings.place(key) or Span(Source("", ""), 0, 0)
    return ConfigError([ConfigProblem(place, f"`{key}`: {message}")], root)
