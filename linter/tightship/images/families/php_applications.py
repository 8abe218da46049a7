"""PHP applications on Apache or FPM whose images differ in little.

Apache and FPM start as root, and their children run as `www-data`. If an entrypoint
unpacks the files of the application or changes their owner, root also needs the
capabilities to change owners and modes, and to write to folders of another user. Most
of these images keep their code in the container, and the application writes next to it:
`read_only` needs volumes that only the project can choose.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
from tightship.images.facts import (
    Capability,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    Source,
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

_UNPACKS = "the entrypoint unpacks the application for `www-data`"
_OWNS = "the entrypoint gives the files of the application to `www-data`"
_PHPMYADMIN = documented("docker-library/docs@c4a9ba414434, phpmyadmin/content.md")


class _Application:
    """What differs: the summary, the place of the facts, and what the entrypoint does."""

    __slots__ = ("entrypoint", "repository", "summary", "volume", "why", "written")

    def __init__(
        self,
        summary: str,
        repository: str,
        entrypoint: str = "",
        *,
        why: str = "",
        volume: str = "",
        written: str = "",
    ) -> None:
        self.summary = summary
        self.repository = repository
        self.entrypoint = entrypoint
        self.why = why
        self.volume = volume
        self.written = written

    @property
    def dockerfile(self) -> Source:
        return derived(self.repository)

    @property
    def script(self) -> Source:
        return derived(self.repository.replace("Dockerfile", self.entrypoint))


_APPLICATIONS = {
    "backdrop": _Application(
        "Backdrop, a content management system",
        "backdrop-ops/backdrop-docker@69d47cd9e593, 1/apache/Dockerfile",
        "Dockerfile",
        why=_UNPACKS,
    ),
    "drupal": _Application(
        "Drupal, a content management system",
        "docker-library/drupal@305e3e2acd51, 11.4/php8.5/apache-trixie/Dockerfile",
    ),
    "espocrm": _Application(
        "EspoCRM, a customer relationship manager",
        "espocrm/espocrm-docker@c74814619e24, latest/apache/Dockerfile",
        "docker-entrypoint.sh",
        why=_OWNS,
    ),
    "matomo": _Application(
        "Matomo, web analytics",
        "matomo-org/docker@adb618afe152, apache/Dockerfile",
        "Dockerfile",
        why=_UNPACKS,
        volume="/var/www/html",
    ),
    "mediawiki": _Application(
        "MediaWiki", "wikimedia/mediawiki-docker@618c79d4d0af, 1.46/apache/Dockerfile"
    ),
    "monica": _Application(
        "Monica, a personal address book",
        "monicahq/docker@7ffc74385e24, 4/apache/Dockerfile",
        "entrypoint.sh",
        why=_OWNS,
    ),
    "phpmyadmin": _Application(
        "phpMyAdmin, a web interface for MySQL and MariaDB",
        "phpmyadmin/docker@452a995fe6c9, apache/Dockerfile",
        "docker-entrypoint.sh",
        why="the entrypoint gives its secret to `www-data`",
        written="the entrypoint writes its secret into `/etc/phpmyadmin`",
    ),
    "postfixadmin": _Application(
        "PostfixAdmin",
        "postfixadmin/docker@3c1bab849130, apache/Dockerfile",
        "docker-entrypoint.sh",
        why="the entrypoint gives the database file to `www-data`",
        written="the entrypoint writes the configuration next to the code",
    ),
    "yourls": _Application(
        "YOURLS, a URL shortener",
        "YOURLS/containers@da811947acac, apache/Dockerfile",
        "container-entrypoint.sh",
        why=_UNPACKS,
    ),
}
NAMES = tuple(_APPLICATIONS)


def family(name: str) -> Family:
    """Return the family of one of the names."""
    application = _APPLICATIONS[name]
    dockerfile, script = application.dockerfile, application.script
    owner: tuple[Capability, ...] = ()
    if application.why:
        owner = (
            Capability("CHOWN", application.why, script, AS_ROOT, at="operation"),
            Capability(
                "DAC_OVERRIDE",
                "root writes into folders of `www-data`",
                script,
                AS_ROOT,
                at="operation",
            ),
            Capability(
                "FOWNER",
                "root sets the modes of files that belong to `www-data`",
                script,
                AS_ROOT,
                at="operation",
            ),
        )
    read_only: tuple[ReadOnly, ...] | None = None
    if application.written:
        read_only = (ReadOnly(False, script, why=application.written),)
    elif application.volume:
        read_only = (ReadOnly(True, script),)
    return Family(
        names=NAMES,
        summary=application.summary,
        holds_for="apache and fpm",
        programs=PROGRAMS,
        user=(User("root", dockerfile),),
        accounts=ACCOUNTS,
        steps_down=STEPS_DOWN,
        ports=(
            (Port(8080, "HTTP", dockerfile), Port(8443, "HTTPS", dockerfile))
            if name == "yourls"
            else PORTS
        ),
        volumes=(Volume(application.volume, dockerfile),) if application.volume else (),
        writes=WRITES if application.volume else None,
        capabilities=(*owner, *CAPABILITIES),
        read_only=read_only,
        new_privileges=NEW_PRIVILEGES,
        other_user=(OtherUser(True, script, needs="`/var/www/html` has to belong to that user"),)
        if application.volume
        else None,
        heap=(),
        open_ports=(
            OpenPort(
                80,
                "the databases of `PMA_USER`, without a login",
                _PHPMYADMIN,
                variable("PMA_USER"),
            ),
        )
        if name == "phpmyadmin"
        else (),
        grants=(),
    )
