"""An override file with the patches of a plan, proved against the patched files."""

from __future__ import annotations

import os
import posixpath

from tightship.engine.harden.plan import plain
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.project_files import project_files
from tightship.engine.roles.role import HARDENED
from tightship.frontends.compose.loading.options import Options
from tightship.syntax.yaml.layout import Style, entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.harden.plan import HardeningPlan
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.syntax.yaml.layout import Plain


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
