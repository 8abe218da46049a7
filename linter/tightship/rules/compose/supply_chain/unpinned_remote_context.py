"""The image is built from a remote source that can change at any time.

A build context may be the address of a Git repository or of an archive. A branch or a
tag can move to another commit, and a server can serve another archive. So the next
build can run other code with the same Compose file. Only the hash of a commit always
names the same content.

## How to fix

Name the commit: `https://example.com/tool.git#<commit>:<folder>`. Replace an archive by a
repository, or by a folder of the project.
"""

from tightship.rules import Bad, BuildSection, Buildable, Finding, Findings, Good, Iterator, MappingValue, Setting, Unverified, by_default, parse_remote_source, rule  # fmt: skip

# The builder takes it for a repository though it has no scheme (moby/buildkit,
# util/gitutil and frontend/dockerui).
_GITHUB = "github.com/"


@rule(
    on=Buildable,
    keys=("build",),
    severity="warning",
    cwe=(494,),
    references=(
        "Compose Build Specification, context",
        "Docker documentation, build context, remote contexts",
    ),
    checked=Unverified("the lab has no network to fetch a context from"),
    examples=(
        Bad("""
            services:
              web:
                build: «https://example.com/web.git#main:docker»
        """),
        Bad("""
            services:
              web:
                build:
                  context: .
                  additional_contexts:
                    library: «git@example.com:tools/library.git»
        """),
        Bad("""
            services:
              web:
                build:
                  context: «https://example.com/web.tar.gz»
        """).because("Nothing compares the archive with a hash."),
        Good("""
            services:
              web:
                build: https://example.com/web.git#0000000000000000000000000000000000000000
              other:
                build:
                  context: https://example.com/web.git#${COMMIT}
                  additional_contexts:
                    base: docker-image://debian:13
                    web: service:web
        """).because("The first one is a commit; the second one is unknown."),
    ),
)
def unpinned_remote_context(owner: Buildable) -> Findings:
    """Point at each address that names no commit."""
    section = BuildSection.of(owner.settings)
    if section is None:
        return
    for context in _contexts(section):
        address = context.value if context.decided else None
        if address is None:
            continue
        remote = parse_remote_source(_with_scheme(address))
        if remote is None or remote.names_commit is not False:
            continue
        if remote.is_git:
            what = f"a movable branch or tag of the repository at `{remote.host}`"
        else:
            what = f"an archive that `{remote.host}` serves, without a checksum"
        yield Finding(
            context.span.part(address),
            f"{owner.title} is built from {what}" + by_default(context.provenance),
        )


def _contexts(section: BuildSection) -> Iterator[Setting[str]]:
    service = section.service
    is_long = isinstance(service.value("build"), MappingValue)
    yield service.text(*(("build", "context") if is_long else ("build",)))
    for pair in service.pairs("build", "additional_contexts"):
        yield pair.value


def _with_scheme(address: str) -> str:
    """Return an address as the builder reads it: `github.com/a/b` is a repository."""
    if not address.startswith(_GITHUB):
        return address
    repository, mark, fragment = address.partition("#")
    return f"https://{repository.removesuffix('.git')}.git{mark}{fragment}"
