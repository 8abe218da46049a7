"""The build reads secrets of the host.

A build context is handed to the builder: each `COPY` and each `RUN --mount` takes what it likes
of it into the image, its layers and its cache. A context such as `/`, `/home` or `/etc` holds the
keys and passwords of the host, and so does a build secret from `~/.ssh`. The code
that reads them comes from the Dockerfile, and from every package that its steps run.

Credentials for the build itself, such as `~/.npmrc`, are what build secrets are for. A folder
above the repository is an info: its place decides what the build gets.

## How to fix

Build from a folder that has only what the image needs. Make a key for the build alone, and pass it as a secret.
"""

from tightship.rules import Bad, Buildable, Finding, Findings, Good, HostPath, Iterator, MappingValue, ScalarValue, Severity, Unverified, by_default, by_link, classify, holds_secrets, is_key, led, resolve_path, rule, standing_path  # fmt: skip


@rule(
    on=Buildable,
    keys=("build",),
    severity="warning",
    severity_note="info for a folder above the repository",
    cwe=(200, 538),
    references=("Compose Build Specification, context, additional_contexts and secrets",),
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
        """),
        Bad("""
            services:
              web:
                build: {context: ., additional_contexts: [«all=../../..»]}
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
    for leaf, text in _inputs(owner):
        path = led(owner.project, leaf.reading.directory, text)
        above = set(resolve_path(leaf.reading.directory, path).split("/")) == {".."}
        if classify(path) is HostPath.ROOT or holds_secrets(path):
            what, above = f"can read `{path}` of the host, which holds secrets", False
        elif above:
            what = f"gets `{path}`, a folder above the repository, whose place decides what that is"
        else:
            continue
        yield Finding(
            leaf.span,
            f"the build of {owner.title} {what}{by_default(leaf.provenance)}",
            severity=Severity.INFO if above else None,
            because=by_link(leaf.span, text, path),
        )


def _inputs(owner: Buildable) -> Iterator[tuple[ScalarValue, str]]:
    """Yield the folders and files that a build gets, each with its path as it stands."""
    build = owner.value("build")
    context = build.get("context") if isinstance(build, MappingValue) else build
    added = [one.value for one in owner.pairs("build", "additional_contexts")]
    for leaf, text in ((context, None), *((one.source, one.value) for one in added)):
        if isinstance(leaf, ScalarValue) and leaf.text and "://" not in leaf.text:
            yield leaf, text or standing_path(leaf).text
    for item in owner.items("build", "secrets"):
        name = item.get("source") if isinstance(item, MappingValue) else item
        file = isinstance(name, ScalarValue) and owner.project.text("secrets", name.text, "file")
        if file and classify(file.text) is not HostPath.CREDENTIALS and not is_key(file.text):
            yield file, standing_path(file).text
