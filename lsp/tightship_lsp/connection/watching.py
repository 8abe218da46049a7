"""What the client is asked to watch: files on the disk, and the settings."""

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
    "**/*.dockerignore",
    "**/.gitignore",
    "**/{tightship,.tightship,pyproject}.toml",
    # A baseline may be called anything; this is what it is called by default.
    "**/*baseline*.json",
)


def watches_files(client: types.ClientCapabilities) -> bool:
    """Tell whether the client watches files for a server."""
    watched = client.workspace and client.workspace.did_change_watched_files
    return bool(watched and watched.dynamic_registration)


def registrations(client: types.ClientCapabilities) -> Iterator[types.Registration]:
    """Yield what to register with a client, as far as it can."""
    if watches_files(client):
        watchers = [types.FileSystemWatcher(glob) for glob in _GLOBS]
        yield types.Registration(
            id="tightship-files",
            method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers),
        )
    told = client.workspace and client.workspace.did_change_configuration
    if told and told.dynamic_registration:
        yield types.Registration(
            id="tightship-settings",
            method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
            register_options=types.DidChangeConfigurationRegistrationOptions(SECTION),
        )
