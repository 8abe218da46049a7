"""The file contains a password or a key as plain text.

Anyone who can read the repository, its history, a backup or the log of a pipeline
knows the secret, and removing it later does not help while the secret is valid. From
`environment`, every process of the container and every user of `docker inspect` can
read it too, and many crash reports contain it. A build argument stays in the image's
history.

The rule reports values whose name suggests a secret and that are usable as they are:
in `environment`, build arguments, labels, commands, health checks, the content of
configs, the options of logs, providers and volumes, and a password in any URL there. It
also reads files that `env_file` names, unless a `.gitignore` keeps them out of the
repository, and `.env`, if it is in a Git repository that does not ignore it. A default
counts too: with `${DB_PASSWORD:-hunter2}`, a user who sets nothing runs with a public
password.

A default that anyone guesses, such as `postgres` or `changeme`, gives nothing away to readers
of the file. It is an info where no other host reaches what it opens: a data store without
published ports, or a project that publishes nothing but on the loopback interface.

## How to fix

Move the secret to a file that is not committed and pass it with `secrets:`; most
images read its path from a variable that ends in `_FILE`. Or require it from the
environment: `${DB_PASSWORD:?set it in .env}`. For builds, use `build.secrets`. Then
replace the secret, because it is known.
"""

from tightship.rules import Bad, Buildable, Container, ContainerSettings, DefaultSecrets, Finding, Findings, Good, Project, Severity, Span, Verified, by_default, named_texts, rule  # fmt: skip

_IN_BUILD = (
    "pass it as a secret of the build, which one step reads: `RUN --mount=type=secret,id=token`"
)


@rule(
    on=(Buildable, Project),
    keys=(
        *("environment", "env_file", "labels", "annotations", "build", "deploy"),
        *("entrypoint", "command", "healthcheck", "configs", "logging", "provider"),
        *("volumes", "secrets"),
        *("pre_start", "post_start", "pre_stop", "develop"),
    ),
    severity="warning",
    severity_note="info for a default that anyone guesses, if no other host reaches what it opens",
    cwe=(798,),
    references=(
        "Compose Specification, secrets",
        "Docker documentation, how to use secrets in Compose",
    ),
    aliases=("CL-0020", "CL-0021"),
    advice="move it to an uncommitted file and pass that with `secrets:` and a `…_FILE` variable",
    checked=Verified("""
      - $ docker run --name seen -e DB_PASSWORD=tr0ub4dor busybox true
      + $ echo tr0ub4dor >db; docker run --name seen -v ./db:/run/secrets/db:ro busybox true
        $ docker inspect -f '{{.Config.Env}}' seen; docker rm seen
      - [DB_PASSWORD=tr0ub4dor PATH=…]
      + [PATH=…]
        seen
    """),
    examples=(
        Bad("""
            services:
              db:
                image: postgres:17
                environment:
                  POSTGRES_USER: app
                  POSTGRES_PASSWORD: «hunter2»
              api:
                image: example/api:2.4
                environment:
                  - API_TOKEN=«9f86d081884c7d65»
                  - DATABASE_URL=postgres://app:«hunter2»@db/app
        """),
        Bad("""
            services:
              db:
                image: postgres:17
                environment:
                  POSTGRES_PASSWORD: ${DB_PASSWORD:-«hunter2»}
        """).because("A user who sets nothing runs with a public password."),
        Bad("""
            services:
              cache:
                image: redis:8
                command: redis-server --requirepass «hunter2»
                healthcheck:
                  test: [CMD, redis-cli, -a, «hunter2», ping]
              web:
                build:
                  context: .
                  args:
                    NPM_TOKEN: «9f86d081884c7d65»
        """),
        Bad("""
            services:
              app:
                image: example/app:2.4
                post_start:
                  - command: [./seed, --token, «9f86d081884c7d65»]
                    environment: {DB_PASSWORD: «hunter2»}
        """).because("Hooks have their own variables."),
        Bad("""
            services:
              app:
                image: example/app:2.4
                configs: [settings]
            configs:
              settings:
                content: |
                  [database]
                  user = app
                  password = «hunter2»
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              db:
                image: postgres:17
                env_file: db.env
            ==> db.env <==
            POSTGRES_USER=app
            POSTGRES_PASSWORD=«hunter2»
        """),
        Bad("""
            services:
              app:
                image: example/app:2.4
                volumes: ["media:/srv/media"]
            volumes:
              media:
                driver_opts:
                  type: cifs
                  o: "username=app,password=«hunter2»"
                  device: "//nas/media"
        """).because(
            "Docker keeps the options of a volume, and `docker volume inspect` prints them."
        ),
        Bad("""
            services:
              db:
                image: postgres:17
                environment:
                  POSTGRES_PASSWORD: «changeme»
              api:
                image: example/api:2.4
                ports: ["8080:8080"]
                environment:
                  DATABASE_URL: postgres://postgres:«changeme»@db/app
        """).at("info", "Anyone guesses it, and only services of the project reach the database."),
        Good("""
            services:
              db:
                image: postgres:17
                environment:
                  POSTGRES_PASSWORD_FILE: /run/secrets/db_password
                secrets: [db_password]
            secrets:
              db_password:
                file: ./db_password.txt
        """),
        Good("""
            services:
              api:
                image: example/api:2.4
                environment:
                  API_TOKEN: ${API_TOKEN:?set it in .env}
                  DATABASE_URL: postgres://app:${DB_PASSWORD}@db/app
                  SESSION_SECRET:
                  TOKEN_TTL: 3600
                  PUBLIC_KEY: 9f86d081884c7d65
                  SMTP_PASSWORD: "<your password>"
        """).because("These are variables, values that are not secret, and placeholders."),
    ),
)
def literal_secret_in_environment(subject: object) -> Findings:
    """Point at the secret, and never repeat it."""
    if isinstance(subject, Project):
        owner: ContainerSettings | Project = subject
        whose = kept = ""
    else:
        assert isinstance(subject, Buildable)
        owner = subject.settings
        whose, kept = subject.title, subject.settings.secrets_kept
    defaults = DefaultSecrets(subject) if isinstance(subject, Container) else None
    reported: set[Span] = set()
    for setting in named_texts(owner):
        secret = setting.secret
        in_url = setting.url_password if secret is None else None
        secret = secret or in_url
        if secret is None:
            continue
        place = setting.span.part(secret)
        if place in reported:
            continue  # several settings take one variable
        reported.add(place)
        is_default = defaults is not None and defaults.has(setting.name, secret)
        what = "an easily guessed secret" if is_default else "a secret"
        if in_url is not None:
            where = "URL" if "://" in setting.text else "connection string"
            what = f"the {'easily guessed ' * is_default}password of a {where}"
        default = by_default(setting.provenance)
        yield Finding(
            place,
            f"{whose} has {what} as plain text in its {setting.what}{default}"
            if whose
            else f"{setting.what} has {what} as plain text{default}",
            because=setting.because,
            severity=Severity.INFO if is_default else None,
            secrets=(place,),
            advice=_IN_BUILD if setting.what.startswith("build argument") else kept,
            cause=(place.source.name, default) if default else (),
        )
