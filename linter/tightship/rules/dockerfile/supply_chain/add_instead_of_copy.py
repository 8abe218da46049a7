"""`ADD` is used where `COPY` is enough.

`ADD` downloads anything that looks like a URL, and unpacks archives, which it
recognises by content, not by name. So a file from someone else, a build result or an
upload, can turn into a tree of files with unexpected links, owners and set-user-ID
bits. `COPY` only copies, so a reader knows what happens.

## How to fix

Write `COPY`. Keep `ADD` for local archives to unpack, for URLs and for Git
repositories. There is a fix if the names show that no file is an archive.
"""

from tightship.rules import Add, Argument, Bad, Edit, Finding, Findings, Fix, Good, may_be_archive, parse_remote_source, passed, rule, with_defaults  # fmt: skip

_FLAGS_OF_COPY = frozenset({"chmod", "chown", "exclude", "link"})


@rule(
    on=Add,
    severity="info",
    fix="keeps-behaviour",
    references=("Dockerfile reference, ADD", "Docker, Building best practices, ADD or COPY"),
    aliases=("DL3020", "checkov:CKV_DOCKER_4", "trivy:DS-0005", "kics:9513a694"),
    examples=(
        Bad("""
            FROM python:3.14
          - «ADD» requirements.txt /app/
          - «add» --chown=app . /app/
          + COPY requirements.txt /app/
          + copy --chown=app . /app/
        """),
        Bad("""
            FROM alpine:3.22
            «ADD» server /usr/local/bin/
        """).because("There is no fix: `server` may be an archive, or a folder."),
        Good("""
            FROM alpine:3.22
            ADD rootfs.tar.xz /
            ADD https://example.com/tool.tar.gz /opt/
            ADD git@example.com:tools/tool.git#v1.4 /src
        """).because("This is what `ADD` is for."),
        Good("""
            FROM alpine:3.22
            ARG SOURCE
            ADD ${SOURCE} /opt/
            ADD app.conf https://example.com/tool.conf /etc/
        """).because("The variable may hold a URL, which `COPY` cannot download."),
    ),
)
def add_instead_of_copy(add: Add) -> Findings:
    """Point at the keyword of an ADD that neither fetches nor is known to unpack."""
    sources = add.sources
    if not (sources or add.heredocs) or add.instruction.flag("unpack") is not None:
        return
    if any(_needs_add(source) for source in sources):
        return
    unclear = [one for one in sources if may_be_archive(one.text) is None]
    message = "`COPY` does the same as this `ADD`"
    if unclear:
        message = (
            f"`ADD` copies `{unclear[0].text}`, or unpacks it if it is an archive:"
            " `COPY` only copies"
        )
    used = "".join(dict.fromkeys(map(with_defaults, sources)))
    fix = None if unclear else _fix(add)
    yield Finding(add.keyword, message + used, fix=fix, because=passed(*sources))


def _needs_add(source: Argument) -> bool:
    """Return whether COPY cannot, or may not, do the same."""
    if not source.decided or "://" in source.text or parse_remote_source(source.text) is not None:
        return True
    return may_be_archive(source.text) is True


def _fix(add: Add) -> Fix | None:
    """Replace the keyword, if COPY has the flags and no source has a variable."""
    written = add.keyword.text
    if written.upper() != "ADD" or any(source.reads for source in add.sources):
        return None
    if any(flag.name.value not in _FLAGS_OF_COPY for flag in add.instruction.flags):
        return None
    word = "COPY" if written.isupper() else "copy" if written.islower() else "Copy"
    return Fix.keeps(f"Write `{word}`", (Edit(add.keyword, word),))
