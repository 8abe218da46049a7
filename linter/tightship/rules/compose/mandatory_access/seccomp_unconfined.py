"""Seccomp is off: the container can call every system call.

Docker's default profile allows about 350 system calls and denies all others:
`keyctl`, `userfaultfd`, `io_uring_setup`, `kexec_load` and other calls that services
do not need and that kernel exploits use (moby 26.1.5, profiles/seccomp/default.json).
All containers share the kernel, so one exploit takes over the host.
`seccomp=unconfined` allows every call, and so do a profile that stops no call and a profile
without rules, such as `{}`: the engine then installs no filter.

If a service has several `seccomp` options, the last one applies.

## How to fix

Remove the option: Docker's profile then applies. If the service needs a call that
the profile denies, copy the profile, allow that call, and name the copy:
`seccomp=profile.json`, a path from the project's folder.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, SeccompProfile, Verified, asked_for, by_default, documented_grant, rule  # fmt: skip


@rule(
    on=Container,
    keys=("security_opt",),
    severity="warning",
    fix="tightens",
    cwe=(693,),
    references=(
        "Compose Specification, services, security_opt",
        "Docker documentation, Seccomp security profiles for Docker",
        "moby 26.1.5, profiles/seccomp/default.json, daemon/daemon_unix.go",
    ),
    aliases=("CL-0009", "kics:404fde2c", "semgrep:seccomp-confinement-disabled"),
    checked=Verified("""
      - $ docker run --rm --security-opt seccomp=unconfined busybox unshare -U echo made
      - made
      + $ docker run --rm busybox unshare -U echo made
      + unshare: unshare(0x10000000): Operation not permitted
    """),
    examples=(
        Bad("""
            services:
              debug:
                image: gdb
                security_opt:
                  - no-new-privileges:true
          -       - «seccomp:unconfined»
        """),
        Bad("""
            services:
              debug:
                image: gdb
          -     security_opt: ["seccomp=strict.json", «"seccomp=unconfined"»]
          +     security_opt: ["seccomp=strict.json"]
        """).because("The last one applies."),
        Bad("""
            ==> compose.yaml <==
            services:
              debug:
                image: gdb
          -     security_opt: [«"seccomp=./all.json"»]
            ==> all.json <==
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}
        """).because("The profile denies no system call."),
        Good("""
            services:
              debug:
                image: gdb
                security_opt: ["seccomp=unconfined", "seccomp=ptrace.json"]
        """),
        Good("""
            services:
              debug:
                image: gdb
                security_opt: ["seccomp=${PROFILE}"]
        """).because("The value is known only at run time, so the rule reports nothing."),
    ),
)
def seccomp_unconfined(container: Container) -> Findings:
    """Point at the option that counts."""
    profile = container.security.seccomp
    if profile.is_surely("unconfined"):
        what = "seccomp is off"
    elif isinstance(read := container.seccomp_profile, SeccompProfile):
        if not read.allows_everything:
            return
        what = f"the seccomp profile `{profile.value}` blocks nothing"
    else:
        return
    asked = documented_grant(container, "security_opt", "seccomp:unconfined")
    yield Finding(
        profile.span,
        f"{what} in {container.title}: every system call is allowed"
        + by_default(profile.provenance)
        + asked_for(asked, container),
        fix=None
        if asked
        else Fix.tightens(
            "Use Docker's seccomp profile",
            container.editor.remove_item("security_opt", profile.source),
            may_break=f"{container.title}, if it needs a system call that the profile denies",
        ),
    )
