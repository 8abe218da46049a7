"""A variable can switch off a part of the container's isolation.

A default such as `${PRIVILEGED:-false}` is safe only as long as nobody sets the variable: the
environment of a shell or a CI job, or an `.env` file on the server, changes the privileges,
the user or a namespace of the container, and no review of the Compose file sees it. A variable
without a default leaves the decision to them.

The rule finds variables without a value in the files, with and without a default, that decide
a setting such as `privileged`, `user`, `cap_add`, `security_opt` or a namespace, and whose other
values isolate less. If the default is already the weakest value, other rules report it. A part of
a value that cannot make it weaker is no finding, such as the group in `1000:${GID:-1000}`.

It is in the strict set, because a variable with a safe default is often meant as a setting.
[security-setting-from-environment](security-setting-from-environment.md) is about
variables without any value, and about mounts of the host.

## How to fix

Write the value itself. If some start needs another one, put it into an override file, which
is reviewed as this file is.
"""

from tightship.rules import DECIDING_KEYS, Bad, Container, Finding, Findings, Good, ScalarValue, TemplateVariable, as_bool, deciding, is_root_name, parse_template, rule  # fmt: skip


@rule(
    on=Container,
    keys=DECIDING_KEYS,
    severity="info",
    strict=True,
    cwe=(15,),
    references=("Compose Specification, interpolation", "compose-go, template/template.go"),
    absorbs_here=("security-setting-from-environment",),
    advice="write the value itself, or another one in an override file",
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                privileged: «${PRIVILEGED:-false}»
                user: «"${WEB_UID:-1000}:1000"»
                read_only: «${READ_ONLY:-true}»
                pid: «${PID_MODE:-}»
                cap_drop: [«"${DROP:-ALL}"»]
                cap_add: [«"${ADD:-NET_BIND_SERVICE}"»]
                security_opt: [«"no-new-privileges:${NNP:-true}"»]
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                network_mode: «${NETWORK}»
                privileged: «${DEBUG:+true}»
        """).because("A debugger that sets `DEBUG` gets a privileged container."),
        Good("""
            services:
              web:
                image: nginx:1.29
                user: "1000:${GID:-1000}"
                read_only: ${READ_ONLY:-false}
                network_mode: service:${PEER:-proxy}
                security_opt: ["label:level:${LEVEL:-s0:c1}"]
                mem_limit: ${MEMORY:-512m}
              proxy:
                image: traefik:3.6
        """).because("None of these variables can switch off what is on."),
        Good("""
            ==> compose.yaml <==
            services:
              web: {image: "nginx:1.29", user: "${WEB_UID}"}
            ==> .env <==
            WEB_UID=1000
        """),
    ),
)
def isolation_left_to_variable(container: Container) -> Findings:
    """Point at each value that a variable could make weaker."""
    for one in deciding(container):
        value = one.value
        if not value.templated or (one.key == "user" and container.starts_as_root):
            continue
        first, *rest = parse_template(value.node.value).pieces
        literal, variable = (first, rest[0]) if isinstance(first, str) else ("", first)
        to = one.weakest.get(literal.rstrip(":=").replace("=", ":"))
        if isinstance(variable, str) or to is None or not _hangs(value, variable, to):
            continue
        now = value.text.removeprefix(literal)
        if value.decided and _is(now, to):
            continue
        state = f"`{now}` if it is unset" if now else "empty if it is unset"
        yield Finding(
            value.span,
            f"`{variable.name}` decides {one.what.format(f'`{container.name}`')}:"
            f" {state if value.decided else 'it has no value here'},"
            f" and `{to}` if the environment sets that",
        )


def _hangs(value: ScalarValue, variable: TemplateVariable, weakest: str) -> bool:
    """Return whether an environment can give a value another text, and the weakest one."""
    used = value.expansion.used if value.expansion else []
    if (variable.name, "value") in used:
        return False
    if variable.operator[-1:] != "+" or variable.operand is None:
        return True
    return _is("".join(map(str, variable.operand.pieces)), weakest)


def _is(text: str, weakest: str) -> bool:
    if weakest in ("true", "false"):
        return as_bool(text) is as_bool(weakest)
    return text == weakest or (weakest == "root" and is_root_name(text) is True)
