"""PHP with Apache or FPM, the base of most PHP applications.

Apache and FPM start as root, and their children run as `www-data`. FPM stops its
children with a signal: without `KILL`, idle children stay, and a stop lasts until
Docker kills the container. Apache stops without `KILL`, but leaves old children behind
on a reload. The facts are about the servers: only the project knows what the code of
the application writes.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, HOST_FOLDERS, option, tags, unless
from tightship.images.facts import (
    Account,
    Capability,
    Content,
    NewPrivileges,
    OtherUser,
    Port,
    StepDown,
    User,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_CLI = derived("docker-library/php@445bf414f1d5, 8.5/trixie/cli/Dockerfile")
_APACHE = derived("docker-library/php@445bf414f1d5, 8.5/trixie/apache/Dockerfile")
_FPM = derived("docker-library/php@445bf414f1d5, 8.5/trixie/fpm/Dockerfile")
_ALPINE = derived("docker-library/php@445bf414f1d5, 8.4/alpine3.24/cli/Dockerfile")
_PAGE = documented("docker-library/docs@c4a9ba414434, php/content.md")
_LAB = measured(
    "stand-in of php:8.4-apache with Debian 13's libapache2-mod-php 8.4, Docker Engine 26.1.5"
)
_LAB_FPM = measured("stand-in of php:8.4-fpm with Debian 13's php-fpm 8.4, Docker Engine 26.1.5")

PROGRAMS = ("apache2-foreground", "php-fpm")
ACCOUNTS = (
    Account("www-data", 33, 33, _CLI, tags("!alpine")),
    Account("www-data", 82, 82, _ALPINE, tags("alpine")),
)
PORTS = (Port(80, "HTTP", _APACHE, tags("!fpm")), Port(9000, "FastCGI", _FPM, tags("fpm")))
STEPS_DOWN = (
    StepDown("apache2", _APACHE, AS_ROOT, tags("!fpm")),
    StepDown("php-fpm", _FPM, AS_ROOT, tags("fpm")),
)
WRITES = (
    Write("/var/run/apache2", "the pid file", _LAB, tags("!fpm"), options=("mode=1777",)),
    Write("/tmp", "uploads and sessions", _PAGE, CONFIGURED),
)
"""What the servers write; the application's own paths are not among them."""

CONTENTS = (
    Content(
        "/etc/apache2/apache2.conf",
        "without its configuration Apache does not start",
        _APACHE,
        tags("!fpm"),
        unless(option("-f", "-d")),
    ),
    Content(
        "/usr/local/etc/php-fpm.conf",
        "without its configuration FPM does not start",
        _FPM,
        tags("fpm"),
        unless(option("-y", "--fpm-config")),
    ),
)
"""What the servers need; the application's own files are not among them."""

CAPABILITIES = (
    Capability("SETGID", "the children switch their group", _LAB, AS_ROOT),
    Capability("SETUID", "the children switch their user", _LAB, AS_ROOT),
    Capability(
        "KILL",
        "FPM signals its children, and Apache does on a reload",
        _LAB_FPM,
        AS_ROOT,
        at="operation",
    ),
)
"""What the servers need; the steps of an entrypoint are not among them."""

NEW_PRIVILEGES = (NewPrivileges(False, _LAB),)

FAMILY = Family(
    names=("php",),
    summary="PHP with Apache or FPM",
    holds_for="7.4 and later: apache and fpm, on Debian and Alpine",
    programs=PROGRAMS,
    needs_entrypoint=False,
    user=(User("root", _CLI),),
    accounts=ACCOUNTS,
    steps_down=(
        StepDown("apache2", _APACHE, AS_ROOT, tags("apache")),
        StepDown("php-fpm", _FPM, AS_ROOT, tags("fpm")),
    ),
    ports=(Port(80, "HTTP", _APACHE, tags("apache")), Port(9000, "FastCGI", _FPM, tags("fpm"))),
    volumes=(),
    contents=tuple(
        Content(one.path, one.why, one.source, *one.when, tags(kind))
        for one, kind in zip(CONTENTS, ("apache", "fpm"), strict=True)
    ),
    capabilities=(
        # Without one of these words in the tag it is the PHP of the command line.
        *(
            Capability(one.name, one.why, one.source, *one.when, tags(kind), at=one.at)
            for one in CAPABILITIES
            for kind in ("apache", "fpm")
        ),
        Capability(
            "DAC_OVERRIDE",
            "logs on the host may belong to another user",
            _APACHE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    new_privileges=NEW_PRIVILEGES,
    other_user=(OtherUser(True, _PAGE),),
    heap=(),
    open_ports=(),
    grants=(),
)
