"""``--policy`` and ``--policy-from``: the policies of a check, from where no change edits them."""

from __future__ import annotations

import os
import sys
from hashlib import sha256

from tightship.cli.console import UsageError
from tightship.engine.disk.regular import Refusal, UndecodedError, decoded, read_regular
from tightship.engine.disk.root import canonical, holds, project_root, real_path
from tightship.policies.reader import MAX_CHARACTERS, read
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.policies.policy import Policy

_SHA256 = "sha256="
_REGULAR = ("100644", "100755")


def policies(files: Iterable[str], references: Iterable[str]) -> list[Policy]:
    """Return the policies of some files, and of some paths in commits.

    Raises:
        UsageError: if one cannot be read, or is not the one that was asked for.
        ConfigError: if one is invalid.

    """
    return [*map(load, files), *map(_from_commit, references)]


def load(named: str, *, warns: bool = True) -> Policy:
    """Return the policy of a file, which may be named with its digest.

    With ``warns``, a policy without one that a change can edit is reported.
    """
    path, _, wanted = named.partition("#")
    if wanted and not wanted.startswith(_SHA256):
        raise UsageError(f"--policy: `#{wanted}` is no digest: write `{path}#sha256=HEX`")
    data = read_regular(path, limit=MAX_CHARACTERS * 4)
    if isinstance(data, Refusal):
        raise UsageError(f"--policy: {data.message}")
    found = sha256(data).hexdigest()
    if wanted and found != wanted.removeprefix(_SHA256).lower():
        raise UsageError(f"--policy: {path} has another digest: sha256={found}")
    if (
        warns
        and not wanted
        and holds(project_root(canonical("."), here=real_path(".")), canonical(path))
    ):
        sys.stderr.write(
            f"{path} is one of the checked files, and a change can edit it: name it with"
            f" #sha256={found}, or use --policy-from\n"
        )
    return _read(path, data)


def _from_commit(named: str) -> Policy:
    from tightship.cli.git import Blobs, Git  # starts Git

    reference, colon, path = named.partition(":")
    if not colon or not path or not reference:
        raise UsageError(f"--policy-from: write REF:PATH instead of `{named}`")
    git = Git(Git(os.curdir, "--policy-from").top(), "--policy-from")
    commit = git.commit(reference)
    entries = [*git.names("ls-tree", "-z", "--full-tree", commit, "--", path)]
    mode, _, blob = entries[0].partition("\t")[0].split(" ") if entries else ("", "", "")
    if mode not in _REGULAR:
        raise UsageError(f"--policy-from: commit {commit[:12]} has no file `{path}`")
    blobs = Blobs(git)
    try:
        data = blobs.content(blob, MAX_CHARACTERS * 4)
    finally:
        blobs.close()
    if data is None:
        raise UsageError(f"--policy-from: {named} cannot be read")
    return _read(f"{path} at {commit[:12]}", data)


def _read(name: str, data: bytes) -> Policy:
    from tightship.engine.plan.vocabulary import Vocabulary

    try:
        text = decoded(data)[0].removeprefix("\ufeff")
    except UndecodedError as error:
        raise UsageError(f"--policy: {name} {error}") from None
    return read(Source(name, text), Vocabulary().knows, sha256(data).hexdigest())
