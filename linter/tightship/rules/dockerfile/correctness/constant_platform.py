"""FROM always uses one platform, whatever the build requests.

With `--platform=linux/amd64`, a build for `linux/arm64` still uses the image for amd64.
The result is labelled with the requested platform, or all platforms of a release get
the same programs: they do not start there, or run slowly in emulation. A workaround for
one machine affects all.

BuildKit reports the same as `FromPlatformFlagConstDisallowed`. The rule accepts a
stage whose name contains its platform, such as `build-amd64`, and a platform from an
ARG, because each build can choose it.

## How to fix

Remove the flag: the build uses the requested platform automatically. Request one with
`platform` of a service in Compose or with `docker build --platform`. For a stage that
compiles for other platforms, use `--platform=$BUILDPLATFORM`.
"""

from tightship.rules import Bad, Finding, Findings, Good, Stage, names_of_platform, platform_problem, rule  # fmt: skip


@rule(
    on=Stage,
    severity="info",
    references=(
        "Dockerfile reference, FROM --platform",
        "BuildKit, build checks, FromPlatformFlagConstDisallowed",
    ),
    aliases=(
        "DL3029",
        "buildkit:FromPlatformFlagConstDisallowed",
        "semgrep:avoid-platform-with-from",
        "kics:b16e8501",
    ),
    when=("platform",),
    examples=(
        Bad("""
            FROM «--platform=linux/amd64» node:24 AS build
            RUN npm ci
        """),
        Good("""
            FROM --platform=$BUILDPLATFORM golang:1.25 AS build
            ARG TARGETARCH
            RUN GOARCH=$TARGETARCH go build -o /app

            FROM alpine:3.22
            COPY --from=build /app /app
        """),
        Good("""
            FROM --platform=linux/amd64 alpine:3.22 AS build-amd64
            FROM --platform=x86_64 alpine:3.22 AS tools-for-amd64
            FROM --platform=arm64 alpine:3.22 AS linux
        """).because("Their names contain their platform."),
        Good("""
            ARG PLATFORM=linux/amd64
            FROM --platform=$PLATFORM alpine:3.22
        """),
    ),
)
def constant_platform(stage: Stage) -> Findings:
    """Point at the flag, unless the stage is named after its platform."""
    flag, platform = stage.instruction.flag("platform"), stage.platform
    if flag is None or platform is None or platform.reads or not platform.decided:
        return
    if not platform.text or platform_problem(platform.text) is not None:
        return
    if any(name in stage.name for name in names_of_platform(platform.text)):
        return
    yield Finding(
        flag.span, f"{stage.title} is for `{platform.text}`, whatever platform the build requests"
    )
