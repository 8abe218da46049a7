"""The build or the container runs a download without a check.

The code from `curl … | sh` has not been reviewed, and no checksum shows that it is the
same as yesterday. Anyone who gains control of the server, its domain or the
account of its files can run commands in the next build: usually as root, with the
build's secrets and network, and with lasting changes in the image. In CMD, ENTRYPOINT and
HEALTHCHECK, each container gets the latest code when it starts. A server can also
distinguish a pipe from a browser, and send each a different script.

A script that is saved and then run is no better, and one of the Dockerfile or the build context
is read where a step runs it by its path; neither are `sh -c "$(curl …)"` and `.
<(curl …)`. The rule accepts a script whose checksum or signature is checked first. If
the connection breaks, a shell at the end of a pipe has run the first half of the
script, and without `pipefail` the build continues.

## How to fix

Install a signed package, or a fixed version whose checksum is in the Dockerfile:

```dockerfile
ADD --checksum=sha256:24454f83… https://example.com/v1.4.2/install.sh /tmp/
RUN sh /tmp/install.sh
```

Or copy the script into your repository, where changes are seen.
"""

from tightship.rules import Bad, Cmd, Entrypoint, Finding, Findings, Good, Healthcheck, Related, Run, ScriptStep, remote_code, rule, started_scripts  # fmt: skip


@rule(
    on=(Run, Cmd, Entrypoint, Healthcheck),
    severity="warning",
    cwe=(494,),
    references=("Dockerfile reference, ADD --checksum",),
    examples=(
        Bad("""
            FROM debian:13.2
            RUN curl -fsSL https://example.com/install.sh | «bash»
        """),
        Bad("""
            FROM debian:13.2
            RUN wget -qO- https://example.com/install.sh | tee /tmp/log | sudo -E «sh» -s -- -y
            RUN «sh» -c "$(curl -fsSL https://example.com/install.sh)"
            RUN ["bash", "-c", "«source» <(curl -s https://example.com/env.sh)"]
        """),
        Bad("""
            FROM python:3.14-slim
            RUN curl -fsSLO https://example.com/get-tool.py && \\
                «python3» get-tool.py --yes && \\
                rm get-tool.py
        """).because("The file runs without a check."),
        Bad("""
            FROM debian:13.2
            USER 1000
            CMD curl -fsSL https://example.com/start.sh | «sh»
        """).because("Each container runs what the server sends when it starts."),
        Good("""
            FROM debian:13.2
            RUN curl -fsSLo install.sh https://example.com/install.sh && \\
                echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  install.sh" \\
                  | sha256sum -c - && \\
                sh install.sh
        """).because("The checksum fixes the code that runs."),
        Good("""
            FROM debian:13.2
            RUN curl -fsSL https://example.com/key.asc | gpg --dearmor -o /usr/share/keyrings/a.gpg
            RUN curl -fsSL https://example.com/tool.tar.gz | tar xz -C /opt
            RUN curl -fsSL https://example.com/latest.json | python3 -c 'import json'
        """).because("The data in the pipe is not run."),
    ),
)  # fmt: skip
def download_piped_to_shell(step: ScriptStep) -> Findings:
    """Point at what runs a download."""
    found = [(one.runner, one) for one in step.remote_code]
    for word, run in started_scripts(step):
        found += [(word, one) for one in remote_code(run)]
    for runner, one in found:
        download = one.download
        origin = f" from `{download.host}`" if download.host else ""
        yield Finding(
            runner.span,
            f"`{runner.raw}` runs what `{download.program.name}` downloads{origin},"
            " without a check",
            because=(Related(one.place, "downloaded here"),),
            cause=(runner.raw, download.program.name, *(url.raw for url in download.urls)),
        )
