"""WordPress and Joomla, on Apache or FPM.

The entrypoint starts as root and unpacks the application into the volume, and gives it
to `www-data`. It needs `CHOWN` for that, `FOWNER` because tar sets the modes
afterwards, and `DAC_OVERRIDE` because root writes the configuration into a folder of
another user. `user: www-data` needs none of them. A new image does not update a volume
that has files already: the application updates itself there.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import Capability, OtherUser, ReadOnly, User, Volume, derived, measured
from tightship.images.families.php import (
    ACCOUNTS,
    CAPABILITIES,
    CONTENTS,
    NEW_PRIVILEGES,
    PORTS,
    PROGRAMS,
    STEPS_DOWN,
    WRITES,
)
from tightship.images.family import Family

NAMES = ("wordpress", "joomla")

_WORDPRESS = "docker-library/wordpress@bf223d1c2087"
_JOOMLA = "joomla-docker/docker-joomla@562e0feb6f11"
_DOCKERFILE = {
    "wordpress": derived(f"{_WORDPRESS}, latest/php8.3/apache/Dockerfile"),
    "joomla": derived(f"{_JOOMLA}, 6.1/php8.4/apache/Dockerfile"),
}
_ENTRYPOINT = {
    "wordpress": derived(f"{_WORDPRESS}, docker-entrypoint.sh"),
    "joomla": derived(f"{_JOOMLA}, 6.1/php8.4/apache/docker-entrypoint.sh"),
}
_STARTED = {
    **_ENTRYPOINT,
    "wordpress": measured(
        "stand-in of wordpress:6 with Debian 13's libapache2-mod-php 8.4, Docker Engine 26.1.5"
    ),
}
_SUMMARY = {
    "wordpress": "WordPress, a content management system",
    "joomla": "Joomla, a content management system",
}
_CLI = derived(f"{_WORDPRESS}, cli/php8.3/alpine/Dockerfile")


def family(name: str) -> Family:
    """Return the family of one of the names."""
    dockerfile, entrypoint = _DOCKERFILE[name], _ENTRYPOINT[name]
    started = _STARTED[name]
    return Family(
        names=NAMES,
        summary=_SUMMARY[name],
        holds_for="apache and fpm, on Debian and Alpine",
        programs=PROGRAMS,
        user=(User("www-data", _CLI, tags("cli")), User("root", dockerfile, tags("!cli"))),
        accounts=ACCOUNTS,
        steps_down=STEPS_DOWN,
        ports=PORTS,
        volumes=(Volume("/var/www/html", dockerfile),),
        writes=WRITES,
        contents=CONTENTS,
        capabilities=(
            Capability(
                "CHOWN", "the entrypoint unpacks the application for `www-data`", started, AS_ROOT
            ),
            Capability(
                "DAC_OVERRIDE",
                "root writes the configuration into a folder of `www-data`",
                started,
                AS_ROOT,
            ),
            Capability(
                "FOWNER", "tar sets the modes of files that belong to `www-data`", started, AS_ROOT
            ),
            *CAPABILITIES,
        ),
        read_only=(ReadOnly(True, entrypoint, tags("!cli")),) if name == "wordpress" else None,
        new_privileges=NEW_PRIVILEGES,
        other_user=(
            OtherUser(True, entrypoint, needs="`/var/www/html` has to belong to that user"),
        ),
        heap=(),
        open_ports=(),
        grants=(),
    )
