"""Links of a document: to the files that it names, and to the pages of images."""

from __future__ import annotations

import os
import posixpath

from lsprotocol import types

from tightship.text import Span
from tightship.values import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship_lsp.features.queries import View
    from tightship_lsp.symbols.members import Member, Members
    from tightship_lsp.symbols.outline import Link

_HUB = ("docker.io", "index.docker.io")
# The page of an image at its registry; `{0}` is the repository, and `{1}` its last part.
_PAGES = {
    "ghcr.io": "https://github.com/{0}/pkgs/container/{1}",
    "mcr.microsoft.com": "https://mcr.microsoft.com/artifact/mar/{0}",
    "quay.io": "https://quay.io/repository/{0}",
    "public.ecr.aws": "https://gallery.ecr.aws/{0}",
}
_REMOTE = ("://", "git@")


def document_links(view: View) -> list[types.DocumentLink]:
    """Return the links of a document, in the order of the text."""
    found: dict[tuple[int, int], tuple[Span, str]] = {}
    for project in view.projects:
        member = project.members.by_path.get(view.path)
        for link in member.outline.links if member is not None else ():
            place = link.span.start, link.span.end
            if member is None or place in found:
                continue
            made = (
                _of_image(link)
                if link.kind == "image"
                else _of_file(view, project.members, member, link)
            )
            if made is not None:
                found[place] = made
    return [
        types.DocumentLink(view.ruler.range_of(span), target=target)
        for _, (span, target) in sorted(found.items())
    ]


def _of_image(link: Link) -> tuple[Span, str] | None:
    """Return the page of an image, at its name without a tag."""
    text = link.text.strip()
    if "$" in text:
        text, mark, _ = text.partition("$")
        if mark and not text.endswith((":", "@")):
            return None  # the name itself is not known
        text = text[:-1]
    found = image.parse(text)
    if not found.repository:
        return None
    registry = found.registry
    if registry is not None and registry not in _HUB:
        page = _PAGES.get(registry)
        target = page.format(found.repository, found.name) if page else None
    else:
        repository = found.repository.removeprefix("library/")
        target = f"https://hub.docker.com/{'r' if '/' in repository else '_'}/{repository}"
    if target is None:
        return None
    length = len(text) - sum(
        len(part) + 1 for part in (found.tag, found.digest) if part is not None
    )
    return Span(link.span.source, link.span.start, link.span.start + length), target


def _of_file(view: View, members: Members, member: Member, link: Link) -> tuple[Span, str] | None:
    """Return the file that a link names, if there is one."""
    if any(one in link.text for one in _REMOTE):
        return None
    for path in _candidates(members, member, link):
        disk = view.projects[0].reading.disk
        if disk.name(path) is not None and (disk.is_open(path) or os.path.exists(path)):
            return link.span, view.uri(path)
    return None


def _candidates(members: Members, member: Member, link: Link) -> Iterator[str]:
    """Yield the paths that a link may mean, the likeliest one first."""
    if link.kind == "copy":
        text = link.text.lstrip("/")
        if not text or any(one in text for one in "*?[$"):
            return
        for folder in _contexts(members, member):
            yield posixpath.normpath(posixpath.join(folder, text))
        return
    directory: str | None = member.directory
    if link.kind == "dockerfile":
        directory = members.context(member, link.service)
    path = members.path(directory, link.text) if directory is not None else None
    if path is not None:
        yield path


def _contexts(members: Members, dockerfile: Member) -> Iterator[str]:
    """Yield the folders from which a Dockerfile is built; alone, it is its own."""
    found = dict[str, None]()
    for member in members.by_path.values():
        for name in member.outline.services:
            if members.dockerfile(member, name) == dockerfile.path:
                context = members.context(member, name)
                if context is not None:
                    found[context] = None
    yield from found or (posixpath.dirname(dockerfile.path),)
