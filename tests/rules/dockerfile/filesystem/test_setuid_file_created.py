"""The rule `setuid-file-created`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.filesystem.setuid_file_created import setuid_file_created

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("body", "marks"),
    [
        ("RUN chmod u+s /opt/x", ["u+s"]),
        ("RUN chmod -R ug+s /opt/x", ["ug+s"]),
        ("RUN chmod 04755 /opt/x && chmod 755 /opt/y", ["04755"]),
        ("RUN chmod g+s /usr/bin/x /usr/local/sbin/y", ["g+s"]),
        ("RUN install -o root -m 2755 a /opt/b", ["2755"]),
        ("COPY --chmod=6755 a /opt/b", ["6755"]),
        ("RUN setcap -q 'cap_net_raw=+ep' /x cap_chown=eip /y", None),
        ("RUN setcap cap_net_bind_service=+ep /usr/bin/node", None),
    ],
)
def test_rights_beyond_those_of_the_user(body: str, marks: list[str] | None, found: Found) -> None:
    wanted = marks or [word for word in body.split() if "cap_" in word]
    assert found(image(body), setuid_file_created) == [("info", m) for m in wanted]


@pytest.mark.parametrize(
    "body",
    [
        "RUN chmod 2775 /srv/x && chmod g+s /srv && chmod -R 2755 /usr/bin",
        "RUN mkdir -m 6775 /srv/x && install -d -m 4755 /srv/y",
        "RUN chmod u-s,g-s /usr/bin/su && chmod a-s /bin/ping && chmod u=rwx /x",
        "RUN setcap -r /usr/bin/ping && setcap -v cap_net_raw+ep /x && setcap = /y",
        "COPY --chmod=2755 a /srv/",
        "RUN chmod +t /srv && chmod o+s /x && chmod 1755 /y",
        "RUN chmod 4755 /tmp/x && /tmp/x && rm /tmp/x",
    ],
)
def test_no_rights_beyond_those_of_the_user(body: str, found: Found) -> None:
    assert found(image(body), setuid_file_created) == []
