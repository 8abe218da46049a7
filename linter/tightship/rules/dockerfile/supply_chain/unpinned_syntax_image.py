"""The build's frontend has no digest, so its tag can move.

`# syntax=` names an image, the frontend. BuildKit pulls and runs it before anything
else, and it decides how the build uses the Dockerfile: it can read the whole
build context, and add steps that get the secrets and the SSH agent that were passed
to the build. A tag is a pointer that anyone with push access to the repository can
move, and neither the file nor the image shows that another frontend ran.

## How to fix

Append the digest: `# syntax=docker/dockerfile:1.20@sha256:…`;
`docker buildx imagetools inspect docker/dockerfile:1.20` prints it. Or remove the line,
if the file needs nothing newer than the frontend that comes with your BuildKit.
"""

from tightship.rules import Bad, Build, Finding, Findings, Good, rule


@rule(
    on=Build,
    severity="info",
    strict=True,
    references=("Dockerfile reference, parser directives, syntax",),
    advice="append the digest: `# syntax=docker/dockerfile:1.20@sha256:…`",
    examples=(
        Bad("""
            # syntax=«docker/dockerfile:1»
            FROM alpine:3.22
        """),
        Good("""
            # syntax=docker/dockerfile:1@sha256:0000000000000000000000000000000000000000000000000000000000000000
            FROM alpine:3.22
        """),
        Good("""
            FROM alpine:3.22
            # syntax=docker/dockerfile:1
        """).because("Below the first instruction this is a comment."),
    ),
)
def unpinned_syntax_image(build: Build) -> Findings:
    """Point at a frontend without a digest, unless the build passes another one."""
    directive = build.file.directive("syntax")
    if directive is None or "BUILDKIT_SYNTAX" in build.build_args:
        return
    # Options of the frontend may follow the image.
    image = directive.value.value.partition(" ")[0]
    if image and "@" not in image:
        yield Finding(
            directive.value.span, f"the frontend of the build is `{image}`, a tag that can move"
        )
