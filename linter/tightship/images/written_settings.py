"""The settings of programs that name what these write, from their documentation.

A patch that makes the root file system read-only has to leave these paths writable. What
a program does with a path is not written in its configuration: `root /srv/www` of nginx
is read, and `access_log /srv/www.log` is written.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    What = Literal["run", "data"]


class WrittenSettings:
    """The settings of one program, in lower case and with ``-`` for ``_``.

    ``run`` name sockets, pid files, locks and scratch folders, which a restart makes
    again; ``data`` name logs, caches and stores. A second word may tell what the first one
    does: ``output-file``. ``code`` begin the names of settings
    that hold or load code, which may write anywhere. ``includes`` load more settings.
    ``fills`` make it keep in scratch files what its clients send or get, however much that
    is. ``grants`` need capabilities: by name, the word that says so and the capability.
    ``folders`` hold the program's configuration, in ``files`` if only these and what they
    include are read; and a relative path starts at
    ``prefix``. All other settings only read, if ``is_complete``; ``reads`` are those
    of which that is known if not.
    """

    __slots__ = (
        "code",
        "files",
        "fills",
        "folders",
        "grants",
        "includes",
        "is_complete",
        "prefix",
        "reads",
        "source",
        "writes",
    )

    def __init__(
        self,
        source: str,
        *,
        run: str = "",
        data: str = "",
        code: tuple[str, ...] = (),
        includes: str = "",
        fills: str = "",
        grants: Mapping[str, tuple[str, str]] | None = None,
        reads: str = "",
        folders: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        prefix: str = "",
        is_complete: bool = True,
    ) -> None:
        self.source = source
        self.writes: Mapping[str, What] = {
            **dict.fromkeys(run.split(), "run"),
            **dict.fromkeys(data.split(), "data"),
        }
        self.code = code
        self.includes = frozenset(includes.split())
        self.fills = frozenset(fills.split())
        self.grants: Mapping[str, tuple[str, str]] = grants or {}
        self.reads = frozenset(reads.split())
        self.folders = folders
        self.files = files
        self.prefix = prefix
        self.is_complete = is_complete


ANYWHERE: Mapping[str, What] = {
    **dict.fromkeys(("tmpdir", "tmp", "temp", "tempdir"), "run"),
    **dict.fromkeys(("home", "xdg-cache-home", "xdg-data-home", "xdg-state-home"), "data"),
    # The working directory is where a program writes files without a path.
    "working-dir": "data",
}
"""What any program takes from its environment."""

UNKNOWN = WrittenSettings(
    "no table of its settings",
    reads="ssl-ca ssl-cert ssl-key ca-file cert-file key-file cafile certfile keyfile"
    " cacert cacertfile tls-ca-cert-file tls-cert-file tls-key-file config config-file",
    is_complete=False,
)
"""The settings of any other program."""

_NGINX = WrittenSettings(
    "nginx.org/en/docs/dirindex.html",
    run="pid lock-file listen client-body-temp-path proxy-temp-path fastcgi-temp-path"
    " uwsgi-temp-path scgi-temp-path",
    data="access-log error-log proxy-cache-path fastcgi-cache-path uwsgi-cache-path"
    " scgi-cache-path proxy-store fastcgi-store uwsgi-store scgi-store state"
    " state-path working-directory google-perftools-profiles session-log",
    code=(
        "dav-methods",
        "js-",
        "perl",
        "content-by-lua",
        "access-by-lua",
        "init-by-lua",
        "rewrite-by-lua",
    ),
    includes="include",
    fills="proxy-pass fastcgi-pass uwsgi-pass scgi-pass client-max-body-size image-filter",
    grants=dict.fromkeys(
        ("proxy-bind", "fastcgi-bind", "uwsgi-bind", "scgi-bind", "grpc-bind"),
        ("transparent", "NET_RAW"),
    ),
    folders=("/etc/nginx",),
    prefix="/etc/nginx",
)
_HTTPD = WrittenSettings(
    "httpd.apache.org/docs/2.4/mod/directives.html",
    grants={"chrootdir": ("/", "SYS_CHROOT")},
    run="pidfile mutex defaultruntimedir scoreboardfile scriptsock sslsessioncache"
    " sslstaplingcache authdigestshmemfile",
    data="errorlog customlog transferlog globallog forensiclog scriptlog cacheroot"
    " davlockdb davgenericlockdb coredumpdirectory mdstoredir heartbeatstorage"
    " secauditlog secdebuglog dbdparams",
    code=("dav", "lua", "php-value", "php-admin-value"),
    includes="include includeoptional",
    folders=("/usr/local/apache2/conf",),
    prefix="/usr/local/apache2",
)
_CADDY = WrittenSettings(
    "caddyserver.com/docs/caddyfile",
    run="bind admin",
    data="output-file filename storage-file-system xdg-data-home xdg-config-home",
    code=("storage",),
    includes="import",
    folders=("/etc/caddy",),
    files=("/etc/caddy/Caddyfile",),
    prefix="/srv",
)
_HAPROXY = WrittenSettings(
    "docs.haproxy.org, configuration.html",
    run="bind stats-socket pidfile",
    data="backing-file",
    grants={"source": ("usesrc", "NET_RAW"), "bind": ("transparent", "NET_RAW")},
    code=("lua-",),
    folders=("/usr/local/etc/haproxy", "/etc/haproxy"),
)
_REDIS = WrittenSettings(
    "redis.io/docs/latest/operate/oss_and_stack/management/config",
    run="unixsocket pidfile",
    data="dir logfile",
    # A health check of root connects to the socket, which belongs to another user.
    grants={"unixsocket": ("/", "DAC_OVERRIDE")},
    code=("loadmodule",),
    includes="include",
)
_POSTGRES = WrittenSettings(
    "postgresql.org/docs/current/runtime-config.html",
    run="unix-socket-directories unix-socket-directory external-pid-file stats-temp-directory k",
    data="log-directory data-directory archive-command archive-cleanup-command"
    " restore-command pgdata postgres-initdb-waldir d",
    code=("shared-preload-libraries", "archive-library"),
    includes="include include-dir include-if-exists",
    folders=("/etc/postgresql",),
)
_MYSQL = WrittenSettings(
    "mariadb.com/docs and dev.mysql.com/doc, server system variables",
    run="tmpdir t socket pid-file innodb-tmpdir mysqlx-socket",
    data="datadir log-error slow-query-log-file general-log-file log-bin log-bin-index"
    " relay-log relay-log-index innodb-data-home-dir innodb-log-group-home-dir"
    " innodb-undo-directory innodb-directories innodb-doublewrite-dir aria-log-dir-path"
    " innodb-buffer-pool-filename log-isam tc-log server-audit-file-path",
    includes="!includedir !include",
    folders=("/etc/mysql", "/etc/my.cnf.d", "/etc/my.cnf"),
    prefix="/var/lib/mysql",
)
_MEMCACHED = WrittenSettings(
    "memcached(1)", run="s unix-socket p pidfile", data="e memory-file ext-path"
)
_MOSQUITTO = WrittenSettings(
    "mosquitto.org/man/mosquitto-conf-5.html",
    run="pid-file listener",
    data="persistence-location log-dest-file plugin-opt-config-file",
    code=("plugin", "auth-plugin", "global-plugin"),
    includes="include-dir",
    folders=("/mosquitto/config",),
    files=("/mosquitto/config/mosquitto.conf",),
)
_MONGO = WrittenSettings(
    "mongodb.com/docs/manual/reference/configuration-options",
    run="pidfilepath unixsocketprefix pathprefix",
    data="dbpath logpath path",
)
_VARNISH = WrittenSettings(
    "varnishd(1)",
    run="p",
    data="n s",
    code=("import",),
    includes="include",
    folders=("/etc/varnish",),
)
_TRAEFIK = WrittenSettings(
    "doc.traefik.io/traefik/reference/static-configuration",
    data="filepath storage",
    folders=("/etc/traefik",),
    files=("/etc/traefik/traefik.yml", "/etc/traefik/traefik.yaml", "/etc/traefik/traefik.toml"),
)
_PROMETHEUS = WrittenSettings(
    "prometheus(1), flags",
    data="storage.tsdb.path storage.agent.path query-log-file",
    folders=("/etc/prometheus",),
    files=("/etc/prometheus/prometheus.yml",),
)
_EXPORTER = WrittenSettings("node_exporter --help")
_RABBITMQ = WrittenSettings(
    "rabbitmq.com/docs/configure",
    data="file dir log.file log.dir log.file.name rabbitmq-logs rabbitmq-log-base"
    " rabbitmq-mnesia-base rabbitmq-mnesia-dir rabbitmq-pid-file",
    folders=("/etc/rabbitmq",),
)

_GRAFANA = WrittenSettings(
    "grafana.com/docs/grafana/latest/setup-grafana/configure-grafana",
    run="socket gf-server-socket",
    data="data logs plugins gf-paths-data gf-paths-logs gf-paths-plugins path gf-database-path",
    folders=("/etc/grafana/grafana.ini",),
)

PROGRAMS: Mapping[str, WrittenSettings] = {
    **dict.fromkeys(("nginx", "nginx-debug"), _NGINX),
    **dict.fromkeys(("httpd", "httpd-foreground"), _HTTPD),
    "caddy": _CADDY,
    "haproxy": _HAPROXY,
    **dict.fromkeys(("redis-server", "valkey-server"), _REDIS),
    "postgres": _POSTGRES,
    **dict.fromkeys(("mariadbd", "mysqld"), _MYSQL),
    "memcached": _MEMCACHED,
    "mosquitto": _MOSQUITTO,
    "mongod": _MONGO,
    "varnishd": _VARNISH,
    "traefik": _TRAEFIK,
    "prometheus": _PROMETHEUS,
    "node_exporter": _EXPORTER,
    "rabbitmq-server": _RABBITMQ,
    **dict.fromkeys(("grafana", "grafana-server"), _GRAFANA),
}
"""The settings of the programs that are known, by program."""
