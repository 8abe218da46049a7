"""A service `bad` in each way in which Compose rejects one, next to services that are fine."""

from __future__ import annotations

from hypothesis import strategies as st

from tightship.lazy import Record

FINE = """\
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
  db:
    image: postgres:18
"""


class Refused(Record):
    """The settings of the service, and the part of the reason that tells it.

    If not ``by_compose``, ``docker compose config`` takes it, and a build fails.
    """

    settings: str
    reason: str
    by_compose: bool = True

    @property
    def text(self) -> str:
        """Return the service as it is written below `services`."""
        return f"  bad:{self.settings}\n"


def _of(
    settings: str, reason: str, image: str = "image: x, ", *, by_compose: bool = True
) -> Refused:
    return Refused(f" {{{image}{settings}}}", reason, by_compose)


KINDS = {
    "unknown key": _of("imagee: y", "`imagee` is not a key"),
    "wrong type": _of("privileged: [y]", "`privileged` must be"),
    "wrong type by a variable": _of("privileged: '${X:-maybe}'", "`privileged` must be"),
    "invalid port": _of("ports: ['99999999:80']", "must be a port"),
    "invalid size": _of("mem_limit: lots", "`mem_limit` must be"),
    "invalid duration": _of("stop_grace_period: 1fortnight", "must be a duration"),
    "template": _of("command: '${X'", "Compose rejects that"),
    "duplicate key": _of("image: y", "`image` is already set"),
    "undefined network": _of("networks: [nope]", "network `nope`"),
    "undefined volume": _of("volumes: ['nope:/x']", "volume `nope`"),
    "undefined secret": _of("secrets: [nope]", "secret `nope`"),
    "undefined config": _of("configs: [nope]", "config `nope`"),
    "undefined dependency": _of("depends_on: [nope]", "`nope`"),
    "undefined namespace": _of("network_mode: 'service:nope'", "`nope`"),
    "undefined base": _of("extends: {service: nope}", "`nope`"),
    "missing base file": _of("extends: {file: nope.yml, service: x}", "`nope.yml` "),
    "base of itself": _of("extends: {service: bad}", "extends itself"),
    "cycle of dependencies": _of("depends_on: [bad]", "depend on one another"),
    "contradiction": _of("network_mode: host, networks: [default]", "only one"),
    "incomplete mount": _of("volumes: [{type: bind, target: /x}]", "needs a `source`"),
    "no image": _of("command: x", "neither `image` nor `build`", image=""),
    "nothing": Refused("", "`bad` must be a mapping"),
    "a text": Refused(" x", "`bad` must be a mapping"),
    "file of variables": _of("env_file: bad.env", "cannot hold a space"),
    "missing Dockerfile": _of("build: .", "`Dockerfile` does not exist", by_compose=False),
    "missing context": _of("build: ./nope", "`nope/Dockerfile` does not", by_compose=False),
}

FILES = {"bad.env": "A B=1\n"}
"""The files that some of them name."""

VOLUMES = "volumes: {data: {}}\n"

SETTINGS = (
    "privileged: true",
    "read_only: true",
    "user: '1000'",
    "cap_drop: [ALL]",
    "pid: host",
    "network_mode: none",
    "ports: ['8080:80']",
    "volumes: ['/var/run/docker.sock:/s']",
    "volumes: ['data:/data']",
    "mem_limit: 1g",
    "image: postgres:18",
    "image: '${IMAGE}'",
    "environment: {PASSWORD: hunter2hunter2}",
)


@st.composite
def projects(draw: st.DrawFn) -> str:
    """Return a project that Compose takes, with two to four services."""
    lines = ["services:"]
    for number in range(draw(st.integers(2, 4))):
        own = {one.partition(":")[0]: one for one in draw(st.sets(st.sampled_from(SETTINGS)))}
        own.setdefault("image", "image: nginx:1.29")
        lines.append(f"  s{number}: {{{', '.join(own.values())}}}")
    return "\n".join([*lines, ""])
