"""The effective configuration of the project that Compose would load in a folder."""

from __future__ import annotations

import os

from tightship.engine.disk.files import Files
from tightship.engine.disk.root import canonical, project_root, real_path
from tightship.frontends.compose.effective.assembly import Assembly
from tightship.frontends.compose.loading.invocation import invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.compose.loading.invocation import Options


def assemble(options: Options) -> Assembly:
    """Return the project that Compose would load in the current folder with some options."""
    here = real_path(os.curdir)
    first = canonical(options.files[0]) if options.files else here
    files = Files(project_root(first, others=options.files, here=here))
    call = invocation(here, options, exists=files.exists, read=files.read, ceiling=files.root)
    # Compose takes the home from the process, whatever sets other variables.
    home = os.environ.get("HOME")
    return Assembly(call, files, top=files.root, home=home)
