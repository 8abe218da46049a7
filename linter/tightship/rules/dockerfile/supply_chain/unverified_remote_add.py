"""What the build fetches goes into the image unchecked.

`ADD` of a URL takes what the server has at that moment. Whoever gets hold of the server,
of the account behind it, or of a release there, puts their file into the next image, and
the build does not notice. The same is true of a Git repository that is named with a
branch or a tag: both can be moved.

## How to fix

Name the hash of what you tested: `ADD --checksum=sha256:… https://…`; from then on the
build fails if something else comes. For a Git repository, the hash of the commit does the
same: `ADD https://example.com/tool.git#<commit> /src`, or `--checksum=<commit>`
beside a tag.
"""

from __future__ import annotations

from tightship.dockerfile.remote import parse
from tightship.dockerfile.steps import Add
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Severity,
    rule,
    with_defaults,
)


@rule(
    on=Add,
    severity=Severity.WARNING,
    cis=("4.9",),
    cwe=(494,),
    references=("Dockerfile reference, ADD --checksum",),
    examples=(
        Bad(
            """
            FROM alpine:3.22
            ARG VERSION=1.4
            ADD «https://example.com/tool-${VERSION}.tar.gz» /opt/
            """,
        ),
        Bad(
            """
            FROM alpine:3.22
            ADD «https://example.com/tool.git#main» /src
            ADD «git@example.com:tools/tool.git#v1.4» /src
            """,
            why="A branch or a tag can be moved to another commit.",
        ),
        Good(
            """
            FROM alpine:3.22
            ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 \\
                https://example.com/tool-1.4.tar.gz /opt/
            """,
        ),
        Good(
            """
            FROM alpine:3.22
            ADD https://example.com/tool.git#0000000000000000000000000000000000000000 /src
            """,
            why="A commit is its own checksum.",
        ),
        Good(
            """
            FROM alpine:3.22
            ARG URL
            ADD rootfs.tar.gz ${URL} /
            """,
            why="The first is no URL, and the second is not in the file.",
        ),
    ),
)
def unverified_remote_add(add: Add) -> Findings:
    """Point at each source that is fetched and held against nothing."""
    checksum = add.flag("checksum")
    if checksum is not None and (checksum.text or not checksum.decided):
        return
    for source in add.sources:
        remote = parse(source.text)
        if remote is None or remote.names_commit is not False:
            continue
        if remote.is_git:
            what = f"whatever the branch or tag in the repository at `{remote.host}` is by then"
        elif remote.is_encrypted:
            what = f"whatever `{remote.host}` serves, without a checksum"
        else:
            what = f"whatever `{remote.host}`, or anyone on the way to it, serves"
        yield Finding(source.span, f"`ADD` takes {what}{with_defaults(source)}")
