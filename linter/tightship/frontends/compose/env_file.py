"""The files of variables that ``env_file`` names, and of labels that ``label_file`` does."""

from __future__ import annotations

from tightship.findings import Gap
from tightship.model.reading import BUDGET, Bounds, resolve
from tightship.model.setting import EnvFile
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.frontends.compose.loading.state import LoadState
    from tightship.frontends.compose.service import Service
    from tightship.values.dotenv import DotEnv, Entry


class EnvFiles:
    """Reads the files of variables of one project.

    A missing file is no gap, for it may be made before the project is started, and
    neither is a path out of the project, such as `/etc/app.env`; a file of the project
    that cannot be read is one. ``left_out`` tells whether a path is kept out of the
    repository.
    """

    def __init__(self, state: LoadState, left_out: Callable[[str], bool]) -> None:
        self._state = state
        self._left_out = left_out
        self._parsed: dict[tuple[str, bool], tuple[Entry, ...]] = {}
        # Many services may name one large file.
        self._bounds = Bounds(
            state.gaps,
            f"the services get more than {BUDGET:,} variables from files; further"
            " ones are not checked",
        )

    def of(self, service: Service) -> tuple[EnvFile, ...]:
        """Return the files of a service, the one that wins last."""
        asked: dict[str, tuple[ScalarValue, ScalarValue | None]] = {}
        for leaf, _ in _paths(service, "label_file"):
            self._read(resolve(leaf.reading.directory, leaf.text), leaf)
        for leaf, form in _paths(service, "env_file"):
            path = resolve(leaf.reading.directory, leaf.text)
            asked.pop(path, None)
            asked[path] = leaf, form
        return tuple(self._file(path, *how) for path, how in asked.items())

    def _file(self, path: str, leaf: ScalarValue, form: ScalarValue | None) -> EnvFile:
        if not leaf.decided or (form is not None and not form.decided):
            return EnvFile(leaf.span)
        source = self._read(path, leaf)
        if source is None:
            return EnvFile(leaf.span)
        is_raw = form is not None and form.text == "raw"
        entries = self._entries(path, source, raw=is_raw)
        if not self._bounds.spend(len(entries), leaf.node):
            return EnvFile(leaf.span)
        shared = not self._left_out(path)
        return EnvFile(leaf.span, source, entries, shared=shared, is_raw=is_raw)

    def _read(self, path: str, leaf: ScalarValue) -> Source | None:
        source = self._state.disk.read(path) if leaf.decided else None
        if source is None or isinstance(source, Source):
            return source
        if source.reason != "missing" and not path.startswith(("/", "../")):
            self._state.gaps.append(Gap(leaf.span, source.message))
        return None

    def _entries(self, path: str, source: Source, *, raw: bool) -> tuple[Entry, ...]:
        """Read a file, once for all the services that name it."""
        if (path, raw) not in self._parsed:
            read = self._state.parsed(source, _raw if raw else _plain)
            self._parsed[path, raw] = tuple(read.entries)
            self._state.refused += (
                (Span(source, problem.offset, problem.offset), problem.message)
                for problem in read.problems
            )
        return self._parsed[path, raw]


def _plain(source: Source) -> DotEnv:
    from tightship.values import dotenv  # few services name one

    return dotenv.parse(source.text)


def _raw(source: Source) -> DotEnv:
    from tightship.values import dotenv

    return dotenv.parse_raw(source.text)


def _paths(service: Service, key: str) -> Iterator[tuple[ScalarValue, ScalarValue | None]]:
    """Yield each path, and the format of its file where one is given."""
    written = service.value(key)
    for item in written.items if isinstance(written, SequenceValue) else [written]:
        path = item.get("path") if isinstance(item, MappingValue) else item
        form = item.get("format") if isinstance(item, MappingValue) else None
        if isinstance(path, ScalarValue) and not path.is_null:
            yield path, form if isinstance(form, ScalarValue) else None
