"""Seccomp profiles, call by call: which calls the kernel lets a container make.

Profiles are made at random. Each runs in a container that tries every call of the kernel's
table, some with arguments that conditions are about. No call is made (``calls.c``). The
calls that were stopped are recorded in ``tests/oracles/seccomp.json``, and compared with
the model's filter of the same profile. Without a profile, the engine's default is seen.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.lab.run import IMAGE, written

from tightship.isolation.seccomp_default import default_profile
from tightship.isolation.seccomp_filter import Environment, Filter
from tightship.isolation.seccomp_profile import RejectedProfile
from tightship.isolation.seccomp_text import read_profile
from tightship.values.capability import bounding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.lab.engine import Engine

ORACLE = Path(__file__).parents[1] / "oracles" / "seccomp.json"

Record = dict[str, Any]

_NUMBERS = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
# The way out of the program that tries, and a call that no filter sees (Linux,
# kernel/seccomp.c, __secure_computing).
_NOT_TRIED = frozenset(("exit_group", "uretprobe"))
NEEDED = "needed"
"""In a record, what runc and the program need after the filter is there."""

_NEEDED = [
    "arch_prctl",
    "brk",
    "capget",
    "capset",
    "chdir",
    "clone",
    "close",
    "close_range",
    "dup2",
    "dup3",
    "epoll_ctl",
    "epoll_pwait",
    "execve",
    "exit",
    "exit_group",
    "faccessat2",
    "fchdir",
    "fchown",
    "fcntl",
    "fork",
    "fstat",
    "fstatfs",
    "futex",
    "getcwd",
    "getdents64",
    "getpid",
    "getppid",
    "getrandom",
    "gettid",
    "ioctl",
    "kill",
    "lseek",
    "madvise",
    "mmap",
    "mprotect",
    "munmap",
    "nanosleep",
    "newfstatat",
    "open",
    "openat",
    "openat2",
    "pipe2",
    "prctl",
    "pread64",
    "ptrace",
    "prlimit64",
    "read",
    "readlink",
    "readlinkat",
    "rseq",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sched_getaffinity",
    "sched_yield",
    "seccomp",
    "set_robust_list",
    "set_tid_address",
    "setgid",
    "setgroups",
    "setresgid",
    "setresuid",
    "setuid",
    "sigaltstack",
    "statx",
    "tgkill",
    "uname",
    "wait4",
    "waitid",
    "write",
    "writev",
]
# Calls with conditions on arguments, and the arguments that are tried.
_WITH_ARGUMENTS: dict[str, tuple[tuple[int, ...], ...]] = {
    "socket": tuple((f, 3, p) for f in (1, 2, 38, 39, 40, 41, 44) for p in (0, 6)),
    "personality": tuple((p,) for p in (0, 8, 9, 0x20000, 0x20008, 0x0400000, 2**32 - 1)),
    "clone": tuple((b,) for b in (0x11, 0x10000000, 0x20000000, 0x7E020000, 0x80)),
    "ioctl": tuple((a, b) for a in (0, 1, 7) for b in (0x5412, 0x541C, 0x5413)),
    "keyctl": tuple((a, b) for a in (0, 2, 3, 2**40) for b in (0, 5)),
}
# Calls that rules of random profiles name: with conditions, by a capability, and others.
_POOL = (
    *("socket", "personality", "ioctl", "keyctl"),
    *("mount", "bpf", "unshare", "acct", "syslog", "setns", "chroot"),
    *("add_key", "userfaultfd", "io_uring_setup", "kexec_load", "clone3", "reboot"),
    *("mkdir", "chmod", "getpgid", "sync", "no_such_call"),
)
_STOPPING = (
    {"action": "SCMP_ACT_ERRNO"},
    {"action": "SCMP_ACT_ERRNO", "errnoRet": 13},
    {"action": "SCMP_ACT_KILL"},
    {"action": "SCMP_ACT_KILL_PROCESS"},
    {"action": "SCMP_ACT_TRAP"},
)
_GOING_ON = ({"action": "SCMP_ACT_ALLOW"}, {"action": "SCMP_ACT_LOG"})
_OPERATORS = ("NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ")


def attempts() -> list[str]:
    """Return what is tried: the name of a call, and its arguments after colons."""
    plain = sorted(numbers().keys() - _NOT_TRIED - _WITH_ARGUMENTS.keys())
    some = (
        ":".join(map(str, (name, *one))) for name, all_ in _WITH_ARGUMENTS.items() for one in all_
    )
    return [*plain, *some]


def numbers() -> dict[str, int]:
    """Return the numbers of the calls on this architecture."""
    text = _NUMBERS.read_text(encoding="utf-8")
    return {n: int(v) for n, v in re.findall(r"#define __NR_(\w+)\s+(\d+)", text)}


def cases() -> dict[str, tuple[dict[str, Any] | None, list[str]]]:
    """Return profiles by hand, each with the capabilities that are added."""
    allow, stop = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"

    def not_both(first: int, second: int) -> dict[str, Any]:
        """Two conditions on one argument, of which one is enough."""
        args = [{"index": 0, "value": v, "op": "SCMP_CMP_NE"} for v in (first, second)]
        return {"names": ["socket"], "action": allow, "args": args}

    base = {"names": NEEDED, "action": allow}
    keys = {"names": ["keyctl"], "action": allow}
    return {
        **{f"default, {cap}": (None, [cap]) for cap in _CAPABILITIES},
        "default": (None, []),
        "no rules": ({}, []),
        "two conditions on an argument": (
            {"defaultAction": stop, "syscalls": [base, not_both(38, 40)]},
            [],
        ),
        "a rule without conditions comes last": (
            {
                "defaultAction": allow,
                "syscalls": [
                    {
                        **keys,
                        "action": stop,
                        "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}],
                    },
                    {**keys, "action": stop, "errnoRet": 13},
                ],
            },
            [],
        ),
        "the default's action comes first": (
            {
                "defaultAction": stop,
                "syscalls": [base, {**keys, "action": stop}, {**keys, "action": allow}],
            },
            [],
        ),
        "another errno comes first": (
            {
                "defaultAction": stop,
                "syscalls": [
                    base,
                    {**keys, "action": stop, "errnoRet": 13},
                    {**keys, "action": allow},
                ],
            },
            [],
        ),
        "other cases of letters": (
            {"DEFAULTACTION": allow, "SysCalls": [{"NAMES": ["keyctl"], "Action": stop}]},
            [],
        ),
        "another architecture only": (
            {
                "defaultAction": allow,
                "architectures": ["SCMP_ARCH_AARCH64"],
                "syscalls": [{"names": ["keyctl"], "action": stop}],
            },
            [],
        ),
        "the old name": (
            {"defaultAction": allow, "syscalls": [{"name": "bpf", "action": stop}]},
            [],
        ),
        "a mask with more bits in its value": (
            {
                "defaultAction": allow,
                "syscalls": [
                    {
                        "names": ["keyctl"],
                        "action": stop,
                        "args": [
                            {"index": 0, "value": 2, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ"}
                        ],
                    }
                ],
            },
            [],
        ),
    }


_CAPABILITIES = (
    *("SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "SYS_RAWIO", "SYS_TIME", "SYS_BOOT"),
    *("SYS_NICE", "SYSLOG", "BPF", "PERFMON", "DAC_READ_SEARCH", "SYS_PACCT", "ALL"),
)


def generated(seed: int) -> tuple[dict[str, Any], list[str]]:
    """Return a profile at random, and capabilities to add."""
    random = Random(seed)
    default = random.choice((*_STOPPING[:2], *_GOING_ON))
    profile: dict[str, Any] = {"defaultAction": default["action"]}
    if "errnoRet" in default:
        profile["defaultErrnoRet"] = default["errnoRet"]
    profile["syscalls"] = [_rule(random) for _ in range(random.randint(1, 12))]
    if default in _STOPPING:
        # Unconditional, and first: no later rule takes back what the start needs.
        needed = {"names": NEEDED, "action": "SCMP_ACT_ALLOW"}
        profile["syscalls"].insert(0, needed)
    if random.random() < 0.3:
        profile["archMap"] = [
            {
                "architecture": "SCMP_ARCH_X86_64",
                "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            }
        ]
    return profile, random.sample(("SYS_ADMIN", "SYS_PTRACE"), random.randint(0, 1))


def _rule(random: Random) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "names": random.sample(_POOL, random.randint(1, 4)),
        **random.choice((*_STOPPING, *_GOING_ON, *_GOING_ON)),
    }
    if random.random() < 0.5:
        name = random.choice([n for n in _POOL if n in _WITH_ARGUMENTS])
        rule["names"] = [name]
        rule["args"] = [_condition(random, name) for _ in range(random.choice((1, 1, 2)))]
    for key in ("includes", "excludes"):
        if random.random() < 0.3:
            rule[key] = random.choice(
                (
                    {"caps": ["CAP_SYS_ADMIN"]},
                    {"caps": ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]},
                    {"caps": ["SYS_ADMIN"]},
                    {"arches": ["amd64", "s390x"]},
                    {"arches": ["arm64"]},
                    {"minKernel": random.choice(("4.8", "6.1", "200.0"))},
                    {},
                )
            )
    return rule


def _condition(random: Random, name: str) -> dict[str, Any]:
    values = random.choice(_WITH_ARGUMENTS[name])
    index = random.randrange(min(len(values), 2))
    operator = random.choice(_OPERATORS)
    value = values[index]
    found = {"index": index, "value": value, "op": f"SCMP_CMP_{operator}"}
    if operator == "MASKED_EQ":
        found["value"] = value or 1
        found["valueTwo"] = random.choice((0, found["value"]))
    return found


def record(running: Engine, name: str, profile: dict[str, Any] | None, added: list[str]) -> Record:
    """Run a profile, and return the calls that were stopped, or why it was refused."""
    number, tried = numbers(), attempts()
    words = [_word(one, number) for one in tried]
    options = [f"--cap-add={one}" for one in added]
    if profile is not None:
        text = json.dumps(complete(profile))
        folder = written(running, "seccomp", {"profile.json": text})
        options.append(f"--security-opt=seccomp={folder}/profile.json")
    command = ("run", "--rm", *options, "--entrypoint", "/bin/calls", IMAGE)
    done = running.run("docker", *command, *words)
    made: Record = {"name": name, "profile": profile, "added": added, "seen": {}}
    if done.returncode:
        return {**made, "refused": done.stderr.strip().splitlines()[-1]}
    codes: list[int] = json.loads(done.stdout)
    assert 255 not in codes, "the second filter was not installed"
    stopped = [o for o, c in zip(tried, codes, strict=True) if c]
    passed = [o for o, c in zip(tried, codes, strict=True) if not c]
    # The shorter list.
    few = len(stopped) <= len(passed)
    made["seen"]["stopped" if few else "passed"] = stopped if few else passed
    return made


def complete(profile: dict[str, Any]) -> dict[str, Any]:
    """Return a profile of a record with the names of the calls that the start needs."""
    return {
        key: [{**one, "names": _NEEDED} if one.get("names") == NEEDED else one for one in value]
        if key == "syscalls"
        else value
        for key, value in profile.items()
    }


def _word(attempt: str, number: dict[str, int]) -> str:
    name, colon, rest = attempt.partition(":")
    return f"{number[name]}{colon}{rest}"


def records(running: Engine, seeds: Iterable[int]) -> list[Record]:
    """Run the profiles by hand, and those of some seeds."""
    made = [record(running, name, *case) for name, case in cases().items()]
    made += [record(running, f"seed {one}", *generated(one)) for one in seeds]
    # libseccomp rejects the same conditions with two actions, which chance makes.
    return [one for one in made if "file exists" not in one.get("refused", "")]


def traced(running: Engine, action: str) -> bool:
    """Return whether a tracer in the container lets a call with this action go on."""
    rule = {"names": ["getpgid"], "action": action, "errnoRet": 38}
    text = json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]})
    folder = written(running, "seccomp", {"profile.json": text})
    option = f"--security-opt=seccomp={folder}/profile.json"
    words = (IMAGE, "traced", str(numbers()["getpgid"]))
    done = running.docker("run", "--rm", option, "--entrypoint", "/bin/calls", *words)
    return bool(json.loads(done) == [0])


def header(running: Engine) -> Record:
    """Return the versions, and what was tried."""
    return {**running.versions(), "architecture": "amd64", "attempts": attempts()}


def disagreements(head: Record, one: Record) -> Iterator[str]:
    """Yield where the model's filter differs from what the kernel did."""
    if "refused" in one:
        yield f"{one['name']}: {one['refused']}"
        return
    seen, counted = one["seen"], Counter[str]()
    stopped = set(seen.get("stopped", set(head["attempts"]).difference(seen.get("passed", ()))))
    kept = model(head, one)
    for attempt in head["attempts"]:
        name, _, rest = attempt.partition(":")
        values = [int(v) for v in rest.split(":") if v]
        said = True if kept is None else kept.allows(name, dict(enumerate(values)))
        counted["open" if said is None else "decided"] += 1
        if said is not None and said == (attempt in stopped):
            yield f"{one['name']}: {attempt}: {'allowed' if said else 'stopped'}"
    if counted["open"] > counted["decided"] // 10:
        yield f"{one['name']}: {counted['open']} are open"


def model(head: Record, one: Record) -> Filter | None:
    """Return the model's filter of a record, or none where no filter is in force."""
    profile = one["profile"]
    if profile is None:
        profile = default_profile(head["engine"].partition("+")[0])
    else:
        read = read_profile(json.dumps(complete(profile)))
        if isinstance(read, RejectedProfile):
            raise AssertionError(read.why)
        profile = read
    if not profile.get("defaultAction") and not profile.get("syscalls"):
        return None
    first, second = map(int, head["kernel"].split(".")[:2])
    return Filter(profile, Environment("amd64", (first, second), held(one["added"])))


def held(added: list[str]) -> frozenset[str]:
    """Return the bounding set of a container with some capabilities added."""

    return bounding(added, (), privileged=False)
