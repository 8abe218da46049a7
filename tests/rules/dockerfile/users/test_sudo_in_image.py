"""The rule `sudo-in-image`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.users.conftest import dockerfile

from tightship.rules.dockerfile.users.sudo_in_image import sudo_in_image

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "step",
    [
        "RUN sudo ls",
        "RUN /usr/bin/sudo ls",
        "RUN cd /srv; ls && sudo ls",
        "RUN yes | sudo tee /x",
        'RUN ["sudo", "ls"]',
        'RUN bash -c "sudo ls"',
        "RUN env X=1 sudo ls",
        "RUN DEBUG=1 sudo -E ls",
        "RUN echo $(sudo ls)",
        "RUN if true; then sudo ls; fi",
        "RUN <<EOF\nsudo ls\nEOF",
        "RUN ls \\\n  && sudo ls",
        "ONBUILD RUN sudo ls",
        "CMD sudo ls",
        'ENTRYPOINT ["tini", "--", "sudo", "ls"]',
        "HEALTHCHECK CMD sudo ls",
        "RUN exec sudo -u app ls",
    ],
)
def test_sudo_commands(found: Found, step: str) -> None:
    [(grade, text)] = found(dockerfile(f"FROM debian\n{step}\n"), sudo_in_image)
    assert grade == "info"
    assert text.rpartition("/")[2].strip('"') == "sudo"


@pytest.mark.parametrize(
    "step",
    [
        "RUN apt-get install -y sudo",
        "RUN echo sudo ls",
        "RUN which sudo; command -v sudo",
        "RUN rm /usr/bin/sudo",
        "RUN usermod -aG sudo app",
        "RUN echo 'app ALL=(ALL) ALL' > /etc/sudoers.d/app",
        'RUN ["echo", "sudo"]',
        "RUN pseudo ls; sudoku",
        "RUN tools/sudo ls",
        "RUN # sudo ls",
        "ENV X=sudo",
        'LABEL run="sudo ls"',
        'SHELL ["powershell"]\nRUN sudo ls',
    ],
)
def test_sudo_that_is_not_executed(found: Found, step: str) -> None:
    assert found(dockerfile(f"FROM debian\n{step}\n"), sudo_in_image) == []


def test_one_finding_names_every_sudo_of_an_instruction(judge: Judge) -> None:
    text = "FROM debian\nRUN sudo a && sudo -u b sudo c\nRUN sudo d\n"
    first, second = judge(dockerfile(text), [sudo_in_image])
    assert first.finding.message == "RUN runs a command with `sudo`"
    assert [related.span.text for related in first.finding.because] == ["sudo"]
    assert second.finding.because == ()
