"""Nextcloud, and Friendica, whose image is made the same way.

The entrypoint starts as root and copies the application into the volume with rsync on
the first start and on each upgrade, and gives it to `www-data`. For that, it needs the
capabilities to change owners and modes, and to write to folders of another user. With
`REDIS_HOST` it writes a file of PHP's configuration, so the start fails with
`read_only`. The facts do not cover other entrypoints, such as `/cron.sh`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
from tightship.images.facts import (
    Capability,
    OtherUser,
    ReadOnly,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.families.php import (
    ACCOUNTS,
    CAPABILITIES,
    NEW_PRIVILEGES,
    PORTS,
    PROGRAMS,
    STEPS_DOWN,
    WRITES,
)
from tightship.images.family import Family

NAMES = ("nextcloud", "friendica")

_NEXTCLOUD = "nextcloud/docker@4de1eed65a44"
_FRIENDICA = "friendica/docker@93be4ea89aed"
_DOCKERFILE = {
    "nextcloud": derived(f"{_NEXTCLOUD}, 34/apache/Dockerfile"),
    "friendica": derived(f"{_FRIENDICA}, 2024.08/apache/Dockerfile"),
}
_ENTRYPOINT = {
    "nextcloud": derived(f"{_NEXTCLOUD}, 34/apache/entrypoint.sh"),
    "friendica": derived(f"{_FRIENDICA}, 2024.08/apache/entrypoint.sh"),
}
_SUMMARY = {
    "nextcloud": "Nextcloud, a server for files and calendars",
    "friendica": "Friendica, a social network",
}
_PHP = documented("docker-library/docs@c4a9ba414434, php/content.md")


def family(name: str) -> Family:
    """Return the family of one of the names."""
    dockerfile, entrypoint = _DOCKERFILE[name], _ENTRYPOINT[name]
    redis = ReadOnly(
        False,
        entrypoint,
        variable("REDIS_HOST"),
        why="the entrypoint writes the address of Redis, for sessions, into PHP's configuration",
    )
    remote = ReadOnly(
        False,
        entrypoint,
        variable("APACHE_DISABLE_REWRITE_IP"),
        why="the entrypoint changes the configuration of Apache",
    )
    return Family(
        names=NAMES,
        summary=_SUMMARY[name],
        holds_for="apache and fpm, on Debian and Alpine",
        programs=PROGRAMS,
        user=(User("root", dockerfile),),
        accounts=ACCOUNTS,
        # It calls its own console by `su` or `gosu`, and starts the server as root.
        steps_down=STEPS_DOWN,
        ports=PORTS,
        volumes=(Volume("/var/www/html", dockerfile),),
        writes=WRITES,
        capabilities=(
            Capability(
                "CHOWN", "the entrypoint copies the application for `www-data`", entrypoint, AS_ROOT
            ),
            Capability(
                "DAC_OVERRIDE", "root writes into folders of `www-data`", entrypoint, AS_ROOT
            ),
            Capability(
                "FOWNER",
                "rsync sets the modes of files that belong to `www-data`",
                entrypoint,
                AS_ROOT,
            ),
            *CAPABILITIES,
        ),
        read_only=(redis, remote, ReadOnly(True, entrypoint)) if name == "nextcloud" else (redis,),
        new_privileges=NEW_PRIVILEGES,
        other_user=(OtherUser(True, _PHP, needs="`/var/www/html` has to belong to that user"),),
        heap=(),
        open_ports=(),
        grants=(),
    )
