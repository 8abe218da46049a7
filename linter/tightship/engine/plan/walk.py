"""Walks through folders, and finds the files to judge below them."""

from __future__ import annotations

import os

from tightship.engine.disk.regular import Refusal, failed, is_binary, is_junction, read_regular
from tightship.engine.disk.root import is_ignored_folder, is_within_root
from tightship.engine.plan.candidates import compose_file, grouped, language_of
from tightship.engine.plan.ignoring import Ignoring
from tightship.engine.plan.named import only_includes, read_there
from tightship.engine.plan.scope import SkippedFile, ignored_file, named_alike, refused_file
from tightship.engine.roles.compose_text import holds_services, is_template
from tightship.lazy import LazyModule, lazy_property, regex
from tightship.values.compose_name import MAIN_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from tightship.engine.disk.root import KnownDisk
    from tightship.engine.plan import unusual
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.front_ends import Unasked
    from tightship.engine.plan.scope import Scope
else:
    unusual = LazyModule("tightship.engine.plan.unusual")

# Their `workflows` may be called `docker-compose.yml`, but are another language.
_FORGES = frozenset({".github", ".gitea", ".forgejo"})


# Most files of a repository are code, which is none of a container by its name. In most
# folders, no name has one of the signs.
_ENDINGS = [
    "sh",
    "bash",
    "csh",
    "fish",
    "ksh",
    "tcsh",
    "xsh",
    "zsh",
    "bat",
    "bats",
    "bazel",
    "bu",
    "bzl",
    "cfg",
    "cmd",
    "command",
    "conf",
    "container",
    "cron",
    "crontab",
    "elv",
    "exp",
    "gradle",
    "groovy",
    "hcl",
    "ign",
    "ini",
    "jenkinsfile",
    "just",
    "kts",
    "kube",
    "lua",
    "mak",
    "mk",
    "ninja",
    "nix",
    "nu",
    "plist",
    "ps1",
    "psm1",
    "quadlets",
    "service",
    "tcl",
    "tf",
    "tftpl",
    "toml",
]
_TEMPLATES = ("in", "j2", "tmpl", "tpl", "erb")
_SCRIPTS = (
    rf"\.(?:{'|'.join(_ENDINGS)})(?:\.(?:{'|'.join(_TEMPLATES)}))?\Z"
    r"|\A\.(?:bash|zsh|k?sh|)(?:_?(?:profile|login|logout|aliases)|rc)\Z|\A\.envrc\Z"
    r"|(?:package|devcontainer|bake|composer|deno|tasks|project|\.lintstagedrc)\.jsonc?\Z"
    r"|\A[^.]+\Z|\A(?:procfile|\.justfile|meson\.build\Z|cmakelists\.txt\Z)"
    r"|\A(?:readme|install|contributing|develop|docker|deploy)[^.]*\.(?:md|rst|adoc)\Z"
)
_TELLING = regex(rf"(?i)ompose|file|\.ya?ml\Z|\A\.(?:git|env)|{_SCRIPTS}")
_CI = "gitlab-ci|drone|travis|woodpecker|pre-commit-config"
# Those of them that may start containers, and are none of Compose's.
_CALLERS = regex(rf"(?i){_SCRIPTS}|\A(?:(?:gnu)?make|jenkins)file|\A\.(?:{_CI})\.ya?ml\Z")
_TEXTS = frozenset(("authors", "changelog", "changes", "copying", "license", "news"))
_TOLD = frozenset((*_ENDINGS, *_TEMPLATES, "yml", "yaml", "md", "rst", "adoc", "build"))
_SIGNS = (
    *("aliases", "cmakelists", "file", "login", "logout", "ompose", "rc", ".env", ".git"),
    *("bake.js", "container.js", "deno.js", "package.js", "project.js", "tasks.js"),
)
_OUTSIDE = "names a `COMPOSE_FILE` outside the project root: it is not read"


class Walk:
    """A walk through a folder, without recursion; see :func:`~.candidates.find`."""

    def __init__(
        self,
        disk: KnownDisk,
        excluded: Callable[[str, bool], bool] | None,
        gitignore: bool,
        scope: Scope | None,
        *,
        every: bool = False,
    ) -> None:
        """Begin; with ``every``, no name of a file or a folder hides anything that is tracked."""
        self._disk = disk
        self._every = every
        self._excluded = excluded
        self._gitignore = gitignore
        self._scope = scope
        self._start = os.sep
        self.front_ends_of: Callable[[str], Collection[str]] = lambda _: ()
        self.take_text: Callable[[str, bytes], None] | None = None

    def below(self, start: str, shown: str) -> Iterator[Candidate | Refusal]:
        """Yield the candidates below a folder; refusals name it as the user did."""
        self._start = start
        ignoring = Ignoring.at(start) if self._gitignore else Ignoring()
        pending = [(start, ignoring)]
        while pending:
            folder, ignoring = pending.pop()
            try:
                files, others, folders, special, alike = _listed(
                    self._disk.entries(folder), folder, start, every=self._every
                )
            except OSError as error:
                # A folder that was removed meanwhile has no files.
                if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
                    yield failed(error).about(_shown(folder, start, shown))
                continue
            if special and self._gitignore and (files or folders or others):
                ignoring = ignoring.within(folder, special)
            if self._every:
                ignoring, folders = _where_every_name_counts(folder, folders, ignoring)
            listed = compose_file(folder) if ".env" in special else []
            inside = os.path.join(folder, "")
            kept = self._to_judge(inside, files, others, ignoring, alike)
            if listed and not is_within_root(listed[0], folder, start):
                env = os.path.join(_shown(folder, start, shown), ".env")
                yield Refusal(env, "outside-root", _OUTSIDE)
                listed = []
            if listed and (os.path.islink(listed[0]) or not os.path.isfile(listed[0])):
                listed = []
            if kept or listed:
                yield from grouped(folder, kept, listed)
            for name in reversed(self._kept(inside, folders, ignoring, True)):
                pending.append((inside + name, ignoring.below(inside + name)))

    def _to_judge(
        self,
        folder: str,  # with a slash
        files: list[str],
        others: list[str],
        ignoring: Ignoring,
        alike: list[SkippedFile],
    ) -> list[str]:
        """Return the names of the files of a folder that are judged, and report the others.

        Workflows are only looked at, whatever they are called.
        """
        above, last = os.path.split(folder.rstrip(os.sep))
        is_forge = os.path.basename(above) in _FORGES
        has_workflows = is_forge and last == "workflows" and not self._every
        if has_workflows:
            files, others = [], [*files, *others]
        kept = self._kept(folder, files, ignoring, False)
        others = self._kept(folder, others, ignoring, False)
        found = [(name, self._look(folder + name)) for name in others]
        if not has_workflows:
            kept += (name for name, is_compose in found if is_compose is True)
        if self._scope is not None:
            left = {*files}.difference(kept)
            alike += (ignored_file(folder.rstrip(os.sep), name) for name in sorted(left))
            alike += (one for _, one in found if isinstance(one, SkippedFile))
            self._report(alike, ignoring)
        return kept

    def _look(self, path: str) -> bool | SkippedFile:
        """Return whether a file is one of Compose's by its text, or why it is not read."""
        if self._every and (found := unusual.of_unusual_name(path)):
            return found
        calls = is_caller(os.path.basename(path))
        if calls and self._scope is None and self.take_text is None:
            return False
        text = read_regular(path)
        if isinstance(text, Refusal):
            return (None if calls and is_binary(path) else refused_file(path, text)) or False
        if not calls and holds_services(text):
            return SkippedFile(path, "template", "it is a template") if is_template(text) else True
        if not calls and only_includes(path, text, self._start, read_there):
            return True
        if self.take_text is not None and may_name(text):
            self.take_text(path, text)
        if self._scope is None:
            return False
        return self._unasked.look(path, text) or False

    @lazy_property
    def _unasked(self) -> Unasked:
        from tightship.engine.plan.front_ends import Unasked

        return Unasked(self.front_ends_of)

    def _report(self, files: list[SkippedFile], ignoring: Ignoring) -> None:
        """Report files that are left out, unless the configuration leaves them out."""
        for one in files:
            folder, name = os.path.split(one.path)
            if self._excluded and self._excluded(one.path, False):
                continue
            is_kept = one.reason == "ignored" or [*ignoring.kept(folder, [name], False)]
            if is_kept and self._scope is not None:
                self._scope.leave(one)

    def _kept(
        self, inside: str, names: list[str], ignoring: Ignoring, are_folders: bool
    ) -> list[str]:
        """Return those of some names that are kept; ``inside`` is their folder, with a slash."""
        excluded = self._excluded
        if not names:
            return []
        return [
            name
            for name in ignoring.kept(inside, names, are_folders)
            if not (excluded and excluded(inside + name, are_folders))
        ]


def _listed(
    entries: Sequence[os.DirEntry[str]], folder: str, start: str, *, every: bool
) -> tuple[list[str], list[str], list[str], dict[str, bool], list[SkippedFile]]:
    """Return the names of candidates, other YAML files and subfolders, and Git's entries.

    All are sorted. Git's are `.git`, `.gitignore` and `.env`, if they exist; the value is
    true for a folder. The last are files that are not judged. ``start`` is where the walk
    began. With ``every``, other files of any name and skipped folders are among them.
    """
    files: list[str] = []
    others: list[str] = []
    folders: list[str] = []
    special: dict[str, bool] = {}
    alike: list[SkippedFile] = []
    for entry in entries if every else _telling(entries):
        name = entry.name
        if entry.is_dir(follow_symlinks=False):
            if is_junction(entry):  # links are not followed
                continue
            if name == ".git":
                special[name] = True
            elif every or not is_ignored_folder(name):
                folders.append(name)
        elif language := language_of(name):
            found = entry.is_file(follow_symlinks=False) or _special_file(
                os.path.join(folder, name), entry.is_symlink(), start, language
            )
            if isinstance(found, SkippedFile):
                alike.append(found)
            elif found:
                files.append(name)
        elif name in (".git", ".gitignore", ".env"):
            special[name] = False
        elif (one := _other(entry, folder, start if every else None)) is True:
            others.append(name)
        elif one:
            alike.append(one)
    alike.sort(key=lambda one: one.path)
    return sorted(files), sorted(others), sorted(folders), special, alike


def _telling(entries: Sequence[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """Return the folders, and the entries with a name that some file of ours may have."""
    names = [one.name.lower() for one in entries]
    every = "\0".join(names)
    if _TOLD.isdisjoint([one.rpartition(".")[2] for one in names]) and not any(
        sign in every for sign in _SIGNS
    ):
        return [one for one in entries if "." not in one.name or one.is_dir(follow_symlinks=False)]
    tells = _TELLING.search
    return [one for one in entries if tells(one.name) or one.is_dir(follow_symlinks=False)]


def _other(entry: os.DirEntry[str], folder: str, start: str | None) -> bool | SkippedFile | None:
    """Return whether a file may be Compose's by its content, and is not by its name.

    ``start`` is where the walk began, if every name counts.
    """
    name, every = entry.name, start is not None
    if start is not None and entry.is_symlink():
        return unusual.link_out(os.path.join(folder, name), start)
    is_yaml = name.endswith((".yml", ".yaml")) and name[0] != "."
    if is_caller(name):
        return entry.is_file(follow_symlinks=False)
    if not is_yaml and (alike := named_alike(folder, name)) is not None:
        return alike
    is_meant = is_yaml or (every and unusual.may_be_meant(name))
    return is_meant and entry.is_file(follow_symlinks=False)


def may_name(text: bytes) -> bool:
    """Return whether a text may call Compose or build an image, and name a file for that."""
    is_caller = b"ocker" in text or b"odman" in text or b"OMPOSE" in text or b"ompose" in text
    return is_caller and any(one in text for one in (b"-f", b"file", b"FILE", b"stack deploy"))


def is_caller(name: str) -> bool:
    """Return whether the last part of a path is that of a file that may start containers."""
    is_text = name.isupper() or name.lower() in _TEXTS
    return _CALLERS.search(name) is not None and not is_text


def _shown(folder: str, start: str, shown: str) -> str:
    """Return a folder below the start of a walk as the user would name it."""
    below = folder[len(start) :].lstrip(os.sep)
    return below if below and shown == "." else os.path.join(shown, below) if below else shown


def _where_every_name_counts(
    folder: str, names: list[str], ignoring: Ignoring
) -> tuple[Ignoring, list[str]]:
    """Return what is surely ignored, and the subfolders to search: tools fill some of them."""
    ignoring, above = ignoring.trusted(), os.path.basename(folder)
    kept = [
        name
        for name in names
        if not is_skipped(name, above) or ignoring.may_track(os.path.join(folder, name))
    ]
    return ignoring, kept


def is_skipped(name: str, above: str) -> bool:
    """Return whether nothing is searched in a folder, by its name and the one above."""
    return is_ignored_folder(name) or (above in _FORGES and name == "workflows")


def _special_file(path: str, is_link: bool, start: str, language: str) -> bool | SkippedFile:
    """Return whether a link is judged by itself: its file is not found by its own name.

    Compose loads a main file with the folder of the link, so one from another folder
    counts anyway. So does a link that leaves the folder where the walk began: who reads
    it says why it is not read.
    """
    if not is_link:
        return SkippedFile(path, "not-regular", "it is not a regular file")
    from tightship.engine.disk.files import Files  # links are few

    files = Files(start)
    real = files.place(files.name(path) or "")
    if isinstance(real, Refusal):
        if real.reason != "missing":
            return True
        return SkippedFile(path, "missing", "it is a link to a file that does not exist")
    target = files.path(real or "")
    if not os.path.isfile(target):
        return False
    folder, name = os.path.split(path)
    if name in MAIN_NAMES and folder != os.path.dirname(target):
        return True
    return language_of(os.path.basename(target)) != language
