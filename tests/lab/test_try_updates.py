"""A service with the patch of a trial shows the next version of its image."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import yaml
from tests.lab.trying import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.engine import Engine

DOCKERFILE = r"""
FROM lab/busybox:1
RUN mkdir -p /app/lib /app/uploads /data /etc/shop /var/cache/shop && touch /app/uploads/.gitkeep
RUN for place in /app /app/lib /etc/shop /var/cache/shop /state; do \
    mkdir -p $place && echo 'version {0}' >$place/version; done
WORKDIR /app
"""
WRITES = {
    "beside-code": "echo 1 >/app/settings.json",
    "below-code": "mkdir -p /app/cache && echo 1 >/app/cache/x",
    "silently": "mkdir /app/lib/compiled 2>&- && echo 1 >/app/lib/compiled/x 2>&-",
    "to-uploads": "echo 1 >/app/uploads/x",
    "to-settings": "echo 1 >>/etc/shop/shop.conf",
    "to-state": "echo 1 >/state/x",
    "to-data": "echo 1 >/data/x",
    "to-cache": "echo 1 >/var/cache/shop/x",
}
SEES = "cat /app/version /app/lib/version /etc/shop/version /var/cache/shop/version /state/version"
READS = 5


def images(engine: Engine, version: int) -> None:
    for name, write in WRITES.items():
        script = f"{write}; {SEES}; exec httpd -f -p 80"
        command = f'CMD ["sh", "-c", "{script}"]\n'
        text = DOCKERFILE.format(version) + command
        image = f"registry.example/updates/{name}:1"
        engine.docker("build", "-q", "-t", image, "-", stdin=text.encode())


def test_each_service_shows_the_second_version_of_its_image(
    running: Engine, tmp_path: Path
) -> None:
    services = {
        name: {"image": f"registry.example/updates/{name}:1", "init": True} for name in WRITES
    }
    images(running, 1)
    with Stage(
        running, tmp_path, yaml.safe_dump({"name": "updates", "services": services})
    ) as stage:
        done = stage.run("--yes", "--write")
        written = yaml.safe_load((stage.project / "compose.yaml").read_text())["services"]
        assert sum("cap_drop" in one for one in written.values()) == len(WRITES), done.stdout
        read_only = {name for name, one in written.items() if one.get("read_only")}
        assert read_only == {"below-code", "silently", "to-uploads", "to-data"}, done.stdout
        assert "it writes `/app/settings.json` next to files of the image" in done.stdout

        def seen() -> dict[str, str]:
            up = running.run("docker-compose", "up", "-d", folder=stage.project)
            assert up.returncode == 0, up.stderr
            time.sleep(3)
            name = "updates-{}-1".format
            return {one: running.docker("logs", name(one)) for one in WRITES}

        try:
            assert {one.count("version 1") for one in seen().values()} == {READS}
            images(running, 2)
            assert {one.count("version 2") for one in seen().values()} == {READS}
        finally:
            running.run("docker-compose", "down", "-v", "-t", "0", folder=stage.project)
