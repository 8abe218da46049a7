"""The database accepts logins without a password.

The image would refuse to start without a password, but the file allows it. Every
container on the database's networks can then read, change and delete all of its data,
and with some databases run programs in its container. As soon as someone publishes the
port, every other host can do the same. While no other host reaches the service, it is an info.

## How to fix

Remove the setting and set a password, preferably with `secrets:` and a `…_FILE` variable.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Verified, by_default, may_be_reached, regex, rule  # fmt: skip

# For each switch: the values that allow an empty password, and the variables that set a
# password despite it. The images of MySQL and MariaDB only test whether their switch is
# set, so `no` allows it too (docker-entrypoint.sh of both).
_ROOT = regex(r"(?:MYSQL|MARIADB)_(?:RANDOM_)?ROOT_PASSWORD(?:_FILE|_HASH)?")
_SWITCHES = {
    "POSTGRES_HOST_AUTH_METHOD": (regex("trust"), None),
    "MYSQL_ALLOW_EMPTY_PASSWORD": (regex(".+"), _ROOT),
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": (regex(".+"), _ROOT),
    "ALLOW_EMPTY_PASSWORD": (regex("(?i)yes|true|1"), regex(r"(?!ALLOW).*_PASSWORD(?:_FILE)?")),
    "NEO4J_AUTH": (regex("none"), None),
}

_NO_ACCOUNTS = "--skip-grant-tables"
_OFF = ("off", "false", "0")


def _is_out_of_reach(container: Container) -> bool:
    return not may_be_reached(container)


@rule(
    on=Container,
    keys=("environment", "env_file", "entrypoint", "command", "build"),
    when=("flags", *(f"environment:{name}" for name in _SWITCHES)),
    severity="warning",
    severity_note="info if no other host reaches the service",
    info_where=_is_out_of_reach,
    cwe=(1188,),
    references=(
        "Docker Official Images, postgres, mysql and mariadb",
        "Neo4j operations manual, Docker",
        "MySQL reference manual, server command options, --skip-grant-tables",
    ),
    checked=Verified(
        """
            $ docker compose --progress quiet up -d; until docker compose exec db pg_isready -qh localhost; do sleep 1; done
            $ docker compose exec db sh -c 'psql -wh "$(hostname -i)" -U postgres -Atc "SELECT session_user"'
          - postgres
          + psql: error: connection to server at …, port 5432 failed: fe_sendauth: no password supplied
            ==> compose.yaml <==
            services:
              db:
                image: postgres:17
                environment:
          -       POSTGRES_HOST_AUTH_METHOD: trust
          +       POSTGRES_PASSWORD_FILE: /run/secrets/db_password
          +     secrets: [db_password]
          + secrets:
          +   db_password: {file: db_password.txt}
          + ==> db_password.txt <==
          + tr0ub4dor
        """,
        stand_in=True,
    ),
    examples=(
        Bad("""
            services:
              db:
                image: postgres:17
                environment:
                  POSTGRES_HOST_AUTH_METHOD: «trust»
                ports: ["5432:5432"]
        """),
        Bad("""
            services:
              db:
                image: mysql:8.4
                environment: ["MYSQL_ALLOW_EMPTY_PASSWORD=«no»"]
                ports: ["3306"]
        """).because("The image ignores the value: any value allows logins."),
        Bad("""
            services:
              cache:
                image: bitnami/redis:8.0
                environment:
                  ALLOW_EMPTY_PASSWORD: ${EMPTY:-«yes»}
        """).at("info", "Only services of the project reach it."),
        Bad("""
            services:
              db:
                image: mysql:8.4
                command: mysqld «--skip-grant-tables»
                environment:
                  MYSQL_ROOT_PASSWORD: ${ROOT_PASSWORD:?}
                network_mode: host
        """).because("The server does not check accounts or passwords."),
        Good("""
            services:
              db:
                image: postgres:17
                environment:
                  POSTGRES_HOST_AUTH_METHOD: scram-sha-256
                  POSTGRES_PASSWORD_FILE: /run/secrets/db_password
        """),
        Good("""
            services:
              db:
                image: mysql:8.4
                environment:
                  MYSQL_ALLOW_EMPTY_PASSWORD: "yes"
                  MYSQL_ROOT_PASSWORD: ${ROOT_PASSWORD:?}
        """).because("There is a password, so this setting has no effect."),
    ),
)
def empty_password_allowed(container: Container) -> Findings:
    """Point at the switch, unless a password is set all the same."""
    for flag in container.flags:
        # MySQL reads `_` as `-` in the names of options, and a value such as `OFF`.
        name = flag.name.replace("_", "-").lower()
        if name == _NO_ACCOUNTS and (flag.value or "").lower() not in _OFF:
            yield Finding(
                flag.span,
                f"{container.title} accepts logins without a password"
                + by_default(flag.provenance),
                advice=_advice(container),
            )
    variables = container.environment
    if variables.keys().isdisjoint(_SWITCHES):
        return
    for name, (opens, _) in _SWITCHES.items():
        pair = variables.get(name)
        value = pair.value.value if pair else None
        if pair is None or value is None or not opens.fullmatch(value):
            continue
        if _could_be_set(container, name):
            continue
        yield Finding(
            pair.value.span.part(value),
            f"{container.title} accepts logins without a password"
            + by_default(pair.value.provenance),
            advice=_advice(container),
        )


def _advice(container: Container) -> str:
    """Return what to do where Compose's keys are none."""
    kept = container.settings.secrets_kept
    return f"remove the setting and set a password: {kept}" if kept else ""


def _could_be_set(container: Container, switch: str) -> bool:
    """Return whether a run may set a password, to a non-empty text, despite a switch."""
    names = _SWITCHES[switch][1]
    if names is None:
        return False
    if any(map(container.may_have, ("environment", "env_file"))):
        return True
    if any(file.source is None for file in container.env_files):
        return True
    return any(
        names.fullmatch(name) and not pair.value.is_surely("")
        for name, pair in container.environment.items()
    )
