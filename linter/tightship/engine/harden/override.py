"""The new texts of projects, and an override file, proved against the patched files."""

from __future__ import annotations

import os
import posixpath

from tightship.engine.disk.writing import write_all
from tightship.engine.fix.run import Change
from tightship.engine.harden.plan import plain
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.project_files import project_files
from tightship.engine.roles.role import HARDENED
from tightship.frontends.compose.loading.options import Options
from tightship.syntax.yaml.layout import Style, entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.disk.writing import Refused
    from tightship.engine.harden.plan import HardeningPlan
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.syntax.yaml.layout import Plain
    from tightship.text import Source

    Texts = Mapping[str, tuple[Source, str]]


class NewTexts:
    """Collects the texts of one project after the other, and writes them at the end.

    ``written`` are the absolute paths of the files that were written.
    """

    def __init__(self) -> None:
        self.written: list[str] = []
        self._files: dict[str, Files] = {}
        self._texts: dict[str, dict[str, tuple[Source, str]]] = {}

    def over(self, files: Files) -> Files:
        """Return files with the new texts of the projects before."""
        texts = self._texts.get(files.root)
        if not texts:
            return files
        return files.over(
            {
                name: ("\ufeff" if source.bom else "") + text
                for name, (source, text) in texts.items()
            }
        )

    def add(self, files: Files, texts: Texts) -> None:
        """Add the texts of a project; ``files`` are those on the disk."""
        self._files.setdefault(files.root, files)
        known = self._texts.setdefault(files.root, {})
        for name, (source, text) in texts.items():
            first, _ = known.get(name, (source, text))
            known[name] = first, text

    @property
    def changes(self) -> Iterator[Change]:
        """Yield the change of each file."""
        for root, texts in self._texts.items():
            for name, (source, text) in texts.items():
                yield Change(self._files[root].path(name), source, text)

    def write(self) -> list[Refused]:
        """Write all files of a root or none of them; return why one could not be written."""
        refused: list[Refused] = []
        for root, texts in self._texts.items():
            failed = write_all(self._files[root], texts) if texts else []
            refused += failed
            if not failed:
                self.written += map(self._files[root].path, texts)
        return refused


class OverrideError(Exception):
    """The patches cannot be written as an override file; the message says why."""


def override(files: Files, plan: HardeningPlan, path: str) -> str:
    """Return the text of an override file that does what a plan does.

    Args:
        files: the files as they are.
        plan: the plan.
        path: the absolute path of the new file.

    Raises:
        OverrideError: if such a file would not have the same effect as the plan.

    """
    if plan.after.noun != "service":
        raise OverrideError("only Compose merges files")
    before, after = plan.before.project, plan.after.project
    assert before is not None
    assert before.compose is not None
    assert after is not None
    services = {
        one.name: {
            key: _added(_value(before, one.name, key), value)
            for patch in plan.services[number].patches
            for key, value in patch.settings.items()
        }
        for number, one in enumerate(plan.services)
        if one.patches
    }
    tree: dict[str, Plain] = {"services": services}
    volumes = _volumes(after).keys() - _volumes(before).keys()
    if volumes:
        tree["volumes"] = {name: {} for name in sorted(volumes)}
    paths = [files.path(name) for name in before.compose.paths]
    own_folder = os.path.dirname(path)
    text = f"{HARDENED} Use it in this folder with:\n#   {command([*paths, path], own_folder)}\n"
    text += "".join(
        f"{line}\n" for name, value in tree.items() for line in entry(name, value, Style())
    )
    _prove(files, plan, [*paths, path], text)
    return text


def command(files: Sequence[str], folder: str) -> str:
    """Return the command that starts a project of some files, as typed in a folder."""
    from shlex import quote

    shown = (os.path.relpath(path, folder).replace(os.sep, "/") for path in files)
    return f"docker compose {' '.join(f'-f {quote(one)}' for one in shown)} up -d"


def _value(loaded: LoadedProject, service: str, key: str) -> Plain | None:
    assert loaded.compose is not None
    return plain(loaded.compose.services[service].value(key))


def _added(old: Plain | None, new: Plain) -> Plain:
    """Return what an override adds to a value: Compose appends lists and merges mappings.

    Raises:
        OverrideError: if the new value lacks a part of the old one.

    """
    if isinstance(old, str) or old is None or isinstance(new, str):
        return new
    if isinstance(old, dict) and isinstance(new, dict):
        return {
            key: _added(old.get(key), value) for key, value in new.items() if value != old.get(key)
        }
    if isinstance(old, list) and isinstance(new, list) and new[: len(old)] == old:
        return new[len(old) :]
    raise OverrideError("an item of a list has to be replaced")


def _volumes(loaded: LoadedProject) -> dict[str, object]:
    assert loaded.compose is not None
    found = plain(loaded.compose.root.get("volumes")) if loaded.compose.root else None
    return dict(found) if isinstance(found, dict) else {}


def _prove(files: Files, plan: HardeningPlan, names: Sequence[str], text: str) -> None:
    """Check that the files with the override are what the patched files are.

    Raises:
        OverrideError: if a service differs.

    """
    name = files.name(names[-1])
    if name is None:
        raise OverrideError("it would be outside the project root")
    changed = files.over({name: text})
    candidate = Candidate(names[0], "named", names[0], "compose")
    loaded = load_project(changed, project_files(changed, candidate, Options(files=tuple(names))))
    for one in plan.services:
        for patch in one.patches:
            for key, value in patch.settings.items():
                if _value(loaded, one.name, key) != value:
                    where = posixpath.basename(name)
                    reason = f"`{key}` of service `{one.name}` would differ in {where}"
                    raise OverrideError(reason)
