"""`wget` writes its progress into the log of the build.

Without a terminal, it prints a line for every 50 KiB: thousands of lines for a larger
file, which hide the important messages.

## How to fix

Add `-nv` (`--no-verbose`) or `--progress=dot:giga`; BusyBox only supports `-q`.
"""

from tightship.rules import Bad, Download, Finding, Findings, Good, Run, regex, rule

_READ = regex(r"\$\{?(\w++)\}?")

_SHORT = (
    *("-q", "-nv", "-n", "-o", "-a", "--quiet", "--no-verbose", "--progress"),
    *("--output-file", "--append-output"),
)


@rule(
    on=Run,
    severity="info",
    references=("GNU Wget manual, Download Options, --progress",),
    aliases=("DL3047",),
    examples=(
        Bad("""
            FROM debian:13
            RUN «wget» https://example.com/tool.tar.gz
        """),
        Good("""
            FROM debian:13
            RUN wget -q https://example.com/a && wget -nv https://example.com/b \\
                && wget --progress=dot:giga https://example.com/c
        """),
    ),
)
def wget_progress_in_log(run: Run) -> Findings:
    """Point at each `wget` that is not told to be short."""
    for call in run.calls:
        program = call.program
        if program is None or program.name != "wget":
            continue
        download = Download.of(call)
        if download is None or download.arguments.flag(*_SHORT) is not None:
            continue
        if any(one.descriptor == "2" or "&" in one.operator for one in call.command.redirections):
            continue
        if any(_may_be_option(run, word.raw) for word in download.urls if not word.head):
            continue
        yield Finding(program.word.span, "`wget` writes its progress into the log of the build")


def _may_be_option(run: Run, raw: str) -> bool:
    """Return whether a word may be an option: only a known variable surely begins an address."""
    read = _READ.match(raw.lstrip('"'))
    variable = run.lookup(read[1]) if read is not None else None
    return raw.startswith("$") and "://" not in ((variable and variable.text) or "")
