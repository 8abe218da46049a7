"""The base images of .NET.

They start as root. Since .NET 8 they have an unprivileged account, `app`: set
`USER $APP_UID`. The small variants, `chiseled` and `distroless`, start as that account.
"""

from __future__ import annotations

from tightship.images.conditions import tags
from tightship.images.facts import User, documented
from tightship.images.family import Family

_PAGE = documented("learn.microsoft.com, .NET container images, non-root images")

FAMILY = Family(
    names=(
        "mcr.microsoft.com/dotnet/aspnet",
        "mcr.microsoft.com/dotnet/runtime",
        "mcr.microsoft.com/dotnet/runtime-deps",
        "mcr.microsoft.com/dotnet/sdk",
    ),
    summary="a base image of .NET",
    holds_for="all versions for Linux",
    programs=(),
    user=(
        User("root", _PAGE, tags("!chiseled"), tags("!distroless")),
        User("app", _PAGE, tags("chiseled")),
        User("app", _PAGE, tags("distroless")),
    ),
)
