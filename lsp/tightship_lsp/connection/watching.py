"""What the client watches for the server: files on the disk, and the settings."""

from __future__ import annotations

from lsprotocol import types

from tightship_lsp.settings import SECTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Compose files may include and extend YAML of any name.
_GLOBS = (
    "**/*.{yml,yaml}",
    "**/*{D,d}ockerfile*",
    "**/*{C,c}ontainerfile*",
    "**/.env*",
    "**/*.env",
    # Commands in them merge Compose files.
    "**/*{M,m}akefile*",
    "**/*{J,j}ustfile",
    "**/*.{mk,mak,just,sh,bash,zsh,ksh,md,rst}",
    "**/*devcontainer.json",
    "**/package.json",
    "**/*.dockerignore",
    "**/.gitignore",
    "**/{tightship,.tightship,pyproject}.toml",
    # Files of facts may have any name; this is the usual one.
    "**/*facts*.toml",
    # A baseline may have any name; this is the default.
    "**/*baseline*.json",
)


def watches_files(client: types.ClientCapabilities) -> bool:
    """Return whether the client watches files for a server."""
    watched = client.workspace and client.workspace.did_change_watched_files
    return bool(watched and watched.dynamic_registration)


def registrations(client: types.ClientCapabilities) -> Iterator[types.Registration]:
    """Yield the registrations that a client supports."""
    if watches_files(client):
        watchers = [types.FileSystemWatcher(glob) for glob in _GLOBS]
        yield types.Registration(
            id="tightship-files",
            method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers),
        )
    settings = client.workspace and client.workspace.did_change_configuration
    if settings and settings.dynamic_registration:
        yield types.Registration(
            id="tightship-settings",
            method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
            register_options=types.DidChangeConfigurationRegistrationOptions(SECTION),
        )
