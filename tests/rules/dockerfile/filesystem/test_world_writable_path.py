"""The rule `world-writable-path`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.filesystem.world_writable_path import world_writable_path

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = rules_of("dockerfile", "filesystem")


@pytest.mark.parametrize(
    "body",
    [
        "RUN chmod «777» /app",
        "RUN chmod -R «a+w» /app",
        "RUN chmod «0777» -R /app",
        "RUN chmod -Rv «go+rwX» -- /app",
        "RUN /bin/chmod --recursive «666» /app",
        "RUN sudo -n env X=1 chmod «o=rwx» /app",
        'RUN ["chmod", "«777»", "/app"]',
        "RUN bash -c 'chmod «777» /app'",
        "RUN <<EOF\nset -e\nchmod «777» /app\nEOF",
        "ONBUILD RUN chmod «777» /app",
        "RUN find /app -type f -exec chmod «666» {} \\; -o -type d -exec chmod 755 {} +",
        "RUN ls /app | xargs -n 1 chmod «777»",
        "RUN mkdir -pm «777» /app && mkdir --mode=«0777» /b",
        "RUN install -dm«777» /app && install -m «666» a b /c",
        'RUN chmod «777» "$APP_HOME" && rm -rf /app',
        "RUN chmod «777» /a /b && rm /a",
        "RUN if true; then chmod «777» /app; fi",
        "RUN umask «0»; touch /app/x",
        "RUN umask «u=rwx,g=rwx,o=rwx» && touch /app/x",
        "COPY --chmod=«777» a /app/",
        "ADD --chmod=«a+w» https://example.com/x /app/",
        "ARG MODE=0666\nCOPY --link --chmod=«$MODE» a /app/",
    ],
)
def test_modes_that_let_every_user_write(body: str, found: Found) -> None:
    plain = body.replace("«", "").replace("»", "")
    marked = [part.partition("»")[0] for part in body.split("«")[1:]]
    assert found(image(plain), world_writable_path) == [("warning", m) for m in marked]


@pytest.mark.parametrize(
    "body",
    [
        "RUN chmod 1777 /tmp && chmod a+rwx,o+t /var/tmp",
        "RUN chmod 755 /777 && chmod +x 777 && chmod a+rX /app",
        "RUN chmod -x 777",
        "RUN chmod --reference=/a 777",
        "RUN chmod $MODE /app && chmod 7$X /app && chmod",
        "RUN echo chmod 777 /app && : 'chmod 777 /app'",
        "RUN chmod 777 /tmp/a.sh && /tmp/a.sh && rm -f /tmp/a.sh",
        "RUN install -o 777 -g 777 a /b && mkdir 777 && install -m a b",
        "RUN umask 022 && touch /x && umask && umask 0007",
        "RUN umask 000",
        "CMD chmod 777 /app",
        "COPY --chmod=755 a /app/",
        "COPY --chown=777:777 a /app/",
        "ARG MODE\nCOPY --chmod=$MODE a /app/",
        'SHELL ["pwsh", "-c"]\nRUN chmod 777 /app',
        "# RUN chmod 777 /app",
    ],
)
def test_modes_that_may_not_let_every_user_write(body: str, found: Found) -> None:
    assert found(image(body), world_writable_path) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("RUN chmod 777 /a", "`chmod 777` lets every user write to `/a`"),
        (
            "RUN chmod -R 777 /a/ /b //c",
            "`chmod 777` lets every user write to everything below `/a` and 2 more",
        ),
        (
            "ARG M=666\nCOPY --chmod=$M a /b",
            "`COPY --chmod=666` lets every user write to `/b` (default of `ARG M`)",
        ),
        ("RUN chmod 777 $X", "`chmod 777` lets every user write to its arguments"),
        (
            "RUN find /a -exec chmod 777 {} +",
            "`chmod 777` lets every user write to the files that replace `{}`",
        ),
    ],
)
def test_messages_name_the_writable_path(body: str, message: str, judge: Judge) -> None:
    [one] = judge(image(body), [world_writable_path])
    assert one.finding.message == message
