"""ADD puts a download into the image without a checksum.

`ADD` of a URL takes the server's current file. Anyone who gains control of the
server, of its account, or of a release there can put a file into the next image, and
the build does not notice. The same is true of a Git repository that is named with a
branch or a tag: both can be moved.

## How to fix

Add the hash of the file that you tested: `ADD --checksum=sha256:… https://…`; the
build then fails if the file differs. For a Git repository, the hash of the commit
does the same: `ADD https://example.com/tool.git#<commit> /src`, or
`--checksum=<commit>` with a tag.
"""

import posixpath

from tightship.rules import Add, Argument, Bad, Call, Finding, Findings, Good, Iterator, Run, Stage, deciding_checks, parse_remote_source, passed, regex, rule, with_defaults  # fmt: skip

_PROOFS = (
    *(".asc", ".sig", ".sign", ".minisig", ".sigstore", ".md5", ".sha1", ".sha256"),
    *(".sha512", ".sha256sum", ".sha512sum"),
)
# What is asked for the last commit, so that the cache of a build ends with it.
_ANSWER = regex(
    r"https://api\.github\.com/repos/[^/]+/[^/]+/(?:branches|commits|git/|releases(?!/assets))"
)
_MOST_STEPS = 50
_MOST_READ = 2_000


@rule(
    on=Add,
    severity="warning",
    cwe=(494,),
    references=("Dockerfile reference, ADD --checksum",),
    aliases=("semgrep:prefer-copy-over-add",),
    advice="add the hash of the file that you tested: `ADD --checksum=sha256:… https://…`",
    examples=(
        Bad("""
            FROM alpine:3.22
            ARG VERSION=1.4
            ADD «https://example.com/tool-${VERSION}.tar.gz» /opt/
        """),
        Bad("""
            FROM alpine:3.22
            ADD «https://example.com/tool.git#main» /src
            ADD «git@example.com:tools/tool.git#v1.4» /src
        """).because("A branch or a tag can be moved to another commit."),
        Good(r"""
            FROM mcr.microsoft.com/windows/servercore:ltsc2025
            ADD https://example.com/tool.exe /bin/tool.exe
            RUN powershell if ((Get-FileHash /bin/tool.exe).Hash -ne $Env:SUM) { Throw }
        """).because("PowerShell checks the file."),
        Good("""
            FROM alpine:3.22
            ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 \\
                https://example.com/tool-1.4.tar.gz /opt/
        """),
        Good("""
            FROM alpine:3.22
            ADD https://example.com/tool.git#0000000000000000000000000000000000000000 /src
        """).because("A commit is its own checksum."),
        Good("""
            FROM debian:13
            ADD https://example.com/tini https://example.com/tini.asc /
            RUN gpg --batch --verify /tini.asc /tini && chmod +x /tini
        """).because("A signature is checked before anything else happens to the file."),
        Good("""
            FROM alpine:3.22
            ADD https://api.github.com/repos/example/tool/git/refs/heads/main version.json
        """).because("The file is an answer about a branch, which renews the steps below it."),
        Good("""
            FROM alpine:3.22
            ARG URL
            ADD rootfs.tar.gz ${URL} /
        """).because("`rootfs.tar.gz` is not a URL, and the value of `URL` is not in the file."),
    ),
)
def unverified_remote_add(add: Add) -> Findings:
    """Point at each source that is fetched and held against nothing."""
    checksum = add.flag("checksum")
    if checksum is not None and (checksum.text or not checksum.decided):
        return
    for source in add.sources:
        remote = parse_remote_source(source.text)
        if remote is None or remote.names_commit is not False:
            continue
        if _ANSWER.match(source.text):
            continue
        if not remote.is_git and (_is_proof(source) or _is_verified(add, source)):
            continue
        if remote.is_git:
            what = f"a movable branch or tag of the repository at `{remote.host}`"
        elif remote.is_encrypted:
            what = f"whatever `{remote.host}` serves, without a checksum"
        else:
            what = f"whatever `{remote.host}`, or anyone on the way to it, sends"
        yield Finding(
            source.span, f"`ADD` uses {what}{with_defaults(source)}", because=passed(source)
        )


def _is_proof(source: Argument) -> bool:
    """Return whether a file is a checksum or a signature, not code."""
    path = source.text.partition("?")[0].partition("#")[0]
    return path.lower().endswith(_PROOFS)


def _is_verified(add: Add, source: Argument) -> bool:
    """Return whether a later step verifies the file by a checksum or a signature."""
    # A script may have the variables of the name, too.
    texts = [one.partition("?")[0].partition("#")[0] for one in (source.text, source.span.text)]
    target = add.destination.text if add.destination is not None else ""
    names = {*map(posixpath.basename, (*texts, target))} - {""}
    return any(_names(call, names) for call in _checks(add)) or _is_hashed(add, names)


def _is_hashed(add: Add, names: set[str]) -> bool:
    """Return whether PowerShell, whose commands are not read, hashes the file in a later step."""
    steps = (one for one in add.stage.steps[add.index + 1 :][:_MOST_STEPS] if isinstance(one, Run))
    texts = (one.instruction.body.text[:_MOST_READ] for one in steps)
    return any("Get-FileHash" in text and any(map(text.__contains__, names)) for text in texts)


class _Checks:
    """The checks of a stage whose failure ends their step, by the index of the step."""

    def __init__(self, stage: Stage) -> None:
        self.by_step = {
            step.index: [call for run in step.runs for call in deciding_checks(run)]
            for step in stage.steps
            if isinstance(step, Run)
        }


def _checks(add: Add) -> Iterator[Call]:
    found = add.stage.derived.get(_Checks)
    if not isinstance(found, _Checks):
        found = add.stage.derived[_Checks] = _Checks(add.stage)
    for step in add.stage.steps[add.index + 1 :][:_MOST_STEPS]:
        yield from found.by_step.get(step.index, ())


def _names(call: Call, names: set[str]) -> bool:
    """Return whether a check names one of the files, or reads a list of files."""
    text = call.command.text.value[call.pipeline.start : call.pipeline.end]
    bodies = (one.body.raw for one in call.command.redirections if one.body is not None)
    text_read = "\n".join((text, *bodies))[:_MOST_READ]
    if any(name in text_read for name in names):
        return True
    run = call.program
    if run is None or not run.name.endswith("sum"):
        return False
    given = run.arguments()
    return given.flag("-c", "--check") is not None and bool(given.operands)
