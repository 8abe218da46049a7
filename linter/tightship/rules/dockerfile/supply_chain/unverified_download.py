"""A download is unpacked, installed or made executable without a check.

An attacker who controls the server, the account that its files are in, or a release
there puts a program into the next image, and the build does not notice. Over plain
`http://`, anyone on the network path can do so. A version in the name does not help:
most servers let a file be replaced.

The rule follows the file from one `RUN` to the next, through every branch. It reports
nothing if a checksum or a signature is checked in between (`sha256sum -c`, `gpg
--verify`, `cosign verify` …), and the file is not used if that check fails. After `;`,
on the next line of a heredoc, or with `|| true`, the build continues: use `&&` or `set
-e`. `download-piped-to-shell` reports downloads that the same step executes.

## How to fix

Add the checksum of the file that you tested to the Dockerfile, and compare it before
using the file:

```dockerfile
ADD --checksum=sha256:24454f83… https://example.com/tool-1.4.tar.gz /tmp/
```

or `echo "24454f83…  tool.tar.gz" | sha256sum -c -` in the step that downloads it.
"""

from tightship.rules import Bad, Finding, Findings, Good, Related, Run, Severity, Stage, host_of_url, rule, unverified_files  # fmt: skip


@rule(
    on=Stage,
    severity="warning",
    severity_note="info if the download is encrypted: then an attacker has to control the server",
    cwe=(494,),
    references=("Dockerfile reference, ADD --checksum",),
    examples=(
        Bad("""
            FROM debian:13.2
            RUN curl -fsSLo tool.tar.gz «http://example.com/tool-1.4.tar.gz»
            RUN tar xzf tool.tar.gz -C /opt
        """).because("Anyone between the build and the server can send another file."),
        Bad("""
            FROM debian:13.2
            RUN wget -qO- «https://example.com/tool-1.4.tar.gz» | tar xz -C /opt
            RUN curl -fsSLo /usr/local/bin/tool «https://example.com/tool» && \\
                chmod +x /usr/local/bin/tool
            RUN wget «https://example.com/tool.deb» && dpkg -i tool.deb
        """).at("info"),
        Bad("""
            FROM debian:13.2
            RUN <<EOF
            curl -fsSLO «https://example.com/tool.tar.gz»
            echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  tool.tar.gz" | sha256sum -c -
            tar xzf tool.tar.gz -C /opt
            EOF
        """).at("info", "Without `set -e`, the heredoc continues after the failed check."),
        Good("""
            FROM debian:13.2
            RUN curl -fsSLo tool.tar.gz https://example.com/tool-1.4.tar.gz
            RUN echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  tool.tar.gz" \\
                | sha256sum -c -
            RUN tar xzf tool.tar.gz -C /opt
        """),
        Good("""
            FROM debian:13.2
            RUN curl -fsSLo /etc/app.conf https://example.com/app.conf
        """).because("The file does not show that it is a program."),
    ),
)  # fmt: skip
def unverified_download(stage: Stage) -> Findings:
    """Point at the URL of each download that is used without a check."""
    runs = [one for one in stage.steps if isinstance(one, Run)]
    executed: set[int] | None = None
    for one in unverified_files([one for run in runs for one in run.runs]):
        download = one.download
        if download is not None:
            if executed is None:
                executed = {id(code.download.call) for run in runs for code in run.remote_code}
            if id(download.call) in executed:
                continue
        url = one.url
        is_plain = url.head[:7].lower() == "http://"
        by_whom = f"the file from `{host_of_url(url)}`" if host_of_url(url) else "the file"
        if is_plain:
            by_whom = f"{by_whom} (plain HTTP)"
        yield Finding(
            url.span,
            f"{by_whom} {one.use} without a check",
            severity=None if is_plain else Severity.INFO,
            because=(Related(one.word.span, f"it {one.use} here"),) if download is not None else (),
        )
