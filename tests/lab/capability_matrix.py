"""The capabilities of programs by user, image, settings and rights of the program.

One project has the services of one user. Of each service, ``tests/oracles`` keeps the five
sets of its first process and of three programs that it runs, as ``capabilities.c`` prints
them: one without rights of its own, one with the setuid bit of root, and one with the
file capability ``NET_RAW``. ``hooks`` has the sets of commands next to the main one: the
Compose of the lab runs no hooks, so that `docker exec` runs them with the same options.
"""

from __future__ import annotations

import io
import json
import struct
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.run import project_of
from tests.lab.seen import CAPABILITIES, capabilities_in, named_capabilities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.engine import Engine

ORACLE = Path(__file__).parents[1] / "oracles" / "capabilities.json"
DOCKERFILES = {
    "lab/capabilities:root": "",
    "lab/capabilities:1000": "USER 1000:1000",
    "lab/capabilities:app": "USER app",
}
"""The images, with what the Dockerfile of each has after ``FROM scratch``."""
PROGRAMS = ("first", "plain", "setuid", "file")
FILE_CAPABILITY = "NET_RAW"

Record = dict[str, Any]

_PASSWD = b"root:x:0:0::/:\ntoor:x:0:0::/:\nadmin:x:0:0::/:\napp:x:1000:1000::/:\n"
_SETS = {"eff": "CapEff", "prm": "CapPrm", "inh": "CapInh", "bnd": "CapBnd", "amb": "CapAmb"}
# struct vfs_cap_data, revision 2, effective (include/uapi/linux/capability.h).
_REVISION = 0x02000001

_USERS: dict[str, tuple[str, Record]] = {
    "image-root": ("root", {}),
    "image-1000": ("1000", {}),
    "image-app": ("app", {}),
    "root": ("1000", {"user": "root"}),
    "zero": ("1000", {"user": "0:0"}),
    "number": ("root", {"user": "1000:1000"}),
    "toor": ("root", {"user": "toor"}),
    "admin": ("1000", {"user": "admin"}),
    "app": ("root", {"user": "app"}),
    "unset": ("1000", {"user": "${WHO:-}"}),
    "variable": ("root", {"user": "${WHO}"}),
}
_GRANTS: dict[str, Record] = {
    "none": {},
    "some": {"cap_add": ["SYS_ADMIN", "NET_ADMIN"]},
    "all": {"cap_add": ["ALL"]},
    "dropped": {"cap_drop": ["ALL"]},
    "only": {"cap_drop": ["ALL"], "cap_add": ["SYS_ADMIN"]},
    "privileged": {"privileged": True},
}
_OPTIONS: dict[str, Record] = {"": {}, "-nnp": {"security_opt": ["no-new-privileges:true"]}}
_HOOKS = [
    {"command": "/bin/capabilities once"},
    {"command": "/bin/capabilities once", "user": "root"},
    {"command": "/bin/capabilities once", "privileged": True},
    {"command": "/bin/capabilities once", "privileged": True, "user": "root"},
    {"command": "/bin/capabilities once", "privileged": True, "user": "1000"},
]


def cases() -> dict[str, Record]:
    """Return the services of each user, by names of projects and of services."""
    found = {
        user: {
            grant + option: {"image": f"lab/capabilities:{tag}", **who, **what, **more}
            for grant, what in _GRANTS.items()
            for option, more in _OPTIONS.items()
        }
        for user, (tag, who) in _USERS.items()
    }
    found["hooks"] = {
        f"{user}{option}": {
            "image": "lab/capabilities:root",
            "cap_add": ["SYS_ADMIN"],
            "user": user,
            "post_start": _HOOKS,
            **more,
        }
        for user in ("root", "1000")
        for option, more in _OPTIONS.items()
    }
    return found


def make_images(engine: Engine) -> None:
    """Make the images, without a registry."""
    program = (engine.folder / "capabilities").read_bytes()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content, mode, capability in (
            ("capabilities", program, 0o755, None),
            ("plain", program, 0o755, None),
            ("setuid", program, 0o4755, None),
            ("file", program, 0o755, FILE_CAPABILITY),
        ):
            entry = tarfile.TarInfo(f"bin/{name}")
            entry.size, entry.mode = len(content), mode
            if capability is not None:
                bits = 1 << CAPABILITIES.index(capability)
                value = struct.pack("<5I", _REVISION, bits, 0, 0, 0).decode("ascii")
                entry.pax_headers = {"SCHILY.xattr.security.capability": value}
            tar.addfile(entry, io.BytesIO(content))
        entry = tarfile.TarInfo("etc/passwd")
        entry.size = len(_PASSWD)
        tar.addfile(entry, io.BytesIO(_PASSWD))
    for image, text in DOCKERFILES.items():
        changes = ("-c", 'ENTRYPOINT ["/bin/capabilities"]', *(("-c", text) if text else ()))
        engine.docker("import", *changes, "-", image, stdin=packed.getvalue())


def records(engine: Engine, names: list[str] | None = None) -> tuple[Record, list[Record]]:
    """Run the cases, or those of some users; return the header and the records."""
    plain = {"image": "lab/capabilities:root"}
    both: dict[str, Record] = {"plain": plain, "all": {**plain, "privileged": True}}
    printed = _printed(engine, "sets", both)
    default, everything = (capabilities_in(printed[one]["first"]["CapBnd"]) for one in both)
    header = {**engine.versions(), "default": sorted(default), "everything": sorted(everything)}
    found = list[Record]()
    for name, services in cases().items():
        if names is None or name in names:
            seen = _printed(engine, name, services)
            facts = {
                service: [body, _facts(seen[service], default, everything)]
                for service, body in services.items()
            }
            found.append({"name": name, "services": facts})
    return header, found


def _printed(
    engine: Engine, name: str, services: Mapping[str, Record]
) -> dict[str, dict[str, Any]]:
    """Run a project, and return what its services and their hooks print."""
    files = {"compose.yaml": json.dumps({"services": services})}
    found: dict[str, dict[str, Any]] = {}
    with project_of(engine, name, files) as refused:
        if refused:
            raise RuntimeError(refused)
        for service, body in services.items():
            container = f"lab-{name}-{service}-1"
            logs = ""
            while not logs.endswith("}\n"):
                logs = engine.docker("logs", container)
            found[service] = json.loads(logs)
            if "post_start" in body:
                hooks = [_exec(engine, container, hook) for hook in body["post_start"]]
                found[service]["hooks"] = hooks
    return found


def _exec(engine: Engine, container: str, hook: Record) -> dict[str, str]:
    flags = ["--privileged"] if hook.get("privileged") else []
    flags += ["--user", hook["user"]] if "user" in hook else []
    printed = engine.docker("exec", *flags, container, "/bin/capabilities", "once")
    first: dict[str, str] = json.loads(printed)["first"]
    return first


def _facts(
    printed: Mapping[str, Any], default: frozenset[str], everything: frozenset[str]
) -> Record:
    def sets(one: Any) -> Any:
        if isinstance(one, str):
            return one
        named = {
            short: named_capabilities(capabilities_in(one[key]), default, everything)
            for short, key in _SETS.items()
        }
        return {"uid": int(one["uid"]), "nnp": int(one["NoNewPrivs"]), **named}

    found: Record = {program: sets(printed[program]) for program in PROGRAMS}
    if "hooks" in printed:
        found["hooks"] = [sets(one) for one in printed["hooks"]]
    return found
