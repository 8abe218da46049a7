"""The rule `password-set-in-image`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.secrets.password_set_in_image import password_set_in_image

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "echo root:hunter2 | chpasswd",
        'echo "root:$PW" | chpasswd',
        "echo -n 'a:b' | chpasswd --crypt-method SHA512",
        r"printf 'root:x1\napp:x2\n' | /usr/sbin/chpasswd",
        "chpasswd <<< root:hunter2",
        "chpasswd <<EOF\nroot:hunter2\nEOF",
        "echo 'root:$6$salt$hash' | chpasswd -e",
        "useradd -p hunter2 app",
        "useradd --password='$6$salt$hash' app",
        "usermod -p $(openssl passwd hunter2) root",
        "echo hunter2 | passwd --stdin root",
        r"echo -e 'hunter2\nhunter2' | passwd root",
        "passwd -d root",
        "useradd -p '' app",
        'bash -c "echo root:hunter2 | chpasswd"',
    ],
)
def test_a_password_is_found(found: Found, script: str) -> None:
    plain = f"RUN {script}" if "<<EOF" not in script else f"RUN {script}\n"
    [(grade, text)] = found(image(plain), password_set_in_image)
    assert grade == "warning"
    assert text.rpartition("/")[2] in ("chpasswd", "useradd", "usermod", "passwd")


@pytest.mark.parametrize(
    "script",
    [
        "chpasswd < /run/secrets/accounts",
        "cat /run/secrets/accounts | chpasswd",
        "useradd app",
        "usermod -p '!' root",
        "usermod -p '*' root",
        "usermod -L root",
        "passwd -l root",
        "passwd -S root",
        "passwd -dl root",
        "echo root:! | chpasswd -e",
        "echo root:hunter2",
        "useradd -P /chroot app",
        "apt-get install -y passwd",
    ],
)
def test_commands_without_a_password(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), password_set_in_image) == []


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("echo root:hunter2 | chpasswd", "`root`"),
        ("useradd -m -p hunter2 app", "`app`"),
        ('echo "$USER:hunter2" | chpasswd', "an account"),
    ],
)
def test_the_password_is_hidden(judge: Judge, script: str, name: str) -> None:
    [one] = judge(image(f"RUN {script}"), [password_set_in_image])
    assert [place.text for place in one.finding.secrets] == ["hunter2"]
    assert f"gives {name} a password" in one.finding.message
    assert "hunter2" not in one.finding.message


@pytest.mark.parametrize(
    "line",
    [
        'RUN echo "root:$(openssl rand -base64 32)" | chpasswd',
        'RUN PW=$(openssl rand -hex 16) && echo "root:$PW" | chpasswd',
        "RUN echo root:`pwgen 20 1` | chpasswd",
        'RUN echo "root:$(head -c 20 /dev/urandom | base64)" | chpasswd',
        'RUN useradd -p "$(openssl passwd -6 "$(openssl rand -hex 9)")" app',
        'RUN openssl rand -hex 9 >/p; PW="$(uuidgen)"; echo "$PW" | passwd --stdin app',
    ],
)
def test_a_generated_password_is_silent(judge: Judge, line: str) -> None:
    [one] = judge({"Dockerfile": f"FROM debian:13\n{line}\n"}, [password_set_in_image])
    assert one.severity.word == "info"
    assert "a random password of the build" in one.finding.message


@pytest.mark.parametrize(
    "line",
    [
        'RUN echo "root:$PW" | chpasswd',
        "RUN openssl rand 9 >/k && echo root:hunter2 | chpasswd",
        'RUN X=$(openssl rand -hex 16) && echo "root:$PW" | chpasswd',
        'RUN useradd -p "$(openssl passwd -6 hunter2)" app',
    ],
)
def test_a_password_that_is_given_stays_a_warning(judge: Judge, line: str) -> None:
    [one] = judge({"Dockerfile": f"FROM debian:13\n{line}\n"}, [password_set_in_image])
    assert one.severity.word == "warning"
