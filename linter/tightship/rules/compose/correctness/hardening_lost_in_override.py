"""An override file or an extending service weakens a setting of its base.

Compose merges `compose.override.yaml` onto `compose.yaml` automatically, and an
extending service onto its base. So the reviewed base does not run: `read_only: true`
there has no effect if a file on top sets `false`, and `!reset` or `!override` removes
a whole list of options.

This is often intended, for a debugger or a development server. It is still worth
checking: the base file does not show it, and if the override file ends up on a server, a
plain `docker compose up` reads it there, too.

## How to fix

Remove the weaker value from the upper file, or keep that file out of deployment: give
it a name that Compose does not read automatically, such as `compose.dev.yaml`, and
pass it with `-f` where you need it. With `!override`, repeat the values that have to
stay.
"""

from tightship.rules import Bad, Finding, Findings, Good, LostHardening, ScalarValue, Verified, rule


@rule(
    on=LostHardening,
    severity="warning",
    cwe=(693,),
    references=(
        "Compose Specification, merge and override",
        "Compose Specification, services, extends",
    ),
    advice="remove the weaker value, or rename the file, such as"
    " `compose.dev.yaml`, and pass it with `-f`",
    absorbs_here=(
        "writable-root-filesystem",
        "root-user",
        "host-pid-namespace",
        "host-network-namespace",
        "host-ipc-namespace",
        "host-uts-namespace",
        "host-user-namespace",
        "host-cgroup-namespace",
        "oom-killer-disabled",
        "unlimited-resources",
        "logging-disabled",
        "seccomp-unconfined",
        "apparmor-unconfined",
        "selinux-disabled",
        "privilege-escalation-allowed",
    ),
    checked=Verified("""
        $ docker compose --progress quiet run --rm app grep NoNewPrivs /proc/self/status
      - NoNewPrivs: 0
      + NoNewPrivs: 1
        ==> compose.yaml <==
        services:
          app:
            image: busybox
            security_opt: [no-new-privileges]
      - ==> compose.override.yaml <==
      - services:
      -   app:
      -     security_opt: ["no-new-privileges:false"]
    """),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                read_only: true
                user: "101"
            ==> compose.override.yaml <==
            services:
              web:
                read_only: «false»
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                mem_limit: 512m
                security_opt: ["no-new-privileges:true", "seccomp=web.json"]
            ==> compose.override.yaml <==
            services:
              web:
                «security_opt»: !override ["seccomp=web.json"]
                «mem_limit»: !reset null
        """),
        Bad("""
            services:
              base:
                image: nginx:1.29
                cap_drop: [ALL]
                security_opt: ["no-new-privileges:true"]
              web:
                extends: base
                security_opt: [«"no-new-privileges:false"»]
        """).because("The list then has both options, and the last one applies."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                read_only: true
                mem_limit: 512m
            ==> compose.override.yaml <==
            services:
              web:
                mem_limit: 2g
                cap_drop: [ALL]
        """).because("Another limit is still a limit."),
        Good("""
            ==> compose.yaml <==
            services: {web: {image: nginx, privileged: true}}
            ==> compose.override.yaml <==
            services: {web: {privileged: false}}
        """),
    ),
)
def hardening_lost_in_override(loss: LostHardening) -> Findings:
    """Point at the value, or at the key with the tag, that decides."""
    driver = loss.container.text("logging", "driver")
    is_reported = loss.path[:1] == ("logging",) and driver.is_surely("none")  # logging-disabled
    if loss.how != "merge" and not is_reported:
        yield Finding(
            loss.span,
            f"{loss.container.title} loses {loss.names} from {loss.origin}: {_now(loss)}",
            because=loss.related,
        )


def _now(loss: LostHardening) -> str:
    if loss.how in ("reset", "override"):
        what = f"`{loss.path[-1]}`" if loss.path else "the service"
        verb = "removes" if loss.how == "reset" else "replaces"
        return f"`!{loss.how}` {verb} {what} here"
    if isinstance(loss.now, ScalarValue) and not loss.now.is_null:
        return f"it is `{loss.now.text}` here"
    return f"`{loss.path[-1]}` here replaces it"
