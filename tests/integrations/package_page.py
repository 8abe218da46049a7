"""Makes the README the page of the package at an index, which has no files next to it.

The workflow of a release runs ``python -m tests.integrations.package_page`` before it
builds the package: links and pictures then lead to the repository at the version.
"""

from __future__ import annotations

import re

from tests.generate.pages import README

from tightship import REPOSITORY, __version__


def package_page(text: str, repository: str = REPOSITORY) -> str:
    """Return the README with addresses in place of paths, if the project has one."""
    if not repository:
        return text
    revision = f"v{__version__}"

    def absolute(found: re.Match[str]) -> str:
        mark, title, path = found.groups()
        kind = "raw" if mark else "blob"
        return f"{mark}[{title}]({repository}/{kind}/{revision}/{path})"

    return re.sub(r"(!?)\[([^\]]*)\]\((?!https?://|#)([^)\s]+)\)", absolute, text)


if __name__ == "__main__":
    README.write_text(package_page(README.read_text("utf-8")), "utf-8")
