"""The seccomp profile allows system calls that Docker's default profile denies.

A profile in `security_opt` replaces Docker's default; the engine does not combine them. A
profile that denies a few calls therefore opens all others, such as `mount`, `bpf`, `keyctl`
and `unshare` with new user namespaces, which attackers use to exploit the kernel. All
containers share the kernel, so one exploit takes over the host.

Tightship compares the profile with the default of Docker Engine 26.1.5, 29.0 and 29.4.2,
call by call. Conditions count: those on arguments, capabilities, architectures and the
kernel. Two of them often surprise:

- runc treats two conditions on the same argument of one rule as alternatives. A rule that
  allows `socket` if the family is not 38 and not 40 allows every family.
- `SCMP_ACT_TRACE` does not stop a call if the container may call `ptrace`: a process in the
  container can then trace another one, and allow its calls.

An info is about calls that only later engines deny: Engine 29.4.2 denies sockets of the
family `AF_ALG` because of CVE-2026-31431, and a profile copied from an older engine does not.

## How to fix

Start from the default profile of your engine, and allow only the calls that the service
needs, under conditions on their arguments or on a capability where possible. If the service
needs no other calls, remove the option: Docker's profile then applies.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, SeccompProfile, Severity, Verified, by_default, named_calls, rule, unread_profile  # fmt: skip


@rule(
    on=Container,
    keys=("security_opt",),
    severity="warning",
    severity_note="info for calls that only later engines deny, and for a profile that is not read",
    cwe=(693,),
    references=(
        "Docker documentation, Seccomp security profiles for Docker",
        "moby 26.1.5, profiles/seccomp/default.json, seccomp_linux.go",
        "moby/profiles, seccomp/default.json",
        "runc 1.1, libcontainer/seccomp/seccomp_linux.go, matchCall",
        "seccomp(2), SECCOMP_RET_TRACE",
    ),
    advice="start from Docker's default profile, and allow only the needed calls",
    checked=Verified("""
        $ echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}]}' >few.json
      - $ docker run --rm --security-opt seccomp=few.json busybox unshare -U echo made
      - made
      + $ docker run --rm busybox unshare -U echo made
      + unshare: unshare(0x10000000): Operation not permitted
    """),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              debug:
                image: gdb
                security_opt: [«"seccomp=./few.json"»]
            ==> few.json <==
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}]}
        """).because("The profile denies one call, and allows all others."),
        Bad("""
            ==> compose.yaml <==
            services:
              debug:
                image: gdb
                security_opt: [«"seccomp=./older.json"»]
            ==> older.json <==
            {"defaultAction": "SCMP_ACT_ERRNO",
             "syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ALLOW",
                           "args": [{"index": 0, "value": 40,
                                     "op": "SCMP_CMP_NE"}]}]}
        """).at("info", "Docker Engine 29.4.2 denies not only the family 40, but also 38."),
        Bad("""
            services:
              debug:
                image: gdb
                security_opt: [«"seccomp=/etc/docker/debug.json"»]
        """).at("info", "Tightship reads no file outside of the project."),
        Good("""
            ==> compose.yaml <==
            services:
              debug:
                image: gdb
                security_opt: ["seccomp=./strict.json"]
            ==> strict.json <==
            {"defaultAction": "SCMP_ACT_ERRNO",
             "syscalls": [{"names": ["read", "write", "exit_group"],
                           "action": "SCMP_ACT_ALLOW"}]}
        """).because("The default allows these calls, too."),
        Good("""
            ==> compose.yaml <==
            services:
              debug:
                image: gdb
                cap_add: [SYS_TIME]
                security_opt: ["seccomp=./clock.json"]
            ==> clock.json <==
            {"defaultAction": "SCMP_ACT_ERRNO",
             "syscalls": [{"names": ["read", "write", "exit_group", "clock_settime"],
                           "action": "SCMP_ACT_ALLOW"}]}
        """).because("With `SYS_TIME`, the default allows `clock_settime`."),
    ),
)
def weak_seccomp_profile(container: Container) -> Findings:
    """Name the calls that the profile opens."""
    setting, profile = container.security.seccomp, container.seccomp_profile
    if profile is None and (why := unread_profile(container)):
        yield Finding(
            setting.span,
            f"the seccomp profile of {container.title} can allow any call: {why}",
            severity=Severity.INFO,
            advice="keep the profile in the project",
        )
    if not isinstance(profile, SeccompProfile) or profile.allows_everything:
        return
    if container.privileged.could_be(True):
        return  # the engine may ignore the profile
    calls, by = profile.opened, f"{profile.engine}'s default profile denies"
    severity = None
    if not calls:
        calls, severity = profile.newer, Severity.INFO
        by = "Docker Engine 29.4.2 and later deny by default"
    if calls:
        yield Finding(
            setting.span,
            f"the seccomp profile `{setting.value}` of {container.title} allows"
            f" {named_calls(calls)}, which {by}{by_default(setting.provenance)}",
            severity=severity,
        )
