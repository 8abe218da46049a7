"""``--policy`` and ``--policy-from``: the policies of a check, from where no change edits them."""

from __future__ import annotations

import os
import sys
from hashlib import sha256

from tightship.cli.console import UsageError
from tightship.engine.disk.given import read_given
from tightship.engine.disk.regular import Refusal, UndecodedError, decoded
from tightship.engine.disk.root import canonical, holds, project_root, real_path
from tightship.policies.reader import MAX_CHARACTERS, read
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.policies.policy import Policy

_SHA256 = "sha256="
_OPTION, _FROM = "--policy", "--policy-from"
_REGULAR = ("100644", "100755")


def policies(files: Iterable[str], references: Iterable[str]) -> list[Policy]:
    """Return the policies of some files, and of some paths in commits.

    Raises:
        UsageError: if one cannot be read, or is not the one that was asked for.
        ConfigError: if one is invalid.

    """
    return [*map(checked_by, files), *map(_from_commit, references)]


def checked_by(named: str) -> Policy:
    """Return the policy of a file, and warn of one that a change can edit."""
    made, path = load(named, _OPTION), named.partition("#")[0]
    here = project_root(canonical("."), here=real_path("."))
    if path == named and holds(here, canonical(path)):
        sys.stderr.write(
            f"{path} is one of the checked files, and a change can edit it: name it with"
            f" #sha256={made.digest}, or use --policy-from\n"
        )
    return made


def load(named: str, asker: str) -> Policy:
    """Return the policy of a file, which may be named with its digest.

    Errors begin with what asks for it.
    """
    path, _, wanted = named.partition("#")
    if wanted and not wanted.startswith(_SHA256):
        raise UsageError(f"{asker}: `#{wanted}` is no digest: write `{path}#sha256=HEX`")
    data = read_given(path, limit=MAX_CHARACTERS * 4)
    if isinstance(data, Refusal):
        raise UsageError(f"{asker}: {data.message}")
    found = sha256(data).hexdigest()
    if wanted and found != wanted.removeprefix(_SHA256).lower():
        raise UsageError(f"{asker}: {path} has another digest: sha256={found}")
    return _read(path, data, asker)


def _from_commit(named: str) -> Policy:
    from tightship.cli.git import Blobs, Git  # starts Git

    reference, colon, path = named.partition(":")
    if not colon or not path or not reference:
        raise UsageError(f"{_FROM}: write REF:PATH instead of `{named}`")
    git = Git(Git(os.curdir, _FROM).top(), _FROM)
    commit = git.commit(reference)
    entries = [*git.names("ls-tree", "-z", "--full-tree", commit, "--", path)]
    mode, _, blob = entries[0].partition("\t")[0].split(" ") if entries else ("", "", "")
    if mode not in _REGULAR:
        raise UsageError(f"{_FROM}: commit {commit[:12]} has no file `{path}`")
    blobs = Blobs(git)
    try:
        data = blobs.content(blob, MAX_CHARACTERS * 4)
    finally:
        blobs.close()
    if data is None:
        raise UsageError(f"{_FROM}: {named} cannot be read")
    return _read(f"{path} at {commit[:12]}", data, _FROM)


def _read(name: str, data: bytes, asker: str) -> Policy:
    from tightship.engine.plan.settings_text import Vocabulary

    try:
        text = decoded(data)[0].removeprefix("\ufeff")
    except UndecodedError as error:
        raise UsageError(f"{asker}: {name} {error}") from None
    return read(Source(name, text), Vocabulary().knows, sha256(data).hexdigest())
