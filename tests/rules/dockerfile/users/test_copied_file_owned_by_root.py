"""The rule `copied-file-owned-by-root`, beyond its examples.

BuildKit 0.13.1 with busybox shows what is claimed here: files that COPY takes from the
context are root's below USER, a folder that WORKDIR makes is the user's, files from a stage
keep their owner, and the build ends where a user changes root's files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, image

from tightship.rules.dockerfile.users.copied_file_owned_by_root import copied_file_owned_by_root

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("steps", "path"),
    [
        ("USER app\nCOPY run.sh /srv/\nRUN chmod +x /srv/run.sh", "/srv/run.sh"),
        ("COPY run.sh /srv/\nUSER app\nRUN chmod +x /srv/run.sh", "/srv/run.sh"),
        ("USER 1000\nCOPY a b /srv/\nRUN chmod 755 /srv/b", "/srv/b"),
        ("USER app:0\nCOPY run.sh /run.sh\nRUN true; chmod 755 /run.sh", "/run.sh"),
        ("USER app\nCOPY run /run\nRUN chmod 755 /run", "/run"),
        ("WORKDIR /srv\nUSER app\nCOPY run.sh .\nRUN chmod +x run.sh", "run.sh"),
        ("WORKDIR /srv\nUSER app\nCOPY run.sh ./\nRUN chmod +x ./run.sh", "./run.sh"),
        ("USER app\nCOPY a.sh /srv/\nRUN true && chown app /srv/a.sh", "/srv/a.sh"),
        ("USER app\nCOPY a.sh /srv/\nRUN chgrp app /srv/a.sh && true", "/srv/a.sh"),
        ("USER app\nCOPY --chmod=644 a.sh /\nRUN chmod +x /a.sh", "/a.sh"),
        ("USER app\nCOPY --link a.sh /\nRUN chmod +x /a.sh", "/a.sh"),
        ('USER app\nCOPY a.sh /\nRUN ["chmod", "+x", "/a.sh"]', "/a.sh"),
        ("USER app\nCOPY <<E /a.sh\ntrue\nE\nRUN chmod +x /a.sh", "/a.sh"),
        ("USER app\nCOPY a.sh /\nRUN npm ci\nRUN chmod +x /a.sh", "/a.sh"),
        ("USER app\nCOPY . /srv\nRUN chmod -R g+w /srv", "/srv"),
        ("USER app\nCOPY . /srv/app\nRUN npm ci && chown -R app /srv", "/srv"),
        ("WORKDIR /srv\nUSER app\nCOPY . .\nRUN chown --recursive app .", "."),
    ],
)
def test_files_that_the_user_cannot_change(judge: Judge, steps: str, path: str) -> None:
    [one] = judge(image(steps), [copied_file_owned_by_root])
    assert one.span.text.strip('"') == path
    assert one.severity.word == "warning"
    [copied] = one.finding.because
    assert copied.span.text == "COPY"


def test_the_finding_names_the_program_the_user_and_the_path(judge: Judge) -> None:
    steps = "USER app\nCOPY a.sh /srv/\nRUN chmod +x /srv/a.sh && chown -R app /srv"
    found = judge(image(steps), [copied_file_owned_by_root])
    assert [one.finding.message for one in found] == [
        "`chmod` fails: `app` is not root, but `COPY` without `--chown` makes"
        " root the owner of `/srv/a.sh`",
        "`chown` fails: `app` is not root, but `COPY` without `--chown` makes"
        " root the owner of the content of `/srv`",
    ]


@pytest.mark.parametrize(
    "steps",
    [
        "COPY a.sh /\nRUN chmod +x /a.sh",
        "USER root\nCOPY a.sh /\nRUN chmod +x /a.sh",
        "USER 0:1000\nCOPY a.sh /\nRUN chmod +x /a.sh",
        "USER $WHO\nCOPY a.sh /\nRUN chmod +x /a.sh",
        "USER toor\nCOPY a.sh /\nRUN chmod +x /a.sh",
        "USER app\nCOPY --chown=app a.sh /\nRUN chmod +x /a.sh",
        "USER app\nCOPY --chown=$WHO a.sh /\nRUN chmod +x /a.sh",
        "USER app\nCOPY --from=busybox /a.sh /\nRUN chmod +x /a.sh",
        "USER app\nCOPY --parents x/a.sh /\nRUN chmod +x /a.sh",
        "USER app\nADD a.sh /\nRUN chmod +x /a.sh",
        "USER app\nRUN touch /tmp/a.sh && chmod +x /tmp/a.sh",
        # Somebody else may have changed or replaced it.
        "COPY a.sh /\nRUN chown app /a.sh\nUSER app\nRUN chmod +x /a.sh",
        "COPY a.sh /\nRUN ./configure\nUSER app\nRUN chmod +x /a.sh",
        "USER app\nCOPY a.sh /\nRUN dos2unix /a.sh && chmod +x /a.sh",
        "USER app\nCOPY a.sh /\nRUN sed -i s/a/b/ /a.sh\nRUN chmod +x /a.sh",
        "USER app\nCOPY . /srv\nRUN rm -rf /srv/*\nRUN chown -R app /srv",
        "USER app\nCOPY a.sh /\nCOPY --chown=app b.sh /\nRUN chmod +x /b.sh",
        "USER app\nCOPY a.sh /\nCOPY --chown=app a.sh /\nRUN chmod +x /a.sh",
        # It may be another file than that of the context.
        "USER app\nCOPY . /srv\nRUN chmod +x /srv/bin/tool",
        "USER app\nCOPY src /srv\nRUN chmod 755 /srv",
        "USER app\nCOPY *.sh /srv/\nRUN chmod +x /srv/*.sh",
        "USER app\nCOPY a.sh $DIR/\nRUN chmod +x a.sh",
        "WORKDIR /srv\nUSER app\nCOPY a.sh .\nRUN cd /tmp && chmod +x a.sh",
        "USER app\nWORKDIR /srv\nCOPY a.sh /opt/\nRUN chmod -R 755 /srv",
        # It is to fail, or may not run.
        "USER app\nCOPY a.sh /\nRUN chmod +x /a.sh || true",
        "USER app\nCOPY a.sh /\nRUN true && chmod +x /a.sh && true || true",
        "USER app\nCOPY a.sh /\nRUN if test -O /a.sh; then chmod +x /a.sh; fi",
        "USER app\nCOPY a.sh /\nRUN ! chmod +x /a.sh",
        # Another user runs it, or other files are in its place.
        "USER app\nCOPY a.sh /\nRUN sudo chmod +x /a.sh",
        "USER app\nCOPY a.sh /\nRUN --mount=target=/ chmod +x /a.sh",
        "USER app\nCOPY a.sh /\nONBUILD RUN chmod +x /a.sh",
        "USER app\nCOPY a.sh /\nUSER root\nRUN chmod +x /a.sh",
        "USER app\nCOPY a.sh /\nRUN chown --from=app root /a.sh",
        "USER app\nRUN chmod +x /a.sh\nCOPY a.sh /",
    ],
)
def test_files_that_may_be_writable(judge: Judge, steps: str) -> None:
    assert judge(image(steps), [copied_file_owned_by_root]) == []


@pytest.mark.parametrize(
    ("steps", "fixed"),
    [
        ("RUN chmod +x /a.sh", "COPY --chown=app a.sh /"),
        ("RUN chown app /a.sh", "COPY --chown=app a.sh /"),
        ("RUN chown www-data /a.sh", "COPY a.sh /"),
        ("RUN chgrp www-data /a.sh", "COPY a.sh /"),
        ("RUN chmod -R 755 /", "COPY a.sh /"),
    ],
)
def test_a_fix_gives_the_file_to_the_user(judge: Judge, steps: str, fixed: str) -> None:
    text = image(f"USER app\nCOPY a.sh /\n{steps}")
    assert f"\n{fixed}\n" in after_fixes(judge, text, copied_file_owned_by_root)


def test_a_variable_in_the_user_has_no_fix(judge: Judge) -> None:
    text = image("ARG WHO=app\nUSER $WHO\nCOPY a.sh /\nRUN chmod +x /a.sh")
    [one] = judge(text, [copied_file_owned_by_root])
    assert one.finding.fix is None
    assert "`app` is not root" in one.finding.message
