"""Images for Windows, by their names."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.values.image import Image

# Microsoft's base images, the .NET Framework, and what tags of multi-platform images call them
# (docker-library/official-images, the `windows-` architectures).
_REPOSITORIES = ("mcr.microsoft.com/windows/", "mcr.microsoft.com/dotnet/framework/")
_TAG_WORDS = ("windowsservercore", "nanoserver", "windows")


def names_windows(image: Image) -> bool:
    """Return whether an image is for Windows, by its repository or its tag."""
    repository, tag = image.familiar.lower(), (image.tag or "").lower()
    return f"{repository}/".startswith(_REPOSITORIES) or any(word in tag for word in _TAG_WORDS)
