"""The rule `shell-form-without-shell`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image, places

from tightship.rules.dockerfile.correctness.shell_form_without_shell import shell_form_without_shell

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "steps",
    [
        "RUN ls",
        "RUN <<EOF\nls\nEOF",
        "CMD ls",
        "ENTRYPOINT exec /app",
        "COPY app /app\nCMD /app",
        "COPY --from=busybox:1 /bin/ls /bin2/ls\nCMD ls",
        "COPY a /etc/ssl/certs/\nHEALTHCHECK CMD /app --check",
        "RUN ls\nCOPY --from=busybox:1 / /",
    ],
)
def test_a_shell_that_is_missing_is_found(found: Found, steps: str) -> None:
    [(grade, text)] = found(image(steps, "scratch"), shell_form_without_shell)
    assert grade == "warning"
    assert text in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK")


@pytest.mark.parametrize(
    "steps",
    [
        'CMD ["ls"]',
        "CMD []",
        "HEALTHCHECK NONE",
        "ONBUILD CMD ls",
        "COPY busybox /bin/sh\nONBUILD RUN ls",
        "COPY root /\nRUN ls",
        "COPY bin /bin/\nRUN ls",
        "COPY busybox /bin/sh\nRUN ls",
        "COPY bin/ bin/\nRUN ls",
        "COPY --from=a /usr /usr\nRUN ls",
        "ARG TO\nCOPY a $TO\nRUN ls",
        'COPY a /busybox\nRUN ["/busybox", "--install"]\nRUN ls',
        'COPY a /busybox\nSHELL ["/busybox", "sh", "-c"]\nRUN ls',
        "RUN --mount=from=busybox:1,target=/bin ls",
        "CMD ls\nCOPY root /",
        "FROM debian:13\nCMD ls",
    ],
)
def test_images_that_may_have_a_shell_are_silent(found: Found, steps: str) -> None:
    assert found(image(steps, "scratch"), shell_form_without_shell) == []


def test_a_stage_below_may_bring_the_shell(found: Found) -> None:
    text = "FROM scratch AS a\nADD root.tar /\nFROM a\nRUN ls\n"
    assert places(found, text, shell_form_without_shell) == []


def test_the_message_describes_the_failure(judge: Judge) -> None:
    run, cmd = judge(image("RUN ls\nCMD ls", "scratch"), [shell_form_without_shell])
    assert run.finding.message == (
        "RUN in shell form needs `/bin/sh`, and the image has none: the build stops"
    )
    assert cmd.finding.message.endswith("the container cannot start")
