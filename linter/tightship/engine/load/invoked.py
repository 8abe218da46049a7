"""The effective configuration of the project that Compose would load in a folder."""

from __future__ import annotations

import os

from tightship.engine.disk.files import Files
from tightship.engine.disk.given import look_up
from tightship.engine.disk.root import project_root, real_path
from tightship.engine.load.providers import find_providers
from tightship.frontends.compose.effective.assembly import Assembly
from tightship.frontends.compose.loading.invocation import invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.plan.config_files import Configs
    from tightship.frontends.compose.loading.invocation import Options
    from tightship.frontends.compose.provided import Provider
    from tightship.model.value import MappingValue


def assemble(options: Options, configs: Configs) -> Assembly:
    """Return the project that Compose would load in the current folder with some options.

    Raises:
        ConfigError: if the configuration of its folder is invalid.

    """
    here = real_path(os.curdir)
    given = [*map(look_up, options.files)]
    files = Files(project_root(given[0] if given else here, others=given, here=here))
    call = invocation(here, options, exists=files.exists, read=files.read, ceiling=files.root)

    def providers(root: MappingValue | None) -> Iterable[Provider]:
        settings = configs.of(os.path.dirname(call.files[0]), files)
        return find_providers(files, call.files[0], root, settings)

    # Compose takes the home from the process, whatever sets other variables.
    home = os.environ.get("HOME")
    return Assembly(call, files, top=files.root, home=home, providers=providers)
