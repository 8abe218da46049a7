"""From an image reference to what is known about the image."""

from __future__ import annotations

from tightship.lazy.modules import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.images.facts import ImageFamily
    from tightship.images.reader import Table
    from tightship.values.image import Image

# Registries that serve the images of Docker Hub, with the folder in which they do.
_MIRRORS = {
    "registry-1.docker.io": "",
    "registry.hub.docker.com": "",
    "mirror.gcr.io": "",
    # Amazon ECR Public Gallery, verified account of Docker: official images only.
    "public.ecr.aws": "docker/",
}
# LinuxServer publishes each image on Docker Hub, too (its documentation, each image).
_LINUXSERVER = ("lscr.io", "ghcr.io")


def known_name(image: Image) -> str:
    """Return the name under which an image is known, whatever registry it comes from.

    A name with an undecided part is none.
    """
    if image.undecided & {"registry", "repository"}:
        return ""
    registry, repository = image.registry, image.repository
    if registry in _LINUXSERVER and repository.startswith("linuxserver/"):
        return repository
    folder = _MIRRORS.get(registry or "")
    if folder is not None and repository.startswith(f"{folder}library/"):
        return repository.removeprefix(f"{folder}library/")
    if folder == "":
        return repository
    return image.familiar


def known_tag(image: Image) -> str | None:
    """Return the tag of an image, or ``None`` where it does not tell the version.

    That is where a variable decides it, and where there is a digest alone.
    """
    if "tag" in image.undecided or (image.digest and not image.tag):
        return None
    return image.tag or ""


_families: dict[str, ImageFamily] = {}


def find(image: Image) -> ImageFamily | None:
    """Return the family of an image, if its facts are known."""
    from tightship.images.index import FILES  # a Dockerfile alone asks for names only

    name = known_name(image)
    return load(name) if name in FILES else None


def load(name: str) -> ImageFamily:
    """Return the family of a name in the index."""
    family = _families.get(name)
    if family is None:
        from tightship.images.index import FILES
        from tightship.images.reader import family_in

        family = _families[name] = family_in(open_file(FILES[name]), name, open_file)
    return family


def open_file(name: str) -> Table:
    """Return the data of a file of facts about images."""
    return facts(f"images/{name}")


def shared_file(name: str) -> Table:
    """Return the data of a file of facts by a name that a file of anybody's has.

    Raises:
        LookupError: if there is none of this name.

    """
    from tightship.images.index import FILES

    if name not in FILES.values():
        raise LookupError(f"there is no file of facts `{name}`")
    return open_file(name)
