"""A process in the container can gain new privileges.

A program with the set-user-id bit or with file capabilities gives its privileges to
every user who runs it. Images contain several, such as `su`, `mount` and `passwd`; a
flaw in one of them lets an attacker with an unprivileged account become root.
`no-new-privileges` makes the kernel ignore these bits for all processes of the
container, permanently. Services that start as root and switch to another user with
`gosu` or `su-exec` continue to work.

By default it is off, unless the configuration of the daemon turns it on. If a service has
several such options, the last one applies (moby 26.1.5, daemon/daemon_unix.go).

## How to fix

Add `no-new-privileges:true` to `security_opt`. Write it in one file only: Compose
rejects a project in which a base and its override hold the same option. A service
that calls `sudo`, or `ping` with file capabilities, stops working with it: replace these
calls first. There is a fix for well-known images that run with the option.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Severity, Verified, advice_to_leave, best_fix, by_default, rule, runs_without_new_privileges  # fmt: skip

_OPTION = "no-new-privileges:true"


@rule(
    on=Container,
    severity="warning",
    severity_note="info if the option is not written and no patch is known to work",
    fix="tightens",
    cwe=(269,),
    references=(
        "Compose Specification, services, security_opt",
        "Linux, PR_SET_NO_NEW_PRIVS(2const)",
        "moby 26.1.5, daemon/daemon_unix.go (parseSecurityOpt)",
    ),
    aliases=("CL-0003", "kics:27fcc7d6", "kics:610e266e", "semgrep:no-new-privileges"),
    measure="no-new-privileges",
    advice="set `security_opt: [no-new-privileges:true]`, unless the service calls a setuid program",
    checked=Verified("""
      - $ docker run --rm --user 1000 busybox grep NoNewPrivs /proc/self/status
      - NoNewPrivs: 0
      + $ docker run --rm --user 1000 --security-opt no-new-privileges busybox grep NoNewPrivs /proc/self/status
      + NoNewPrivs: 1
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                security_opt:
          -       - «no-new-privileges:false»
          +       - no-new-privileges:true
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
          -     security_opt: ["no-new-privileges:true", «"no-new-privileges=0"»]
          +     security_opt: ["no-new-privileges:true"]
        """).because("The last one applies; without it, the first one applies."),
        Bad("""
            services:
              «web»:
                image: nginx:1.29
          +     security_opt:
          +       - no-new-privileges:true
        """),
        Bad("""
            services:
              «web»:
                image: example/web:1.4
        """).at(
            "info",
            "It is unknown whether this image runs `sudo` or a similar program, so there is no fix.",
        ),
        Good("""
            services:
              web:
                image: nginx:1.29
                security_opt: ["no-new-privileges=true", "seccomp=web.json"]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                security_opt: ["${WEB_SECURITY}"]
        """).because("The value is known only at run time, so the rule reports nothing."),
        Good("""
            services:
              web:
                image: mcr.microsoft.com/dotnet/aspnet:9.0-nanoserver-ltsc2022
              api:
                image: example/api:2.4
                platform: windows/amd64
        """).because("Windows has no `no-new-privileges`."),
    ),
)
def privilege_escalation_allowed(container: Container) -> Findings:
    """Point at the option that is false, or at the service that has none."""
    option = container.security.no_new_privileges
    if option.could_be(True) or container.runs_windows:
        return
    fix, is_known = best_fix(container, _fix, "new privileges")
    yield Finding(
        option.span if option.is_set else container.span,
        f"processes of {container.title} can gain new privileges{by_default(option.provenance)}",
        severity=None if is_known or option.is_set else Severity.INFO,
        fix=fix,
        advice="" if is_known else advice_to_leave(container, "new privileges"),
    )


def _fix(container: Container) -> Fix | None:
    if not runs_without_new_privileges(container.reached("security_opt")):
        return None
    security, service = container.security, container.settings
    option = security.no_new_privileges
    if not option.is_set:
        edits = service.editor.add("security_opt", _OPTION)
    elif security.options.surely_holds(_OPTION):
        # Compose rejects the same item twice.
        edits = service.editor.remove_item("security_opt", option.source)
    else:
        edits = service.editor.replace_item("security_opt", option.source, _OPTION)
    return Fix.tightens(
        "Prevent processes from gaining new privileges",
        edits,
        may_break=f"{container.title}, if it runs `sudo`, `su` or another set-user-id program",
    )
