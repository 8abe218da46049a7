"""Packages of a programming language are installed without a version.

`pip`, `npm`, `gem` and `go` then install the latest release. A release with a bug, or
one that an attacker published with a stolen account, gets into the next image without a
change to the file.

Files with versions (`-r requirements.txt`, `package-lock.json`, `Gemfile.lock`) are not
read.

## How to fix

Add the version (`pip install flask==3.1.2`, `npm install -g serve@14.2.5`, `gem
install rake:13.3.0`, `go install example.com/tool@v1.4.2`), or install from a file
with versions and hashes.
"""

from tightship.rules import Bad, Finding, Findings, Good, Installation, Run, rule


@rule(
    on=Run,
    severity="info",
    references=("Docker, Building best practices, version pinning",),
    aliases=(
        "DL3013",
        "DL3016",
        "DL3028",
        "DL3062",
        "kics:22cd11f7",
        "kics:e36d8880",
        "kics:02d9c71f",
    ),
    advice="add the version, such as `flask==3.1.2`, or install from a file with"
    " versions and hashes",
    examples=(
        Bad("""
            FROM python:3.14
            RUN pip install flask==3.1.2 «requests» && python -m pip install "«wheel»"
        """),
        Bad("""
            FROM node:24
            RUN npm install -g «serve» && go install «example.com/tool@latest»
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
    for call in run.calls:
        found = Installation.of(call)
        if found is None or not found.unpinned:
            continue
        first, *others = found.unpinned
        more = f" and {len(others)} more are" if others else " is"
        yield Finding(
            first.span.part(first.value or ""),
            f"`{first.value}`{more} installed by {found.name} without a fixed version",
        )
