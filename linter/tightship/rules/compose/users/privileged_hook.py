"""A hook command gets more rights than the service.

Hooks (`pre_start`, `post_start`, `pre_stop`) and the `exec` of `develop.watch` have
their own rights. `privileged: true` gives a command that runs as root every capability,
even if the service drops them all. The container's AppArmor profile and device rules
still apply (moby 26.1.5, daemon/exec_linux.go). `user: root` makes the command root, even
if the service runs as another user.

Compose 2.30 and later run the hooks `post_start` and `pre_stop`. Earlier releases ignore
them (seen with 2.26.1), so the rights take effect after an upgrade.

The command comes from the container's file system. An attacker who controls the
service and can write there replaces the command, or a file that it loads, and waits
for the next start or stop.

## How to fix

Do work that needs root, such as setting owners, in the image's build. If a hook has to be
root, prevent changes of its command: set `read_only: true`, and use a command that is not
on a volume.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Hook, Severity, Unverified, by_default, hold_in, hooks, is_surely_root, rule  # fmt: skip


@rule(
    on=Container,
    keys=("pre_start", "post_start", "pre_stop", "develop"),
    severity="warning",
    severity_note="info for `user: root`, and for `privileged` if the command surely does"
    " not run as root",
    fix="tightens",
    cwe=(250,),
    references=(
        "Compose Specification, services, post_start and pre_stop",
        "Compose Specification, develop, watch, exec",
        "moby 26.1.5, daemon/exec_linux.go",
    ),
    checked=Unverified("Compose 2.26.1 accepts hooks and runs none"),
    examples=(
        Bad("""
            services:
              app:
                image: app:1.4
                cap_drop: [ALL]
                post_start:
                  - command: ./tune.sh
          -         privileged: «true»
        """),
        Bad("""
            services:
              app:
                image: app:1.4
                user: "1000"
                post_start:
                  - command: ./tune.sh
          -         privileged: «true»
        """).at("info", "The command runs as the user of the service, who has no capabilities."),
        Bad("""
            services:
              app:
                image: app:1.4
                user: "1000"
                pre_stop:
          -       - {command: chown -R 1000 /data, user: «root»}
          +       - {command: chown -R 1000 /data}
        """).at("info"),
        Good("""
            services:
              app:
                image: app:1.4
                user: "1000"
                post_start:
                  - command: ./warm-up.sh
                    user: "1000"
        """),
    ),
)
def privileged_hook(container: Container) -> Findings:
    """Point at what gives a command its rights."""
    is_compose = container.settings.program == "Compose"
    for hook in hooks(container.settings):
        if hook.privileged.is_surely(True):
            yield _finding(container, hook, "privileged", _rights(container, hook))
        # The lifecycle commands of a development container prepare it, often as root.
        if is_compose and is_surely_root(hook.user):
            yield _finding(container, hook, "user", "as root")


def _rights(container: Container, hook: Hook) -> str:
    hold = hold_in(container, hook)
    if hold == "held":
        return "with every capability"
    if hold == "obtainable":
        return "with every capability, but not as root: only programs with setuid or file capabilities use them"
    return "with every capability, but no process can use them"


def _finding(container: Container, hook: Hook, key: str, rights: str) -> Finding:
    is_weak = key == "user" or hold_in(container, hook) != "held"
    setting = hook.user if key == "user" else hook.privileged
    since = " (from Compose 2.30 on)" if hook.kind in ("post_start", "pre_stop") else ""
    return Finding(
        setting.span,
        f"`{hook.kind}` of {container.title} runs a command"
        f" {rights}{since}{by_default(setting.provenance)}",
        severity=Severity.INFO if is_weak else None,
        fix=Fix.tightens(
            "Run the command with the rights of the service",
            container.editor.remove_from_hook(hook, key),
            may_break="a command that changes what only root may change",
        ),
    )
