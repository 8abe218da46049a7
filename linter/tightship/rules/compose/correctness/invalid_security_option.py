"""Docker rejects an entry of `security_opt`.

Compose or the Docker Engine rejects an unknown option, an option without its value, and a
value that it cannot read, and creates no container. People then often comment out a
mistyped `no-new-privileges` to get the service running, and the container has no
protection at all.

`seccomp` takes `unconfined` or the path of a profile. Compose 2.26.1 reads every other
word as a path, including `builtin` and `default`, and stops if there is no such file or if it
is not JSON. The engine then rejects a profile with an unknown action, operator or
architecture, or with fields of the wrong type. Tightship reads profiles in the project only.

## How to fix

Use a form that the Docker Engine accepts: `no-new-privileges:true`,
`seccomp=profile.json`, `apparmor=profile`, `label=type:name`, `systempaths=unconfined`.
Case matters, and there is no space after the separator. For Docker's own seccomp profile,
remove the option.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, RejectedProfile, Verified, by_default, closest, parse_switch, rule, split_security_option, unreadable_profiles  # fmt: skip

# Those of moby 26.1.5, daemon/daemon_unix.go and daemon/oci_windows.go, Compose's
# `systempaths`, and `writable-cgroups` of later engines.
_KNOWN = (
    "no-new-privileges",
    "seccomp",
    "apparmor",
    "label",
    "systempaths",
    "credentialspec",
    "writable-cgroups",
)
# Words that look like a profile, and are read as the path of one.
# Those that Podman takes in addition: podman-run(1).
_OF_PODMAN = frozenset(("mask", "proc-opts", "unmask"))
_NO_PROFILES = frozenset(("builtin", "default", "unconfined"))


@rule(
    on=Container,
    keys=("security_opt",),
    severity="error",
    references=(
        "Docker Engine 26.1.5 and Compose 2.26.1, seen to reject these",
        "moby 26.1.5, daemon/daemon_unix.go, parseSecurityOpt",
        "docker/compose, pkg/compose/create.go, parseSecurityOpts",
        "moby 26.1.5, profiles/seccomp/seccomp_linux.go",
        "runc 1.1, libcontainer/seccomp/config.go",
    ),
    advice="use an option and a value that the engine accepts, or remove the entry",
    checked=Verified("""
      - $ docker run --rm --security-opt no_new_privileges:true busybox echo started
      - docker: Error response from daemon: invalid --security-opt 2: "no_new_privileges:true".
      + $ docker run --rm --security-opt no-new-privileges:true busybox echo started
      + started
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                security_opt: [«"no_new_privileges:true"»]
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                security_opt: [«"no-new-privileges: true"»]
        """).because("Because of the space, the value is neither true nor false."),
        Bad("""
            services:
              web:
                image: nginx:1.29
                security_opt: [«"seccomp=builtin"»]
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                security_opt: [«disable»]
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                security_opt: [«"seccomp=profile.json"»]
            ==> profile.json <==
            {"defaultAction": "ERRNO"}
        """).because("The action is `SCMP_ACT_ERRNO`."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                security_opt:
                  - no-new-privileges
                  - seccomp=profile.json
                  - systempaths=unconfined
                  - label:type:container_t
                  - ${MORE}
            ==> profile.json <==
            {"defaultAction": "SCMP_ACT_ERRNO"}
        """),
        Good("""
            services:
              web:
                image: iis
                security_opt: ["credentialspec=file://web.json"]
        """).because("An engine on Windows accepts it."),
    ),
)
def invalid_security_option(container: Container) -> Findings:
    """Point at each entry that no engine takes."""
    program = container.settings.program
    for item in container.texts("security_opt").items:
        why = _fault(item.value, program) if item.value is not None else ""
        if why:
            yield Finding(
                item.span, f"{container.title} will not start: {why}{by_default(item.provenance)}"
            )
    rejected = unreadable_profiles(container)
    if isinstance(container.seccomp_profile, RejectedProfile):
        rejected.append((container.security.seccomp, container.seccomp_profile))
    for setting, fault in rejected:
        yield Finding(
            setting.span,
            f"{container.title} will not start: {fault.by} rejects the seccomp"
            f" profile `{setting.value}`: {fault.why}{by_default(setting.provenance)}",
        )


def _fault(text: str, program: str) -> str:
    """Return why an option is rejected and what to write, or nothing."""
    if text == "no-new-privileges":
        return ""
    kind, separator, value = split_security_option(text)
    if program == "Podman" and kind in _OF_PODMAN:
        return ""
    if not separator:
        if text in _KNOWN:
            return f"`{text}` has no value; write `{text}=` and the value"
        if text in ("disable", "unconfined"):
            meant = "label=disable" if text == "disable" else "seccomp=unconfined"
            return f"`{text}` lacks its kind; remove it, or write `{meant}`"
        what = f"`{text}`" if text else "an empty text"
        return f"{what} is not a security option; remove it" + _guess(text)
    if kind == "systempaths" and text != "systempaths=unconfined":
        return f"Docker accepts only `systempaths=unconfined`, not `{text}`; remove it"
    if kind == "no-new-privileges" and parse_switch(value) is None:
        return f"`{value}` is neither true nor false; write `no-new-privileges:true`"
    if kind == "seccomp" and not value:
        return f"`{text}` names no profile; remove it for Docker's own profile"
    if kind == "seccomp" and value == "builtin" and program == "Docker":
        return ""
    if kind == "seccomp" and value != "unconfined" and value.lower() in _NO_PROFILES:
        engine = "Podman" if program == "Podman" else "Docker"
        return (
            f"{program} reads `{value}` as the path of a seccomp profile; remove the"
            f" option for {engine}'s own profile"
        )
    if kind not in _KNOWN:
        return f"`{kind}` is not a security option; remove `{text}`{_guess(kind)}"
    return ""


def _guess(kind: str) -> str:
    found = closest(kind, _KNOWN)
    return f" or write `{found}`" if found else ""
