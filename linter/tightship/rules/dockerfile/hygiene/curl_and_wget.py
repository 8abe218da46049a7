"""Both `curl` and `wget` are used in one stage.

Both do the same. Two download programs mean twice the packages to install and update,
and an intruder in the container can use the one that is not needed.

## How to fix

Use only one of them.
"""

from tightship.rules import Bad, Download, Finding, Findings, Good, Related, Run, Span, Stage, rule


@rule(
    on=Stage,
    severity="info",
    references=("Docker, Building best practices, unnecessary packages",),
    aliases=("DL4001", "trivy:DS-0014", "semgrep:use-either-wget-or-curl", "kics:fc775e75"),
    examples=(
        Bad("""
            FROM debian:13
            RUN curl -fsSLO https://example.com/a
            RUN «wget» -q https://example.com/b
        """),
        Good("""
            FROM debian:13 AS build
            RUN curl -fsSLO https://example.com/a
            FROM debian:13
            RUN wget -q https://example.com/b
        """).because("These are two images."),
    ),
)
def curl_and_wget(stage: Stage) -> Findings:
    """Point at the first use of the one that comes second."""
    first: dict[str, Span] = {}
    for step in stage.steps:
        if not isinstance(step, Run):
            continue
        for call in step.calls:
            download = Download.of(call)
            if download is None or download.program.name not in ("curl", "wget"):
                continue
            name = download.program.name
            first.setdefault(name, download.program.word.span)
            if len(first) == 2:
                other = next(one for one in first if one != name)
                yield Finding(
                    first[name],
                    f"`{name}` and `{other}` do the same: one of them is enough",
                    because=(Related(first[other], f"`{other}` is used here"),),
                )
                return
