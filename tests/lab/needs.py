"""Measure what a stand-in needs: the smallest set of privileges with which it works.

Each question is a trial (``tests/lab/hardening.py``) of the plain Compose file with some
keys more. Only what the answer leaves open is tried: the known sets of capabilities from
the smallest on, then each capability of the first set that works is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from tests.lab.engine import LabError
from tests.lab.hardening import (
    Expected,
    Project,
    Trial,
    TrialError,
    phases,
    run_on_plain_volumes,
    run_trial,
)
from tests.lab.stand_ins import build, package_version
from tests.lab.variants import with_bind_mounts, with_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

Record = dict[str, Any]

STEP_DOWN = ("SETGID", "SETUID")
DEFAULT = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
    *("NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID"),
    "SYS_CHROOT",
)
"""The capabilities of a plain container (moby, oci/caps/defaults.go)."""

_GUESSES: Sequence[Sequence[str]] = (
    (),
    ("NET_BIND_SERVICE",),
    STEP_DOWN,
    ("CHOWN", *STEP_DOWN),
    ("CHOWN", "DAC_READ_SEARCH", *STEP_DOWN),
    ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", *STEP_DOWN, "SYS_CHROOT"),
    DEFAULT,
)
MEMORY = (16, 32, 64, 128, 256, 512)
"""Limits in MiB."""

# What images write to and need not keep; programs remove their files there before
# `docker diff` can show them.
_SCRATCH = ("/run", "/tmp")
_SCRATCH_PARENTS = ("/run/", "/tmp/", "/var/cache/", "/var/log/", "/var/lib/", "/var/tmp/")


class Needs:
    """Measures one stand-in."""

    def __init__(self, engine: Engine, stand_in: StandIn) -> None:
        self.engine = engine
        self.stand_in = stand_in
        self.expected = Expected(frozenset())
        self.written: list[str] = []
        self.pids = 0
        self.resident = 0
        self.together: list[str] = []
        self._trials: dict[tuple[str, Expected, str], Trial] = {}

    def measure(self) -> Record:
        """Build the image, run all trials, and return the record.

        Raises:
            LabError: The image cannot be built, or the plain file does not work.
        """
        build(self.engine, self.stand_in)
        record: Record = {
            "image": self.stand_in.image,
            "program": package_version(self.engine, self.stand_in),
        }
        plain = self._plain()
        if plain.failed:
            raise LabError(f"the plain file does not work: {plain.failed}")
        record["users"] = self._names(plain.users)
        record["pids"] = self.pids
        record["written"] = self.written
        no_new = {"security_opt": ["no-new-privileges:true"]}
        together = self._together(no_new)
        if together is None:
            record["no_new_privileges"] = self._tried(no_new, last="start").failed or True
            record["capabilities"] = self._capabilities()
            record["read_only"] = self._read_only()
        else:
            record |= together
        capabilities, tmpfs = record["capabilities"], record["read_only"]
        if bound := self._bound(capabilities):
            record["capabilities_with_bind_mounts"] = bound
        record["memory"] = memory = self._memory()
        limits: Record = {"pids_limit": 2 * self.pids + 10}
        if memory:
            limits["mem_limit"] = f"{2 * int(memory[:-1])}m"
        if record["no_new_privileges"] is True:
            limits |= no_new
        record["hardened"] = self._hardened(record, limits)
        if user := self._user(tmpfs, limits):
            record["hardened_user"] = user
        return record

    def _hardened(self, record: Record, limits: Record) -> Record:
        """Try all keys at once, as the file would have them for any kind of volume."""
        bound = record.get("capabilities_with_bind_mounts", {})
        keys: Record = {
            "cap_drop": ["ALL"],
            "cap_add": sorted({*(self.together or record["capabilities"]), *bound}),
        }
        if isinstance(record["read_only"], list):
            keys |= {"read_only": True, "tmpfs": record["read_only"]}
        keys |= limits
        works = self._works(keys, self.expected)
        # What is written to a tmpfs counts, too.
        while str(works).endswith("out of memory") and keys["mem_limit"] != "512m":
            limits["mem_limit"] = f"{2 * int(keys['mem_limit'][:-1])}m"
            keys |= limits
            works = self._works(keys, self.expected)
        return {**keys, "works": works}

    def _together(self, no_new: Record) -> Record | None:
        """Try all keys at once, with the first set of capabilities that starts.

        Most images take that, and only what can be left out has to be tried then, which
        fails soon. Return nothing if each key has to be tried alone.
        """
        tmpfs = [one for one in self.written if self._is_scratch(one)]
        failed = ""
        for guess in _GUESSES:
            if guess == ("NET_BIND_SERVICE",) and "exec" not in failed:
                continue
            capabilities = sorted({*guess, *self._added()})
            keys = {"cap_drop": ["ALL"], "cap_add": capabilities, **no_new}
            keys |= {"read_only": True, "tmpfs": tmpfs}
            failed = self._tried(keys).failed
            if not failed:
                break
            if failed.endswith(("Read-only file system", "read-only file system")):
                return None
        else:
            return None
        tmpfs = self._fewest_tmpfs(keys)
        keys["tmpfs"] = tmpfs
        reasons = self._fewest(capabilities, self.stand_in.compose, keys)
        self.together = sorted(reasons)
        # A tmpfs is root's, so that others may be needed without it.
        if tmpfs and self._dropped(reasons).failed:
            reasons = self._capabilities()
        return {"no_new_privileges": True, "capabilities": reasons, "read_only": tmpfs}

    def _added(self) -> list[str]:
        [service] = yaml.safe_load(self.stand_in.compose)["services"].values()
        return list(service.get("cap_add", ()))

    def _works(self, keys: Record, expected: Expected) -> bool | str:
        """Try all phases, and the volumes of the plain file; return what failed."""
        text = self._text(keys)
        trial = self._run(text, expected)
        if not trial.failed and "volumes" in yaml.safe_load(text):
            trial = run_on_plain_volumes(self.engine, self.stand_in, text, expected)
        return trial.failed or True

    def _text(self, keys: Record) -> str:
        return with_keys(self.stand_in.compose, keys)

    def _tried(self, keys: Record, last: str = "", expected: Expected | None = None) -> Trial:
        return self._run(self._text(keys), expected or self.expected, last)

    def _run(self, text: str, expected: Expected, last: str = "") -> Trial:
        """Try a file, once."""
        key = (text, expected, last)
        if key not in self._trials:
            self._trials[key] = run_trial(self.engine, self.stand_in, text, expected, last)
        return self._trials[key]

    def _plain(self) -> Trial:
        trial = Trial()
        project = Project(self.engine, self.stand_in)
        try:
            text = self.stand_in.compose
            for phase, container in phases(project, text, self.expected, trial):
                if phase != "stop":
                    self._count(container)
                if phase == "start":
                    self.written = self._written(container)
        except TrialError:
            pass
        finally:
            project.remove()
        self.expected = Expected(trial.users, 2 * trial.answer + 8, trial.stop, trial.stops)
        return trial

    def _count(self, container: str) -> None:
        """Note the most processes and threads, and the memory, that a container had."""
        pids = self._read("pids", container, "pids.peak") or "0"
        self.pids = max(self.pids, int(pids))
        for line in self._read("memory", container, "memory.stat").splitlines():
            if line.startswith("total_rss "):
                self.resident = max(self.resident, int(line.split()[1]))

    def _read(self, controller: str, container: str, name: str) -> str:
        group = f"{controller}/{self.engine.folder.name}/{container}/{name}"
        path = Path("/sys/fs/cgroup") / group
        return path.read_text("utf-8") if path.exists() else ""

    def _written(self, container: str) -> list[str]:
        """Return the folders of the image in which the container changed something."""
        lines = self.engine.docker("diff", container).splitlines()
        changed = {line[2:]: line[0] for line in lines}
        folders: set[str] = set()
        for path, how in changed.items():
            parent = str(Path(path).parent)
            inner = any(other.startswith(f"{path}/") for other in changed)
            if changed.get(parent) != "A" if how == "A" else not inner:
                folders.add(parent)
        return sorted(folders - {"/", "/dev", "/proc", "/sys"})

    def _capabilities(self) -> dict[str, str]:
        """Return the smallest set, and for each one the phase that fails without it."""
        failed = ""
        for guess in _GUESSES:
            needed = sorted({*guess, *self._added()})
            if guess == ("NET_BIND_SERVICE",) and "exec" not in failed:
                continue
            failed = self._dropped(needed).failed
            if not failed:
                break
        else:
            return {}
        return self._fewest(needed, self.stand_in.compose)

    def _fewest(self, needed: list[str], text: str, keys: Record | None = None) -> dict[str, str]:
        """Return the capabilities that cannot be left out, with what fails without."""
        reasons: dict[str, str] = {}
        for capability in tuple(needed):
            rest = [one for one in needed if one != capability]
            failed = self._dropped(rest, text, keys).failed
            if failed and capability == "DAC_OVERRIDE":
                narrower = [*rest, "DAC_READ_SEARCH"]
                if not self._dropped(narrower, text, keys).failed:
                    needed = narrower
                    reasons["DAC_READ_SEARCH"] = failed
                    continue
            if failed:
                reasons[capability] = failed
            else:
                needed = rest
        return dict(sorted(reasons.items()))

    def _bound(self, named: Iterable[str]) -> dict[str, str]:
        """Return the same for folders of the host, which Docker makes as root's."""
        text = with_bind_mounts(self.stand_in.compose)
        if text == self.stand_in.compose:
            return {}
        for guess in ((), *_GUESSES[2:]):
            needed = sorted({*guess, *named})
            if not self._dropped(needed, text).failed:
                return {} if not guess else self._fewest(needed, text)
        return {}

    def _dropped(
        self, capabilities: Iterable[str], text: str = "", keys: Record | None = None
    ) -> Trial:
        dropped = {"cap_drop": ["ALL"], "cap_add": sorted(capabilities)}
        text = with_keys(text or self.stand_in.compose, {**(keys or {}), **dropped})
        return self._run(text, self.expected)

    def _read_only(self) -> list[str] | str:
        """Return the fewest tmpfs that a read-only file system needs, or what fails."""
        folders = sorted({*self.written, *_SCRATCH})
        scratch = [one for one in folders if self._is_scratch(one)]
        owned = [self._owned(one) for one in scratch]
        attempts = [
            *([] if scratch != list(_SCRATCH) else [[]]),
            scratch,
            owned,
            [f"{one}{',' if ':' in one else ':'}exec" for one in owned],
        ]
        failed = ""
        for tmpfs in attempts:
            failed = self._tried({"read_only": True, "tmpfs": tmpfs}).failed
            if not failed:
                return self._fewest_tmpfs({"read_only": True, "tmpfs": tmpfs})
        return failed

    def _fewest_tmpfs(self, keys: Record) -> list[str]:
        """Return the tmpfs that cannot be left out."""
        needed: list[str] = keys["tmpfs"]
        for one in tuple(needed):
            rest = [other for other in needed if other != one]
            if not self._tried({**keys, "tmpfs": rest}).failed:
                needed = rest
        return needed

    def _is_scratch(self, folder: str) -> bool:
        if folder in _SCRATCH or folder.startswith(_SCRATCH_PARENTS):
            return True
        return not self._in_image("ls", "-A", folder)

    def _owned(self, folder: str, user: str = "") -> str:
        """Return a tmpfs with the owner and mode that the folder has in the image."""
        number, group, mode = self._in_image("stat", "-c", "%u %g %a", folder).split()
        if user:
            number, group = user.split(":")
        options = "" if number == group == "0" else f":uid={number},gid={group},mode={mode}"
        return folder + options

    def _in_image(self, *command: str, user: str = "0") -> str:
        where = ("--rm", "--network", "none", "--user", user, "--entrypoint", command[0])
        run = ("run", *where, self.stand_in.image, *command[1:])
        return self.engine.docker(*run).strip()

    def _user(self, tmpfs: list[str] | str, limits: Record) -> Record:
        """Return the keys with which the server runs as its user from the start."""
        image, user = self.stand_in.image, self.stand_in.user
        own = self.engine.docker("image", "inspect", "-f", "{{.Config.User}}", image)
        if not user or own.strip():
            return {}
        numbers = self._in_image("sh", "-c", "echo $(id -u):$(id -g)", user=user)
        expected = self._expected_of(numbers)
        keys: Record = {"user": numbers, "cap_drop": ["ALL"], **limits}
        # Nothing that is written may be left to the owner that it has in the image.
        paths = {one for one in self.written if self._is_scratch(one)}
        execs: set[str] = set()
        for one in tmpfs if isinstance(tmpfs, list) else ():
            path, _, options = one.partition(":")
            paths.add(path)
            execs |= {path} if "exec" in options else set()
        owned = [
            self._owned(path, numbers) + (",exec" if path in execs else "")
            for path in sorted(paths)
        ]
        failed: bool | str = ""
        for more in (
            {"read_only": True, "tmpfs": owned},
            {"read_only": True, "tmpfs": owned, "cap_add": ["NET_BIND_SERVICE"]},
            {"tmpfs": owned},
            {"tmpfs": owned, "cap_add": ["NET_BIND_SERVICE"]},
        ):
            if "cap_add" in more and "not permitted" not in str(failed):
                continue
            tried = {**keys, **more}
            failed = self._works(tried, expected)
            if failed is True:
                return {**tried, "works": True}
        return {"user": numbers, "works": failed}

    def _names(self, users: Iterable[str]) -> list[str]:
        """Return users by the names that they have in the image, or their numbers."""
        accounts = self._in_image("cat", "/etc/passwd").splitlines()
        names = {line.split(":")[2]: line.split(":")[0] for line in accounts}
        numbers = sorted({int(user.partition(":")[0]) for user in users})
        return [names.get(str(number), str(number)) for number in numbers]

    def _expected_of(self, user: str) -> Expected:
        users = frozenset({user})
        plain = self.expected
        return Expected(users, plain.answer, plain.stop, plain.stops)

    def _memory(self) -> str:
        """Return the smallest limit with which the server starts and answers."""
        works = ""
        enough = [one for one in MEMORY if one * 2**20 > self.resident]
        # What the server holds at rest does not fit into less.
        for limit in enough[1::-1] + enough[2:]:
            if works and limit > int(works[:-1]):
                break
            if not self._tried({"mem_limit": f"{limit}m"}, last="start").failed:
                works = f"{limit}m"
            elif works:
                break
        return works
