"""The rule `package-signature-unchecked`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.supply_chain.package_signature_unchecked import (
    package_signature_unchecked,
)

if TYPE_CHECKING:
    from tests.conftest import Judge

LIST = "/etc/apt/sources.list.d/a.list"


def marks(judge: Judge, *steps: str) -> list[str]:
    """Return the places that turn the check off in some instructions."""
    text = "\n".join(["FROM debian:13.2", *steps, ""])
    found = judge({"Dockerfile": text}, [package_signature_unchecked])
    return [one.span.text for one in found]


@pytest.mark.parametrize(
    "script",
    [
        "apt-get install -y «--allow-unauthenticated» nginx",
        "apt-get «--allow-unauthenticated» install -y nginx",
        "apt-get install -y «--force-yes» nginx",
        "apt install -y «--allow-unauthenticated» nginx",
        "apt-get update «--allow-insecure-repositories»",
        "apt-get «-o APT::Get::AllowUnauthenticated=true» install x",
        "apt-get «-oAPT::Get::AllowUnauthenticated=1» install x",
        "apt-get «--option=apt::get::allowunauthenticated=yes» install x",
        "apt-get «-o Acquire::AllowInsecureRepositories=true» update",
        "DEBIAN_FRONTEND=noninteractive apt-get install «--force-yes» x",
        "sudo apt-get install «--force-yes» x",
        "aptitude install «--allow-untrusted» x",
        'add-apt-repository "deb [«trusted=yes»] https://example.com stable main"',
        "debootstrap «--no-check-gpg» trixie /mnt",
        "dpkg «--force-bad-verify» -i x.deb",
        "dpkg «--force=depends,bad-verify» -i x.deb",
        "apk add --no-cache «--allow-untrusted» x",
        "apk «--allow-untrusted» add x.apk",
        "yum install -y «--nogpgcheck» x",
        "yum -y localinstall «--nogpgcheck» x.rpm",
        "dnf install -y «--nogpgcheck» x",
        "dnf5 install «--no-gpgchecks» x",
        "tdnf install -y «--nogpgcheck» x",
        "microdnf install «--nogpgcheck» x",
        "dnf «--setopt=gpgcheck=0» install x",
        "dnf install «--setopt a.gpgcheck=False» x",
        "yum-config-manager --save «--setopt=a.gpgcheck=0»",
        "zypper «--no-gpg-checks» install x",
        "zypper addrepo «--no-gpgcheck» https://example.com a",
        "zypper install «--allow-unsigned-rpm» x.rpm",
        "rpm -ivh «--nosignature» x.rpm",
        "rpm -Uvh «--nodigest» x.rpm",
        "rpm «--noverify» -i x.rpm",
        "rpm --install «--nofiledigest» x.rpm",
        'bash -c "apk add «--allow-untrusted» x"',
        "if true; then apk add «--allow-untrusted» x; fi",
        "<<EOF\napk add «--allow-untrusted» x\nEOF",
        '["apk", "add", "«--allow-untrusted»", "x"]',
        f'echo "deb [«trusted=yes»] https://example.com ./" > {LIST}',
        f"echo deb [arch=amd64 «trusted=yes»] http://example.com ./ >> {LIST}",
        'echo "deb-src [«trusted=yes» arch=amd64] http://a.b ./" >> /etc/apt/sources.list',
        f'printf "deb [«trusted=yes»] %s ./\\n" "$URL" > {LIST}',
        f"echo 'deb [«allow-insecure=yes»] http://a.b ./' | sudo tee {LIST}",
        f'echo "deb [«trusted=yes»] $URL $(lsb_release -cs) main" > {LIST}',
        'echo "deb [«trusted=yes»] http://a.b ./" > "/etc/apt/sources.list.d/$NAME.list"',
        "sed -i 's/^deb /deb [«trusted=yes»] /' /etc/apt/sources.list",
        "echo 'APT::Get::AllowUnauthenticated \"true\";' > /etc/apt/apt.conf.d/99x",
        r"printf '[a]\nname=a\n«gpgcheck=0»\n' > /etc/yum.repos.d/a.repo",
        r"echo -e '[a]\n«gpgcheck = 0»' > /etc/yum.repos.d/a.repo",
        "sed -i 's/gpgcheck=1/«gpgcheck=0»/g' /etc/yum.repos.d/*.repo",
        "sed -i -e 's|^gpgcheck=.*|«gpgcheck=0»|' /etc/dnf/dnf.conf",
        "echo '«gpgcheck=0»' >> /etc/yum.conf",
        "sed -i 's/^SigLevel.*/«SigLevel = Never»/' /etc/pacman.conf",
        r"printf '[a]\n«SigLevel = Optional Never»\nServer = x\n' >> /etc/pacman.conf",
    ],
)
def test_an_option_is_found(judge: Judge, script: str) -> None:
    if "«" in script:
        wanted = script[script.index("«") + 1 : script.index("»")]
    else:
        wanted = 'APT::Get::AllowUnauthenticated "true";'
    assert marks(judge, "RUN " + script.replace("«", "").replace("»", "")) == [wanted]


@pytest.mark.parametrize("keyword", ["COPY", "ADD"])
def test_a_heredoc_file_is_read(judge: Judge, keyword: str) -> None:
    body = ["[a]", "baseurl=https://example.com", "gpgcheck=0", "EOF"]
    found = marks(judge, f"{keyword} <<EOF /etc/yum.repos.d/a.repo", *body)
    assert found == ["gpgcheck=0"]
    assert marks(judge, f"{keyword} <<EOF /usr/share/doc/a.txt", *body) == []
    source = ["Types: deb", "URIs: https://a.b", "Trusted: yes", "EOF"]
    found = marks(judge, f"{keyword} <<EOF /etc/apt/sources.list.d/a.sources", *source)
    assert found == ["Trusted: yes"]


@pytest.mark.parametrize(
    "script",
    [
        'echo "apt-get install --force-yes x"',
        "echo apk add --allow-untrusted x",
        "apt-get install apt.example.com --no-install-recommends",
        "apt-get install --allow-unauthenticated=false x",
        "apt-get install --allow-downgrades x",
        "apt-get -o APT::Get::AllowUnauthenticated=false install x",
        "apt-get -o APT::Get::AllowUnauthenticated=$X install x",
        "apt-get -o Acquire::Check-Valid-Until=false update",
        "./apt.sh && my-apt-get --force-yes",
        "curl https://apt.example/ --allow-untrusted",
        "$APT install --force-yes x",
        "apt-get install $FLAGS x",
        "apt-get install -- --force-yes",
        "dnf --setopt=gpgcheck=1 install x",
        "dnf --setopt=repo_gpgcheck=0 install x",
        "dnf --setopt=localpkg_gpgcheck=0 install x",
        "dnf --setopt=tsflags=nodocs install x",
        "zypper --gpg-auto-import-keys refresh",
        "rpm -qp --nosignature x.rpm",
        "rpm -qa --nodigest --nosignature",
        "rpm -V --nofiledigest x",
        "rpm --import https://example.com/key",
        "rpm -e --noverify x",
        "dpkg --force-all -i x.deb",
        f'echo "deb [signed-by=/k.gpg] https://example.com ./" > {LIST}',
        f'echo "deb [trusted=no] https://example.com ./" > {LIST}',
        f'echo "# trusted=yes" > {LIST}',
        f'echo "deb https://example.com/[trusted=yes] ./" > {LIST}',
        f'echo "deb [trusted=yes] file:/packages ./" > {LIST}',
        f'echo "deb [trusted=yes] copy:/packages ./" > {LIST}',
        f"echo \"deb [trusted=$T] https://example.com ./\" > {LIST}",
        'echo "deb [trusted=yes] https://example.com ./" > /tmp/readme',
        'echo "deb [trusted=yes] https://example.com ./"',
        r"printf '[a]\nrepo_gpgcheck=0\n' > /etc/yum.repos.d/a.repo",
        r"printf '[a]\ngpgcheck=1\n' > /etc/yum.repos.d/a.repo",
        r"printf '[a]\ngpgcheck=0$X\n' > /tmp/a.txt",
        'echo "gpgcheck=$X" >> /etc/yum.conf',
        'echo "gpgcheck=0$X" >> /etc/yum.conf',
        'echo "#gpgcheck=0" >> /etc/yum.conf',
        r"printf '[a]\nbaseurl=file:///rpms\ngpgcheck=0\n' > /etc/yum.repos.d/a.repo",
        "sed -i 's/gpgcheck=0/gpgcheck=1/' /etc/yum.conf",
        "sed 's/gpgcheck=1/gpgcheck=0/' /etc/yum.conf",
        "grep gpgcheck=0 /etc/yum.conf",
        "sed -i 's/^SigLevel.*/SigLevel = Required DatabaseNever/' /etc/pacman.conf",
        "# apk add --allow-untrusted x\ntrue",
    ],
)  # fmt: skip
def test_other_and_uncertain_options_are_silent(judge: Judge, script: str) -> None:
    assert marks(judge, f"RUN {script}") == []


def test_one_command_is_one_finding_with_all_options(judge: Judge) -> None:
    text = "FROM a\nRUN rpm -i --nodigest --nosignature x.rpm\n"
    [found] = judge({"Dockerfile": text}, [package_signature_unchecked])
    assert found.span.text == "--nodigest"
    assert [one.span.text for one in found.finding.because] == ["--nosignature"]
    assert found.finding.message == (
        "`--nodigest` makes `rpm` accept packages without a valid signature"
    )


def test_each_command_is_a_finding(judge: Judge) -> None:
    flag = "--allow-untrusted"
    assert marks(judge, f"RUN apk add {flag} a && apk add {flag} b") == [flag, flag]


def test_triggers_and_discarded_stages_are_judged(judge: Judge) -> None:
    steps = ["ONBUILD RUN apk add --allow-untrusted x", "FROM scratch"]
    assert marks(judge, *steps) == ["--allow-untrusted"]


def test_an_option_in_a_continued_command_has_its_exact_place(judge: Judge) -> None:
    step = "RUN yum -y \\\n  # from the lab\n  --setopt \\\n  gpgcheck=0 install x"
    [mark] = marks(judge, step)
    assert mark.startswith("--setopt")
    assert mark.endswith("gpgcheck=0")
