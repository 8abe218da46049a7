"""The build or the watch of a service reads secrets of the host.

A build context is handed to the builder: each `COPY` and each `RUN --mount` takes what it likes
of it into the image, its layers and its cache. A context such as `/`, `/home` or `/etc` holds the
keys and passwords of the host, and so does a build secret from `~/.ssh`. The code
that reads them comes from the Dockerfile, and from every package that its steps run. With a key
in `ssh`, these steps log in where you can. `develop.watch` copies such a folder into the
container itself.

Credentials for the build itself, such as `~/.npmrc`, are what build secrets are for. A folder
above the repository is an info: its place decides what the build gets.

## How to fix

Build from a folder that has only what the image needs. Make a key for the build alone, and pass it as a secret.
"""

from tightship.rules import Bad, Buildable, Finding, Findings, Good, HostPath, Iterator, MappingValue, ScalarValue, Severity, Unverified, by_default, by_link, classify, holds_secrets, is_key, led, resolve_path, rule, standing_path  # fmt: skip

_READ = "the build of {} can read"
_LOGIN = "the build of {} can log in with"
_COPY = "the watch of {} copies"


@rule(
    on=Buildable,
    keys=("build", "develop"),
    severity="warning",
    severity_note="info for a folder above the repository, and for a key in `ssh`",
    cwe=(200, 538),
    references=(
        "Compose Build Specification, context, additional_contexts, secrets and ssh",
        "Compose Develop Specification, watch",
    ),
    checked=Unverified("a build reads its contexts and secrets by definition"),
    examples=(
        Bad("""
            services:
              web:
                build:
                  context: .
                  additional_contexts:
                    root: «/»
                    homes: «/home»
                    app: ./app
                    base: docker-image://alpine:3.22
                  secrets: [key, npm]
            secrets:
              key: {file: «~/.ssh/id_rsa»}
              npm: {file: ~/.npmrc}
        """),
        Bad("""
            services:
              web:
                build: {context: «/etc», dockerfile_inline: "FROM scratch\\nCOPY shadow /"}
                develop: {watch: [{path: «/root», action: sync, target: /x}]}
        """),
        Bad("""
            services:
              web:
                build: {context: ., additional_contexts: [«all=../../..»], ssh: [«id=~/.ssh/id_rsa»]}
        """).at("info"),
        Good("""
            services:
              web:
                build: {context: ., additional_contexts: {site: /opt/site}}
        """),
    ),
)
def host_secrets_in_build(owner: Buildable) -> Findings:
    """Point at a context or a secret of a build that gives away secrets of the host."""
    for leaf, text, how in _inputs(owner):
        path = led(owner.project, leaf.reading.directory, text)
        above = set(resolve_path(leaf.reading.directory, path).split("/")) == {".."}
        gets = how.format(owner.title)
        if classify(path) is HostPath.ROOT or holds_secrets(path):
            what, above = f"{gets} `{path}` of the host, which holds secrets", False
        elif above:
            what = (
                f"{gets} `{path}`, a folder above the repository, whose place decides what that is"
            )
        else:
            continue
        yield Finding(
            leaf.span,
            what + by_default(leaf.provenance),
            severity=Severity.INFO if above or how is _LOGIN else None,
            because=by_link(leaf.span, text, path),
        )


def _inputs(owner: Buildable) -> Iterator[tuple[ScalarValue, str, str]]:
    """Yield the folders and files that a build or a watch gets, each as it stands, and how."""
    build = owner.value("build")
    context = build.get("context") if isinstance(build, MappingValue) else build
    added = [one.value for one in owner.pairs("build", "additional_contexts")]
    for leaf, text in ((context, None), *((one.source, one.value) for one in added)):
        if isinstance(leaf, ScalarValue) and leaf.text and "://" not in leaf.text:
            yield leaf, text or standing_path(leaf).text, _READ
    for item in owner.items("build", "secrets"):
        name = item.get("source") if isinstance(item, MappingValue) else item
        if isinstance(name, ScalarValue):
            # Bake and command lines name the file itself.
            parts = (part.partition("=") for part in name.text.split(","))
            fields = {key: value for key, _, value in parts}
            inline = fields.get("src") or fields.get("source")
            file = name if inline else owner.project.text("secrets", name.text, "file")
            path = inline or (standing_path(file).text if file else "")
            if file and classify(path) is not HostPath.CREDENTIALS and not is_key(path):
                yield file, path, _READ
    for one in owner.pairs("build", "ssh"):
        for path in (one.value.value or "").split(","):
            if isinstance(one.value.source, ScalarValue) and path and not is_key(path):
                yield one.value.source, path, _LOGIN
    for item in owner.items("develop", "watch"):
        if isinstance(item, MappingValue):
            folder, action = item.get("path"), item.get("action")
            copies = isinstance(action, ScalarValue) and action.text.startswith("sync")
            if copies and isinstance(folder, ScalarValue):
                yield folder, standing_path(folder).text, _COPY
