"""COPY names a file that `.dockerignore` excludes.

BuildKit never sees files that `.dockerignore` excludes, so the instruction fails or,
with a wildcard, copies fewer files than expected. Then people often
remove the line from `.dockerignore`, and the next `COPY .` copies `.git`, `.env` and keys
into the image.

`Dockerfile.dockerignore` next to a Dockerfile replaces the context's `.dockerignore`.
The language differs from `.gitignore`: a pattern without `**/` matches only at the
top of the context, and an exception (`!`) also applies below an excluded folder.

## How to fix

Copy from a path that is not excluded, or add an exception for the file below the
marked line, such as `!dist/app.js`.
"""

from tightship.rules import Add, Bad, BuildContext, Copy, Dockerignore, FilesStep, Finding, Findings, Good, IgnorePattern, Related, clean_path, passed, regex, rule, with_defaults  # fmt: skip

_WILD = regex(r"[*?\[\\]")
_REMOTE = regex(r"(?i)[a-z][a-z0-9+.-]*://|[^/@]+@[^/:]+:")


@rule(
    on=(Add, Copy),
    severity="warning",
    references=(
        "Dockerfile reference, .dockerignore file",
        "BuildKit, build checks, CopyIgnoredFile",
    ),
    aliases=("buildkit:CopyIgnoredFile",),
    advice="copy another path, or add an exception below the marked line, such as `!dist/app.js`",
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              shop: {build: shop}
            ==> shop/Dockerfile <==
            FROM node:22
            COPY package.json «dist/app.js» /app/
            ==> shop/.dockerignore <==
            node_modules
            dist
        """),
        Bad("""
            ==> Dockerfile <==
            FROM node:22
            ADD «./certs/*.pem» /etc/ssl/
            ==> .dockerignore <==
            certs/
        """).because("All matches are in an excluded folder."),
        Bad("""
            ==> Dockerfile <==
            FROM node:22
            COPY «.» /srv
            ==> .dockerignore <==
            *
        """).because("No file is left to copy."),
        Good("""
            ==> Dockerfile <==
            FROM node:22 AS build
            COPY . /src
            FROM nginx:1.29
            COPY --from=build /src/dist /usr/share/nginx/html
            ==> .dockerignore <==
            dist
        """).because("The second COPY copies from a stage; the first one copies all other files."),
        Good("""
            ==> Dockerfile <==
            FROM node:22
            COPY package.json ./
            COPY dist /app
            ==> .dockerignore <==
            *
            !package.json
            !dist/*.js
        """).because("The exceptions may include both again."),
    ),
)
def copy_ignored_file(step: FilesStep) -> Findings:
    """Point at each source that is left out, and at the line that leaves it out."""
    context = step.stage.build.context
    if context is None or not context.is_certain:
        return
    ignored = context.ignore_file
    if ignored is None or ignored.problems:
        return
    if isinstance(step, Copy) and step.origin is not None:
        return
    file = ignored.source.name.rpartition("/")[2]
    for source in step.sources:
        if not source.decided or _REMOTE.match(source.text):
            continue
        pattern = _excluding(context, ignored, source.text)
        if pattern is not None:
            yield Finding(
                source.span,
                f"`{file}` excludes `{source.text}` from the build{with_defaults(source)}",
                because=(Related(pattern.span, "this line excludes it"), *passed(source)),
            )


def _excluding(context: BuildContext, ignored: Dockerignore, source: str) -> IgnorePattern | None:
    """Return the pattern that surely excludes everything that a source matches."""
    path = clean_path(f"/{source}")[1:]
    if not path:
        return _of_everything(ignored)
    wild = _WILD.search(path)
    if wild is not None:
        same = _same(ignored, path)
        if same is not None:
            return same
        path = path[: wild.start()].rpartition("/")[0]
    pattern = context.excluding(path)
    if pattern is None or _may_come_back(ignored, pattern, path):
        return None
    return pattern


def _of_everything(ignored: Dockerignore) -> IgnorePattern | None:
    """Return the pattern that leaves out the whole context, so that it is empty."""
    for pattern in reversed(ignored.patterns):
        if pattern.negated:
            return None
        if pattern.text in ("*", "**"):
            return pattern
    return None


def _same(ignored: Dockerignore, path: str) -> IgnorePattern | None:
    """Return a pattern equal to the wildcard of a source: `*` means the same in both."""
    if ignored.has_exceptions or "**" in path or "\\" in path:
        return None
    return next((p for p in ignored.patterns if p.text == path), None)


def _may_come_back(ignored: Dockerignore, pattern: IgnorePattern, path: str) -> bool:
    """Return whether an exception may include something below a path again.

    Exceptions above the deciding pattern cannot: it excludes their matches below the path
    again.
    """
    below = f"{path}/"
    for later in reversed(ignored.patterns):
        if later is pattern:
            return False
        if not later.negated:
            continue
        wild = _WILD.search(later.text)
        start = later.text[: wild.start()] if wild else f"{later.text}/"
        if start.startswith(below) or (wild and below.startswith(start)):
            return True
    return False
