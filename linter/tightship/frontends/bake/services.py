"""The targets that bake makes of services: it merges them below those of its own files.

This is what ``docker buildx bake`` does with Compose files of the usual names next to a bake
file, without their override files (docker/buildx, bake/compose.go; verified with 0.13.1).
"""

from __future__ import annotations

import posixpath

from tightship.frontends.bake.targets import Target
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.model.reading import Variables
from tightship.model.value import MappingValue, ScalarValue
from tightship.text import Source
from tightship.values.hcl.value import TableValue, Value, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.compose.service import Service
    from tightship.model.file_project import FileProject
    from tightship.model.setting import Setting
    from tightship.model.value import Value as ComposeValue

# What decides which image is made: all else is checked where the services are.
_ALIKE = ("context", "dockerfile", "dockerfile_inline", "target")
_TABLES = {"args": "args", "additional_contexts": "contexts"}


def targets_of_services(
    project: FileProject, names: Sequence[str]
) -> tuple[Sequence[Target], bool]:
    """Return the targets of the services that Compose files next to a bake file build.

    The second value tells whether these are all: a part of a file may be lost or elsewhere.
    """
    folder = posixpath.dirname(project.source.name)
    variables = Variables()
    written = project.disk.read(posixpath.join(folder, ".env"))
    if isinstance(written, Source):
        variables.read(written)
    loaded = ComposeProject(
        Loading(project.disk), names, variables=variables, directory=folder, reads_env_files=False
    )
    services = loaded.services.values()
    made = [_target(one) for one in services if one.value("build") is not None]
    return made, loaded.complete


def _target(service: Service) -> Target:
    build = service.value("build")
    values: dict[str, Value] = {}
    if isinstance(build, MappingValue):
        for key in _ALIKE:
            if (value := build.get(key)) is not None:
                values[key.replace("_", "-")] = _converted(value)
        for key, name in _TABLES.items():
            if (value := build.get(key)) is not None:
                pairs = service.pairs("build", key)
                entries = {one.name: (one.span, _text(one.value)) for one in pairs}
                values[name] = TableValue(value.span, is_known=True, entries=entries)
    elif build is not None:
        values["context"] = _converted(build)
    is_whole = service.complete and service.value("build", "x-bake") is None
    name = service.name.replace(".", "_")
    return Target(name, service.span, service.extent, values, {}, is_whole)


def _converted(value: ComposeValue) -> Value:
    if isinstance(value, ScalarValue) and value.decided:
        return known(value.span, value.content)
    return Value(value.span)


def _text(value: Setting[str]) -> Value:
    if value.decided and value.value is not None:
        return known(value.span, value.value)
    return Value(value.span)
