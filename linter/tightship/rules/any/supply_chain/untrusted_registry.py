"""An image comes from a registry that is not trusted.

The owner of a registry, and everyone with push access to a path of it, decides what its
images contain. The file can look right although the container runs an image that
someone else built: a familiar name in another registry, a temporary mirror, or a path
that was abandoned and registered again. The same is true for images that a build copies
from or mounts, for its frontend (`# syntax=`), for images that a service mounts as a
volume, and for its models.

The rule is active only if the configuration lists registries in `trusted-registries`.
A name without a registry, such as `nginx`, means `docker.io`.

## How to fix

Take the image from a trusted registry, for example from a mirror there. Or add the
registry to `trusted-registries`, if the owner of the list agrees.
"""

from tightship.rules import Bad, Build, Buildable, Finding, Findings, Good, Image, ImageReference, Iterator, Option, Options, Registries, Span, by_default, parse_image, pulled_images, rule, with_defaults  # fmt: skip

TRUSTED = Option(
    "trusted",
    "registries",
    Registries,
    "Trusted sources of images: a registry, or a path in it; `*` matches any part of a name.",
    '["docker.io/library", "ghcr.io/example/*"]',
)


@rule(
    on=(Buildable, ImageReference, Build),
    severity="warning",
    cwe=(1357,),
    references=("Tightship, configuration: `trusted-registries`",),
    aliases=("DL3026",),
    options=(TRUSTED,),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
              worker:
                image: «ghcr.io/exampel/worker:2.1»
              search:
                image: «bitnami/elasticsearch:8.15»
            ==> tightship.toml <==
            trusted-registries = ["docker.io/library", "ghcr.io/example/*"]
        """).because("On Docker Hub, only `library` is on the list."),
        Bad("""
            ==> Dockerfile <==
            # syntax=«quay.io/dockerfile/dockerfile:1»
            FROM golang:1.25 AS build
            COPY --from=«registry.example/tool:1» /tool /bin/tool
            RUN --mount=from=«registry.example/lint:2»,target=/lint /lint/run

            FROM «gcr.io/distroless/static:nonroot»
            COPY --from=build /app /app
            ==> tightship.toml <==
            trusted-registries = ["docker.io/library", "ghcr.io/example/*"]
        """),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: ghcr.io/example/web:3
              api:
                image: ${REGISTRY}/api:3
              proxy:
                build: .
                image: quay.io/example/proxy
            ==> Dockerfile <==
            FROM alpine:3.22
            ==> tightship.toml <==
            trusted-registries = ["docker.io/library", "ghcr.io/example/*"]
        """).because("One is trusted, one is not in the file, and the project builds one."),
        Good("""
            services:
              web:
                image: quay.io/example/web:3
        """).because("The configuration lists no trusted registries."),
    ),
)
def untrusted_registry(subject: object, options: Options) -> Findings:
    """Point at an image that surely comes from elsewhere."""
    trusted = options[TRUSTED]
    for span, pulled, by, defaults in _pulled(subject):
        if trusted.trusts(pulled) is False:
            registry = pulled.registry or "docker.io"
            yield Finding(
                span,
                f"{by} pulls `{pulled.familiar}` from `{registry}`, which is not among"
                f" the `trusted-registries`{defaults}",
            )


def _pulled(subject: object) -> Iterator[tuple[Span, Image, str, str]]:
    """Yield the images that a subject itself pulls: place, name, who, and defaults."""
    if isinstance(subject, Buildable):
        for one in pulled_images(subject):
            yield one.span, one.image, one.by, by_default(one.provenance)
    elif isinstance(subject, ImageReference):
        if subject.is_readable:
            by, defaults = f"`{subject.kind}`", with_defaults(subject.argument)
            yield subject.span, subject.image, by, defaults
    elif isinstance(subject, Build) and "BUILDKIT_SYNTAX" not in subject.build_args:
        directive = subject.file.directive("syntax")
        # Behind the image, options of the frontend may follow.
        name = directive.value.value.partition(" ")[0] if directive else ""
        if directive and name:
            span = directive.value.span.part(name)
            yield span, parse_image(name), "`# syntax`", ""
