"""The rule `tls-verification-disabled`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tightship.rules.dockerfile.supply_chain.tls_verification_disabled import (
    tls_verification_disabled,
)

if TYPE_CHECKING:
    from tests.conftest import Judge

SITE = "https://example.com"


def marks(judge: Judge, *steps: str) -> list[str]:
    """Return the places that turn the check off in some instructions."""
    text = "\n".join(["FROM debian:13.2", *steps, ""])
    found = judge({"Dockerfile": text}, [tls_verification_disabled])
    return [one.span.text for one in found]


@pytest.mark.parametrize(
    ("script", "place"),
    [
        (f"curl -k {SITE}", "-k"),
        (f"curl -fsSLk {SITE}", "-fsSLk"),
        (f"curl -ko x {SITE}", "-ko"),
        (f"curl {SITE} --insecure", "--insecure"),
        ("curl -k $URL", "-k"),
        (f"sudo curl -k {SITE}", "-k"),
        (f'bash -c "curl -k {SITE}"', "-k"),
        (f'X=$(curl -k {SITE}) && echo "$X"', "-k"),
        (f"for a in 1 2; do curl -k {SITE}/$a; done", "-k"),
        (f'["curl", "-k", "{SITE}"]', "-k"),
        (f"<<EOF\ncurl -k {SITE}\nEOF", "-k"),
        ("curl -kL http://example.com", "-kL"),
        (f"curl -k http://example.com {SITE}", "-k"),
        (f"wget --no-check-certificate {SITE}", "--no-check-certificate"),
        (f"wget --no-check-cert {SITE}", "--no-check-cert"),
        ("wget --no-check-certificate http://example.com", "--no-check-certificate"),
        (f"wget -e check_certificate=off {SITE}", "-e check_certificate=off"),
        (f"aria2c --check-certificate=false {SITE}", "--check-certificate=false"),
        (f"http --verify=no {SITE}", "--verify=no"),
        ("pip install --trusted-host pypi.example x", "--trusted-host pypi.example"),
        ("pip3 install --trusted-host=pypi.example x", "--trusted-host=pypi.example"),
        ("python3 -m pip install --trusted-host a.b x", "--trusted-host a.b"),
        ("pip config set global.trusted-host a.b", "global.trusted-host a.b"),
        ("uv pip install --allow-insecure-host a.b x", "--allow-insecure-host a.b"),
        ("git -c http.sslVerify=false clone x", "-c http.sslVerify=false"),
        ("git -c http.SSLVERIFY=0 clone x", "-c http.SSLVERIFY=0"),
        ("git -c http.sslVerify= clone x", "-c http.sslVerify="),
        ("git clone --config http.sslverify=no x", "--config http.sslverify=no"),
        ("git config --global http.sslVerify false", "http.sslVerify false"),
        ("git config --system http.sslverify 0", "http.sslverify 0"),
        ('git config --global http.sslVerify "false"', 'http.sslVerify "false"'),
        ("git config --global http.https://a.b/.sslVerify off", "http.https://a.b/.sslVerify off"),
        ("npm config set strict-ssl false", "strict-ssl false"),
        ("npm config set strict-ssl=false -g", "strict-ssl=false"),
        ("npm set strict-ssl false", "strict-ssl false"),
        ("npm ci --strict-ssl=false", "--strict-ssl=false"),
        ("npm ci --no-strict-ssl", "--no-strict-ssl"),
        ('yarn config set "strict-ssl" false -g', '"strict-ssl" false'),
        ("yarn config set enableStrictSsl false", "enableStrictSsl false"),
        ("conda config --set ssl_verify False", "ssl_verify False"),
        ("conda install -k x", "-k"),
        ("composer config -g disable-tls true", "disable-tls true"),
        ("bundle config set ssl_verify_mode 0", "ssl_verify_mode 0"),
        ("go env -w GOINSECURE=a.b/*", "GOINSECURE=a.b/*"),
        (
            "mvn -Dmaven.wagon.http.ssl.insecure=true package",
            "-Dmaven.wagon.http.ssl.insecure=true",
        ),
        ("yum -y --setopt=sslverify=0 install x", "--setopt=sslverify=0"),
        ("dnf install --setopt a.sslverify=False x", "--setopt a.sslverify=False"),
        ("dnf-config-manager --setopt=sslverify=0 --save", "--setopt=sslverify=0"),
        ("dnf5 config-manager setopt a=1 b.sslverify=0", "b.sslverify=0"),
        (
            "apt-get -o Acquire::https::Verify-Peer=false update",
            "-o Acquire::https::Verify-Peer=false",
        ),
        (
            'apt-get -o "Acquire::https::a.b::Verify-Host=0" update',
            '-o "Acquire::https::a.b::Verify-Host=0"',
        ),
        ("apk add --no-check-certificate x", "--no-check-certificate"),
        ("hg clone --insecure x", "--insecure"),
        ("svn co --trust-server-cert x", "--trust-server-cert"),
    ],
)
def test_an_option_of_a_program_is_found(judge: Judge, script: str, place: str) -> None:
    assert marks(judge, f"RUN {script}") == [place]


@pytest.mark.parametrize(
    ("script", "place"),
    [
        ("echo sslverify=0 >> /etc/yum.conf", "sslverify=0"),
        ('echo "sslverify=false" | tee -a /etc/dnf/dnf.conf', "sslverify=false"),
        ("echo 'insecure' > ~/.curlrc", "insecure"),
        ('echo -k >> "$HOME/.curlrc"', "-k"),
        ("echo 'check_certificate = off' >> /root/.wgetrc", "check_certificate = off"),
        ("echo strict-ssl=false > .npmrc", "strict-ssl=false"),
        (r"printf '[global]\ntrusted-host = a.b\n' > /etc/pip.conf", "trusted-host = a.b"),
        ("sed -i 's/sslverify=1/sslverify=0/' /etc/yum.conf", "sslverify=0"),
        (
            "echo 'Acquire::https::Verify-Peer \"false\";' > /etc/apt/apt.conf.d/99x",
            'Acquire::https::Verify-Peer "false";',
        ),
        ("cat > ~/.condarc <<EOF\nssl_verify: false\nEOF", "ssl_verify: false"),
    ],
)  # fmt: skip
def test_a_line_that_is_written_to_a_configuration_is_found(
    judge: Judge, script: str, place: str
) -> None:
    if "<<EOF" in script:
        script = f"<<END\n{script}\nEND"
    assert marks(judge, f"RUN {script}") == [place]


def test_a_heredoc_file_is_read(judge: Judge) -> None:
    steps = ["COPY <<.npmrc <<b /root/", "strict-ssl=false", ".npmrc", "strict-ssl=false"]
    assert marks(judge, *steps, "b") == ["strict-ssl=false"]


@pytest.mark.parametrize(
    "step",
    [
        "ENV «NODE_TLS_REJECT_UNAUTHORIZED=0»",
        'ENV A=1 «NODE_TLS_REJECT_UNAUTHORIZED="0"» B=2',
        "ENV «NODE_TLS_REJECT_UNAUTHORIZED 0»",
        "ARG «NODE_TLS_REJECT_UNAUTHORIZED=0»",
        "ONBUILD ENV «NODE_TLS_REJECT_UNAUTHORIZED=0»",
        "ENV «PYTHONHTTPSVERIFY=0»",
        "ENV «GIT_SSL_NO_VERIFY=1»",
        "ENV «GIT_SSL_NO_VERIFY=false»",
        "ENV «GIT_SSL_NO_VERIFY=»",
        "ENV «GIT_SSL_NO_VERIFY=$ANY»",
        "ENV «NPM_CONFIG_STRICT_SSL=false»",
        "ENV «npm_config_strict_ssl=false»",
        "ENV «YARN_ENABLE_STRICT_SSL=false»",
        'ENV «PIP_TRUSTED_HOST="packages.example files.example"»',
        "ENV «GOINSECURE=*.example»",
        "RUN «NODE_TLS_REJECT_UNAUTHORIZED=0» npm ci",
        "RUN export «NODE_TLS_REJECT_UNAUTHORIZED=0» && npm ci",
        "RUN env «GIT_SSL_NO_VERIFY=true» git clone x",
        "RUN sudo -E «GIT_SSL_NO_VERIFY=true» git clone x",
        "CMD «NODE_TLS_REJECT_UNAUTHORIZED=0» node server.js",
        'CMD ["env", "«NODE_TLS_REJECT_UNAUTHORIZED=0»", "node"]',
        'ENTRYPOINT ["sh", "-c", "curl «-k» https://example.com && exec \\"$@\\""]',
        "HEALTHCHECK CMD curl «-fk» https://example.com/health",
    ],
)
def test_a_variable_or_a_later_command_is_found(judge: Judge, step: str) -> None:
    wanted = [step[step.index("«") + 1 : step.index("»")]]
    if wanted[0].startswith('NODE_TLS_REJECT_UNAUTHORIZED=0"'):
        wanted = ["NODE_TLS_REJECT_UNAUTHORIZED=0"]
    assert marks(judge, step.replace("«", "").replace("»", "")) == wanted


def test_the_default_of_a_build_argument_counts(judge: Judge) -> None:
    steps = ["ARG TLS=0", "ENV NODE_TLS_REJECT_UNAUTHORIZED=$TLS"]
    assert marks(judge, *steps) == ["NODE_TLS_REJECT_UNAUTHORIZED=$TLS"]
    assert marks(judge, "ARG TLS", steps[1]) == []
    assert marks(judge, "ARG TLS=1", steps[1]) == []


def test_the_message_names_the_default(judge: Judge) -> None:
    text = "FROM a\nARG TLS=0\nENV NODE_TLS_REJECT_UNAUTHORIZED=$TLS\n"
    [found] = judge({"Dockerfile": text}, [tls_verification_disabled])
    assert found.finding.message == (
        "Node.js accepts any certificate: `NODE_TLS_REJECT_UNAUTHORIZED` turns the"
        " verification off (default of `ARG TLS`)"
    )


def test_an_argument_that_is_not_given_is_not_set(judge: Judge) -> None:
    assert marks(judge, "ARG GIT_SSL_NO_VERIFY") == []


def test_build_arguments_of_the_service_count(judge: Judge) -> None:
    files = {
        "compose.yaml": """
            services:
              web:
                build:
                  context: .
                  args: {GIT_SSL_NO_VERIFY: "1"}
            """,
        "Dockerfile": "FROM a\nARG GIT_SSL_NO_VERIFY\nRUN git clone x\n",
    }
    [found] = judge(files, [tls_verification_disabled])
    assert found.span.text == "GIT_SSL_NO_VERIFY"


@pytest.mark.parametrize(
    "step",
    [
        "HEALTHCHECK CMD curl -fk https://localhost:8443/ || exit 1",
        'HEALTHCHECK CMD ["curl", "-fk", "https://127.0.0.1:8443/"]',
        "HEALTHCHECK CMD wget --no-check-certificate -qO- https://[::1]:8443/ || exit 1",
        "HEALTHCHECK CMD curl -k https://localhost:$PORT/health",
        "HEALTHCHECK CMD curl -k https://$HOSTNAME:8443/health",
        "HEALTHCHECK NONE",
        "RUN curl -k https://localhost/x",
        "RUN curl -k https://user@localhost/x",
        "RUN curl -k http://example.com/x",
        "RUN curl -k example.com/x",
        "RUN curl -k --pinnedpubkey sha256//abc https://example.com",
        "RUN curl --cacert /k https://example.com",
        "RUN curl -o k https://example.com/-k",
        "RUN curl -H -k https://example.com",
        "RUN curl -K rc https://example.com",
        'RUN echo "curl -k https://example.com"',
        "RUN echo curl -k https://example.com",
        "RUN apt-get install -y curl -k8s",
        "RUN # curl -k https://example.com\ntrue",
        "RUN grep -k x && tar -k && sort -k 2",
        "RUN $CURL -k https://example.com",
        "RUN curl $FLAGS https://example.com",
        'RUN git commit -m "http.sslVerify=false"',
        "RUN git -c http.sslVerify=true clone x",
        "RUN git -c http.sslVerify clone x",
        "RUN git -c http.sslVerify=$X clone x",
        "RUN git config --global http.sslVerify true",
        "RUN git config --global http.sslVerify $X",
        "RUN git config --global --unset http.sslVerify",
        "RUN git config --global http.sslVerifyX false",
        "RUN npm config set strict-ssl true",
        "RUN npm config get strict-ssl false",
        "RUN npm config set strict-ssl 0",
        "RUN yarn add strict-ssl false",
        "RUN pip install --trusted-host localhost x",
        "RUN pip install --trusted-host $HOST x",
        "RUN pip install trusted-host",
        "RUN dnf --setopt=sslverify=1 install x",
        "RUN apt-get -o Acquire::https::Verify-Peer=true update",
        "RUN echo 'sslverify=0' > /tmp/notes",
        "RUN echo 'sslverify=0'",
        "RUN echo '# sslverify=0' >> /etc/yum.conf",
        "RUN echo sslverify=$X >> /etc/yum.conf",
        "RUN echo sslverify=0 >> $CONF",
        "RUN sed 's/sslverify=1/sslverify=0/' /etc/yum.conf",
        "RUN sed -i 's/sslverify=0/sslverify=1/' /etc/yum.conf",
        "ENV NODE_TLS_REJECT_UNAUTHORIZED=1",
        "ENV NODE_TLS_REJECT_UNAUTHORIZED=false",
        "ENV NODE_TLS_REJECT_UNAUTHORIZED=",
        "ENV NPM_CONFIG_STRICT_SSL=0",
        "ENV PIP_TRUSTED_HOST=",
        "ENV PIP_TRUSTED_HOST=localhost",
        "ENV node_tls_reject_unauthorized=0",
        "ENV MY_GIT_SSL_NO_VERIFY=1",
        "LABEL GIT_SSL_NO_VERIFY=1",
        "RUN NODE_TLS_REJECT_UNAUTHORIZED=0",
        "RUN echo NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci",
        "RUN npm run x GIT_SSL_NO_VERIFY=1",
    ],
)
def test_other_and_uncertain_options_are_silent(judge: Judge, step: str) -> None:
    assert marks(judge, step) == []


def test_one_command_is_one_finding_with_all_options(judge: Judge) -> None:
    script = "RUN pip install --trusted-host a.b --trusted-host c.d x"
    text = f"FROM a\n{script}\n"
    [found] = judge({"Dockerfile": text}, [tls_verification_disabled])
    assert found.span.text == "--trusted-host a.b"
    [related] = found.finding.because
    assert related.span.text == "--trusted-host c.d"


def test_a_password_in_a_key_is_hidden(judge: Judge) -> None:
    step = "RUN git config --global http.https://me:hunter2@a.b/.sslVerify false"
    text = f"FROM a\n{step}\n"
    [found] = judge({"Dockerfile": text}, [tls_verification_disabled])
    assert "hunter2" not in found.finding.message


def test_a_trigger_is_judged(judge: Judge) -> None:
    assert marks(judge, f"ONBUILD RUN curl -k {SITE}") == ["-k"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters=st.text("fsSLkv#gi", min_size=1, max_size=6))
def test_a_bundle_of_flags_with_the_letter_is_found(judge: Judge, letters: str) -> None:
    found = marks(judge, f"RUN curl -{letters} {SITE}")
    assert found == ([f"-{letters}"] if "k" in letters else [])
