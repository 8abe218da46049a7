"""Packages of a programming language are installed without a version.

`pip`, `npm`, `gem`, `go` and others then install the latest release. A release with a bug, or
one that an attacker published with a stolen account, gets into the next image without a
change to the file. The same holds for a Git repository without a tag or commit.

The rule looks at pip, pipx, uv, poetry, conda, npm, yarn, pnpm, bun, gem, bundle, go, cargo and
composer, and at what `go run`, `pipx run`, `uvx` and `dlx` download. `@latest` and other tags
without a digit are no versions; a range of versions is one.

Files with versions (`-r requirements.txt`, `package-lock.json`, `Gemfile.lock`) are not
read. A constraints file may have the version.

## How to fix

Add the version (`pip install flask==3.1.2`, `npm install -g serve@14.2.5`, `gem
install rake:13.3.0`, `go install example.com/tool@v1.4.2`), or install from a file
with versions and hashes.
"""

from tightship.rules import Bad, Finding, Findings, Good, Run, rule

_IDS = {
    "DL3013": "pip pipx",
    "DL3016": "npm",
    "DL3028": "gem",
    "DL3062": "go",
    "kics:22cd11f7": "gem",
    "kics:e36d8880": "npm",
    "kics:02d9c71f": "pip",
}


@rule(
    on=Run,
    severity="info",
    references=("Docker, Building best practices, version pinning",),
    aliases=(*_IDS,),
    advice="add the version that you tested, or install from a file with versions and hashes",
    examples=(
        Bad("""
            FROM python:3.14
            RUN pip install flask==3.1.2 «requests» && python -m pip install "«wheel»"
        """),
        Bad("""
            FROM node:24
            RUN npm install -g «serve» && go install «example.com/tool@latest»
        """),
        Bad("""
            FROM node:24
            RUN npm install «user/repository» && yarn global add «serve»
        """),
        Good("""
            FROM python:3.14
            RUN pip install -r requirements.txt && pip install . ./lib
            RUN npm ci && npm install && npm install -g serve@14.2.5
            RUN gem install rake -v 13.3.0 && go install ./...
        """),
    ),
)
def unpinned_language_package(run: Run) -> Findings:
    """Point at the first package of each command without a version."""
    for command in run.package_commands:
        if command.manager.is_system or command.only_shows or not command.unpinned:
            continue
        first, *others = command.unpinned
        more = f" and {len(others)} more are" if others else " is"
        value = first.word.value or ""
        yield Finding(
            first.word.span.part(value),
            f"`{value}`{more} installed by {command.name} without a fixed version",
            known_as=command.known_as(_IDS),
        )
