"""A file with a secret becomes part of the image.

Anyone who can pull the image has the file, because every layer can be unpacked. A
later `RUN rm` does not help: it hides the file from containers, but the file stays in
the layer below. A private key that all containers of an image share protects none of
them.

The rule recognises secret files by name: private keys, `.env`, `.netrc`, credentials
of clouds, registries and databases. It also reports a file of any name that is copied
to a place for such files, such as `/root/.aws/credentials` or `/root/.ssh/id_rsa`, or one that
`GOOGLE_APPLICATION_CREDENTIALS` or a similar variable names. If a
folder is copied, it reports the best-known of these names at its top level, and `.git`,
which holds all that was ever committed. The content decides where it can be read: a
public key, an `.env` without a secret and an `.npmrc` without a token are not reported. A
file in a folder such as `tests` or `fixtures` is an info: the server there is for tests only.
A secret that `RUN --mount=type=secret` provides for one step stays in the image too if the
step copies it.
The rule ignores files that `.dockerignore` keeps out of the build, and without a service
that names the build context it looks only at `COPY .`.

## How to fix

Add the file and `.git` to `.dockerignore`: then `COPY . .` does not copy them. If
the build needs the file, mount it for one step: `RUN
--mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`. If the container needs it,
pass it at start, with `secrets:` or a volume. Replace a secret that was in an image
that others can pull.
"""

import posixpath

from tightship.rules import HISTORY_FOLDER, SECRETS_IN_FOLDERS, VARIABLES_OF_SECRETS, Add, Argument, Bad, Build, BuildContext, Collection, Copy, Finding, Findings, Good, Iterable, Iterator, Run, Severity, Span, Stage, absolute_path, may_have_values, passed, regex, rule, secret_file, secret_place, shipped_stages, with_defaults  # fmt: skip

_TESTS = frozenset(("e2e", "fixtures", "spec", "test", "testdata", "testing", "tests"))
_REMOTE = regex(r"[a-z]+://|git@")
_IMPORTERS = frozenset(("apt-key", "gpg", "gpg2", "rpm", "rpmkeys"))
_MOST_NAMES = 4
_MOST_FOLDERS = 200  # each costs some reads of the disk


@rule(
    on=Build,
    severity="warning",
    severity_note="info for `.git`, for an `.npmrc` of unknown content, for a file in a folder for"
    " tests, and in a stage from which no image gets the file",
    cwe=(538,),
    references=("Docker documentation, build secrets", "Docker documentation, .dockerignore files"),
    aliases=("trivy:DS-0031",),
    advice="add the file to `.dockerignore`, and mount it where a step needs it",
    when=("keywords:ADD", "keywords:COPY", "flag_names:mount"),
    examples=(
        Bad("""
            FROM debian:13
            COPY package.json «.env» /app/
            COPY --chmod=600 «deploy/id_rsa» /root/.ssh/
            ADD [«"certs/*.key"», "/etc/ssl/private/"]
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              app:
                build: .
            ==> Dockerfile <==
            FROM node:24
            COPY «.» /app
            ==> .env <==
            DB_PASSWORD=hunter2
            ==> .dockerignore <==
            node_modules
        """).because(
            "The build context is the project folder, which contains the `.env` of Compose."
        ),
        Bad("""
            FROM node:24 AS build
            COPY package.json «.npmrc» /app/
            FROM nginx:1.29
            COPY --from=build /app/dist /usr/share/nginx/html
        """).at("info"),
        Bad("""
            FROM alpine/openssl AS keys
            RUN openssl genrsa -out /tls/server.key
            FROM nginx:1.29
            COPY --from=keys «/tls/server.key» /etc/nginx/
        """).because(
            "The build creates the key once, and every container of the image has the same one."
        ),
        Bad("""
            FROM debian:13
            COPY «deploy/aws» /root/.aws/credentials
            COPY «deploy_key» /root/.ssh/
            COPY «cluster.yaml» /root/.kube/config
        """).because("The destination shows what they are."),
        Bad("""
            FROM node:24
            RUN --mount=type=secret,id=npmrc cp /run/secrets/npmrc «/root/.npmrc» && npm ci
        """).because("The mount is in no layer, but the copy is."),
        Good("""
            FROM debian:13
            COPY .env.example /app/.env
            COPY id_rsa.pub cert.pem ca.crt authorized_keys /etc/app/
            COPY nginx_signing.key /etc/apt/keyrings/
        """).because("These are templates and public files."),
        Good("""
            ==> compose.yaml <==
            services:
              app:
                build: .
            ==> Dockerfile <==
            FROM node:24
            COPY . /app
            ==> .env <==
            DB_PASSWORD=hunter2
            ==> .dockerignore <==
            .env*
        """),
        Good("""
            ==> Dockerfile <==
            FROM node:24
            COPY . /app
            ==> .env <==
            PORT=80
        """).because("This `.env` holds no secret."),
        Bad("""
            FROM debian:13
            COPY «tests/certs/server.key» /certs/
        """).at("info", "It is the key of a server for tests."),
    ),
)
def secret_file_copied(build: Build) -> Findings:
    """Point at the file, or at the folder that holds it."""
    kept = public = None
    for step in build.steps():
        for place, id, file in _kept(step) if isinstance(step, Run) else ():
            kept = shipped_stages(build) if kept is None else kept
            is_shipped = step.deferred or step.stage in kept
            into = "the image" if is_shipped else "the build's cache"
            yield Finding(
                place,
                f"RUN puts the mounted secret `{id}` into {into}, as `{file}`",
                severity=None if is_shipped else Severity.INFO,
            )
    for step, source, files in _secrets(build):
        if files[0].path.endswith(".key"):
            public = _imported(build) if public is None else public
            if posixpath.basename(files[0].path) in public:
                continue
        kept = shipped_stages(build) if kept is None else kept
        is_shipped = step.deferred or step.stage in kept or _is_copied_on(step, files, kept)
        if not is_shipped:
            files = [one for one in files if not one.path.endswith(HISTORY_FOLDER)]
        if not files:
            continue
        into = "the image" if is_shipped else "the build's cache"
        is_named = files[0].path == source.text
        them = "it" if len(files) == 1 else "them"
        unless = "" if is_named else f": no `.dockerignore` excludes {them}"
        is_sure = is_shipped and any(one.is_sure and not one.is_for_tests for one in files)
        yield Finding(
            source.span,
            f"{step.name} puts {_listed(files)} into {into}{unless}{with_defaults(source)}",
            severity=None if is_sure else Severity.INFO,
            because=passed(source),
        )


class _SecretFile:
    """A file that is copied: its path, what it is, and whether it holds a secret.

    One in a folder for tests in the repository is that of a server for tests.
    """

    def __init__(self, path: str, what: str, *, is_sure: bool, is_for_tests: bool = False) -> None:
        self.path = path
        self.what = what
        self.is_sure = is_sure
        self.is_for_tests = is_for_tests


def _kept(run: Run) -> Iterable[tuple[Span, str, str]]:
    """Return the copies of secrets that a step mounts."""
    if all(mount.kind != "secret" for mount in run.mounts):
        return ()
    from tightship.rules import kept_secrets  # few steps mount any

    return kept_secrets(run)


def _listed(files: list[_SecretFile]) -> str:
    if len(files) == 1:
        return f"`{files[0].path}` ({files[0].what})"
    names = [f"`{one.path}`" for one in files[:_MOST_NAMES]]
    more = len(files) - len(names)
    last = f"{more} more" if more else names.pop()
    return f"{', '.join(names)} and {last}"


def _secrets(build: Build) -> Iterator[tuple[Copy | Add, Argument, list[_SecretFile]]]:
    """Yield the copies of secrets: the step, its source, and the files."""
    folders = 0
    variables = [name for name in VARIABLES_OF_SECRETS if name in build.source.text]
    for step in build.steps():
        if not isinstance(step, (Copy, Add)) or _is_of_foreign_image(step):
            continue
        to = step.destination
        place = to.text if to else ""
        for source in step.sources:
            text = source.text
            if not source.decided or _REMOTE.match(text):
                continue
            what = secret_file(text, place)
            if what is None and to is not None and to.decided:
                what = secret_place(to.text, text) or _by_variable(step, text, to.text, variables)
            if what is not None and not _is_left_out(step, text):
                file = _file(step, text, what, place)
                if file is not None:
                    yield step, source, [file]
            elif what is None and folders < _MOST_FOLDERS:
                folders += 1
                files = [*_in_folder(step, text)]
                if files:
                    yield step, source, files


def _by_variable(step: Copy | Add, path: str, to: str, variables: Collection[str]) -> str | None:
    """Return the kind of secret for which a variable names the file that a copy makes."""
    made = absolute_path(to, step) if variables and may_have_values(path) else None
    for name in variables if made is not None else ():
        variable = step.stage.variable(name)
        place = variable.text if variable is not None and variable.decided else None
        if place and absolute_path(place, step) in (made, f"{made}/{posixpath.basename(path)}"):
            return VARIABLES_OF_SECRETS[name]
    return None


def _file(step: Copy | Add, path: str, what: str, place: str = "") -> _SecretFile | None:
    """Return a file, unless its content shows that it holds no secret."""
    context = _context(step)
    text = context.read(_inside(path)) if context is not None else None
    name = place if place.endswith(".npmrc") else path
    holds = None
    if text is not None:
        from tightship.rules import text_holds_secret  # few files are read

        holds = text_holds_secret(name, text.text)
    if holds is False:
        return None
    # `.npmrc` usually holds settings.
    is_sure = holds is True or not name.endswith(".npmrc")
    is_there = context is not None and text is not None
    folder = f"{context.name}/{path}" if context is not None and is_there else path
    is_for_tests = not _TESTS.isdisjoint(folder.lower().split("/")[:-1])
    return _SecretFile(path, what, is_sure=is_sure, is_for_tests=is_for_tests)


def _is_copied_on(step: Copy | Add, files: list[_SecretFile], kept: Collection[Stage]) -> bool:
    """Return whether an image gets the folder that the files are in from their stage."""
    to = step.destination
    folder = absolute_path(to.text, step) if to is not None and to.decided else None
    if folder is None or _may_be_removed(step, files):
        return False
    for stage in kept:
        for other in stage.steps:
            if not isinstance(other, Copy) or other.origin is None:
                continue
            if stage.build.stage(other.origin.text) is not step.stage:
                continue
            for source in other.sources:
                start = f"/{_inside(source.text)}"
                if source.decided and f"{folder}/".startswith(f"{start.rstrip('/')}/"):
                    return True
    return False


def _may_be_removed(step: Copy | Add, files: list[_SecretFile]) -> bool:
    """Return whether a later RUN of the stage names one of the files."""
    names = {posixpath.basename(one.path) for one in files}
    steps = step.stage.steps
    return any(
        isinstance(later, Run) and any(name in later.span.text for name in names)
        for later in steps[steps.index(step) + 1 :]
    )


def _imported(build: Build) -> set[str]:
    """Return the names of files in steps that import public keys of packages."""
    found: set[str] = set()
    for step in build.steps():
        if not isinstance(step, Run):
            continue
        if any(call.program and call.program.name in _IMPORTERS for call in step.calls):
            for call in step.calls:
                found.update(posixpath.basename(w.value or "") for w in call.command.words)
    return found


def _is_of_foreign_image(step: Copy | Add) -> bool:
    """Return whether it copies from an image, not from a stage or a folder."""
    origin, build = step.origin if isinstance(step, Copy) else None, step.stage.build
    return (
        origin is not None
        and build.stage(origin.text) is None
        and not build.is_replaced(origin.text)
    )


def _context(step: Copy | Add) -> BuildContext | None:
    return None if step.instruction.flag("from") else step.stage.build.context


def _is_left_out(step: Copy | Add, text: str) -> bool:
    context = _context(step)
    return context is not None and context.excluding(_inside(text)) is not None


def _in_folder(step: Copy | Add, text: str) -> Iterator[_SecretFile]:
    """Yield the files that surely contain a secret and are copied with their folder."""
    context = _context(step)
    if context is None or step.instruction.flag("exclude"):
        return
    # The wildcard matches names with a leading dot too.
    folder = _inside(text.removesuffix("*"))
    if not context.is_certain and not (context.is_bare and not folder):
        return
    for path in context.among(folder, SECRETS_IN_FOLDERS):
        file = _file(step, path, secret_file(path) or "")
        if file is not None:
            yield file
    history = posixpath.join(folder, HISTORY_FOLDER)
    if any(context.among(history, ("HEAD",))):
        yield _SecretFile(history, "the history of the repository", is_sure=False)


def _inside(text: str) -> str:
    """Return a path in the context; no source can leave it."""
    return posixpath.normpath("/" + text).lstrip("/")
