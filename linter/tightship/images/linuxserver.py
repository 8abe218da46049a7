"""What the images of LinuxServer differ in, by the name of the image.

The source of each is the image's own page, except for the table before the last, as it says.
"""

from __future__ import annotations

SERVERS = {
    "adguardhome-sync": "8080 HTTP",
    "airsonic-advanced": "4040 HTTP",
    "apprise-api": "8000 HTTP",
    "babybuddy": "8000 HTTP",
    "bazarr": "6767 HTTP",
    "beets": "8337 HTTP",
    "booksonic-air": "4040 HTTP",
    "bookstack": "80 HTTP",
    "budge": "80 HTTP, 443 HTTPS",
    "calibre-web": "8083 HTTP",
    "changedetection.io": "5000 HTTP",
    "cloud9": "8000 HTTP",
    "code-server": "8443 HTTP",
    "cops": "80 HTTP, 443 HTTPS",
    "davos": "8080 HTTP",
    "ddclient": "",
    "deluge": "8112 HTTP, 6881 BitTorrent, 6881/udp BitTorrent, 58846 Deluge RPC",
    "diskover": "80 HTTP",
    "dokuwiki": "80 HTTP, 443 HTTPS",
    "doplarr": "",
    "doplarr_rs": "",
    "duckdns": "",
    "duplicati": "8200 HTTP",
    "emby": "8096 HTTP, 8920 HTTPS",
    "embystat": "6555 HTTP",
    "emulatorjs": "3000 HTTP, 80 HTTP, 4001 IPFS",
    "fail2ban": "",
    "faster-whisper": "10300 Wyoming",
    "flexget": "5050 HTTP",
    "foldingathome": "7396 HTTPS",
    "freshrss": "80 HTTP",
    "grav": "80 HTTP",
    "grocy": "80 HTTP",
    "habridge": "8080 HTTP, 50000 the notifications of UPnP",
    "healthchecks": "8000 HTTP, 2525 SMTP",
    "hedgedoc": "3000 HTTP",
    "heimdall": "80 HTTP, 443 HTTPS",
    "hishtory-server": "8080 HTTP",
    "homeassistant": "8123 HTTP",
    "htpcmanager": "8085 HTTP",
    "jackett": "9117 HTTP",
    "jellyfin": "8096 HTTP, 8920 HTTPS, 7359/udp discovery, 1900/udp SSDP",
    "kasm": "3000 HTTPS, 443 HTTPS",
    "kavita": "5000 HTTP",
    "kimai": "80 HTTP, 443 HTTPS",
    "kometa": "",
    "lazylibrarian": "5299 HTTP",
    "ldap-auth": "8888 HTTP, 9000 HTTP",
    "librespeed": "80 HTTP",
    "lidarr": "8686 HTTP",
    "limnoria": "8080 HTTP",
    "luanti": "30000/udp the game",
    "lychee": "80 HTTP",
    "manyfold": "3214 HTTP",
    "mariadb": "3306 MySQL",
    "mastodon": "80 HTTP, 443 HTTPS, 9394 the metrics of Prometheus",
    "medusa": "8081 HTTP",
    "minisatip": "8875 HTTP, 554 RTSP, 1900/udp SSDP",
    "monica": "80 HTTP, 443 HTTPS",
    "mstream": "3000 HTTP",
    "mylar3": "8090 HTTP",
    "netbootxyz": "3000 HTTP, 80 HTTP, 69/udp TFTP",
    "netbox": "8000 HTTP",
    "nextcloud": "443 HTTPS",
    "nginx": "80 HTTP, 443 HTTPS",
    "ngircd": "6667 IRC",
    "nzbget": "6789 HTTP",
    "nzbhydra2": "5076 HTTP",
    "ombi": "3579 HTTP",
    "openssh-server": "2222 SSH",
    "openvscode-server": "3000 HTTP",
    "oscam": "8888 HTTP",
    "overseerr": "5055 HTTP",
    "pairdrop": "3000 HTTP",
    "phpmyadmin": "80 HTTP",
    "piper": "10200 Wyoming",
    "piwigo": "80 HTTP",
    "planka": "1337 HTTP",
    "plex": "32400 HTTP",
    "projectsend": "80 HTTP",
    "prowlarr": "9696 HTTP",
    "pwndrop": "8080 HTTP",
    "pydio-cells": "8080 HTTP",
    "pyload-ng": "8000 HTTP, 9666 Click'n'Load",
    "qbittorrent": "8080 HTTP, 6881 BitTorrent, 6881/udp BitTorrent",
    "radarr": "7878 HTTP",
    "raneto": "3000 HTTP",
    "rdesktop": "3389 RDP",
    "readarr": "8787 HTTP",
    "resilio-sync": "8888 HTTP, 55555 synchronization",
    "rsnapshot": "",
    "sabnzbd": "8080 HTTP",
    "sealskin": "8443 HTTPS, 8000 HTTP",
    "sickchill": "8081 HTTP",
    "sickgear": "8081 HTTP",
    "smokeping": "80 HTTP",
    "snapdrop": "80 HTTP, 443 HTTPS",
    "snipe-it": "80 HTTP",
    "sonarr": "8989 HTTP",
    "speedtest-tracker": "80 HTTP",
    "swag": "443 HTTPS, 80 HTTP, 443/udp HTTP/3",
    "synclounge": "8088 HTTP",
    "syncthing": (
        "8384 HTTP, 22000 synchronization, 22000/udp synchronization, 21027/udp discovery"
    ),
    "syslog-ng": "5514/udp syslog, 6601 syslog, 6514 syslog over TLS",
    "tautulli": "8181 HTTP",
    "thelounge": "9000 HTTP",
    "transmission": "9091 HTTP, 51413 BitTorrent, 51413/udp BitTorrent",
    "tvheadend": "9981 HTTP, 9982 HTSP",
    "ubooquity": "2202 HTTP, 2203 HTTP",
    "unifi-controller": "8443 HTTPS, 8080 HTTP, 3478/udp STUN, 10001/udp discovery",
    "unifi-network-application": (
        "8443 HTTPS, 8080 HTTP, 3478/udp STUN, 10001/udp discovery, 1900/udp "
        "SSDP, 8843 HTTPS, 8880 HTTP, 6789 the speed test, 5514/udp syslog"
    ),
    "vscodium-web": "8000 HTTP",
    "webgrabplus": "",
    "wikijs": "3000 HTTP",
    "wireguard": "51820/udp WireGuard",
    "xbackbone": "80 HTTP, 443 HTTPS",
    "your_spotify": "80 HTTP, 443 HTTPS",
    "znc": "6501 IRC",
}
"""The ports of programs without a desktop, and what these speak."""

_USUAL = (
    "altus", "ardour", "audacity", "azahar", "bambustudio", "blade-of-agony",
    "blender", "brave", "calligra", "chrome", "chromium", "cura", "darktable",
    "digikam", "dogwalk", "dolphin", "dosbox-staging", "doublecommander",
    "duckstation", "eden", "ferdium", "filezilla", "firefox", "flycast", "freecad",
    "gimp", "github-desktop", "gitqlient", "gzdoom", "handbrake", "helium",
    "inkscape", "intellij-idea", "joplin", "kali-linux", "kdenlive", "keepassxc",
    "kicad", "krita", "libreoffice", "librewolf", "lm-studio", "lollypop", "mame",
    "mediaelch", "melonds", "modrinth", "msedge", "mullvad-browser",
    "mysql-workbench", "obsidian", "onlyoffice", "openshot", "opera", "orcaslicer",
    "pcsx2", "pidgin", "ppsspp", "pycharm", "qdirstat", "rawtherapee", "remmina",
    "retroarch", "rpcs3", "rustdesk", "scummvm", "series-troxide", "shadps4",
    "shotcut", "signal", "spotube", "sqlitebrowser", "steam", "steamos", "telegram",
    "thunderbird", "ungoogled-chromium", "vivaldi", "vlc", "vscode", "vscodium",
    "webcord", "webstation", "webtop", "weixin", "winegui", "wireshark", "wps-office",
    "xemu", "yaak", "zen", "zotero",
)  # fmt: skip
DESKTOPS = {
    **dict.fromkeys(_USUAL, "3000 HTTP, 3001 HTTPS"),
    "bitcoin-knots": "3000 HTTP, 3001 HTTPS, 8333 Bitcoin",
    "boinc": "8080 HTTP, 8181 HTTPS",
    "calibre": "8080 HTTP, 8181 HTTPS",
    "pelorus": "3001 HTTPS",
}
"""The ports of programs with a desktop that a browser shows."""

READ_ONLY = frozenset((
    "adguardhome-sync", "airsonic-advanced", "apprise-api", "bazarr", "beets",
    "booksonic-air", "bookstack", "changedetection.io", "davos", "ddclient",
    "doplarr", "doplarr_rs", "duckdns", "faster-whisper", "flexget", "habridge",
    "hishtory-server", "ldap-auth", "lidarr", "nginx", "nzbget", "overseerr",
    "pairdrop", "phpmyadmin", "piper", "planka", "prowlarr", "qbittorrent", "radarr",
    "readarr", "sabnzbd", "sonarr", "syslog-ng", "tautulli", "thelounge",
    "transmission", "wikijs",
))  # fmt: skip
"""Those that run in read-only mode without a caveat but `/tmp`."""

TEMPORARY = frozenset(("bookstack", "ddclient", "nginx", "phpmyadmin"))
"""Those whose `/tmp` has to be a `tmpfs` then."""

NOT_READ_ONLY = {"mariadb": "its first start writes to the root file system"}
"""Those that do not run in read-only mode, and why."""

KEPT = {
    "apprise-api": ("/attachments",),
    "davos": ("/download",),
    "flexget": ("/data",),
    "nzbget": ("/downloads",),
    "qbittorrent": ("/downloads",),
    "sabnzbd": ("/downloads", "/incomplete-downloads"),
    "syslog-ng": ("/var/log",),
    "transmission": ("/downloads", "/watch"),
    "wikijs": ("/data",),
}
"""What those that run in read-only mode write in addition to `/config`, to keep."""

NON_ROOT = frozenset((
    "adguardhome-sync", "airsonic-advanced", "apprise-api", "bazarr", "beets",
    "changedetection.io", "code-server", "davos", "ddclient", "deluge", "doplarr",
    "doplarr_rs", "hishtory-server", "jackett", "ldap-auth", "lidarr", "mariadb",
    "nzbget", "overseerr", "pairdrop", "phpmyadmin", "planka", "plex", "prowlarr",
    "qbittorrent", "radarr", "readarr", "sabnzbd", "sonarr", "synclounge",
    "syslog-ng", "tautulli", "transmission", "wikijs",
))  # fmt: skip
"""Those that run with `user:`."""

DEPRECATED = frozenset((
    "booksonic-air", "cloud9", "doplarr", "emulatorjs", "monica", "netbootxyz",
    "openvscode-server", "overseerr", "rdesktop", "readarr", "sickchill", "snapdrop",
    "snipe-it", "steamos",
))  # fmt: skip
"""Those that get no more versions."""

WITHOUT_CONFIG = frozenset((
    "cloud9", "hishtory-server", "kasm", "ldap-auth", "pairdrop", "synclounge",
    "your_spotify",
))  # fmt: skip
"""Those without the volume `/config`."""

OTHER_START = frozenset((
    "cloud9", "diskover", "emulatorjs", "fail2ban", "foldingathome", "homeassistant",
    "kasm", "minisatip", "netbootxyz", "openssh-server", "oscam", "rdesktop",
    "rsnapshot", "sealskin", "smokeping", "synclounge", "tvheadend",
    "unifi-controller", "wireguard",
))  # fmt: skip
"""Those that work as root, with devices or with programs of their own, so that the common
capabilities may not be all.
"""

SUDO = {
    "code-server": ("SUDO_PASSWORD", "SUDO_PASSWORD_HASH"),
    "openvscode-server": ("SUDO_PASSWORD", "SUDO_PASSWORD_HASH"),
    "vscodium-web": ("SUDO_PASSWORD", "SUDO_PASSWORD_HASH"),
}
"""The variables that make sudo work."""

OPEN = {
    "apprise-api": (8000, "messages to every service that is set up", ()),
    "bazarr": (6767, "the settings, until a login is set there", ()),
    "changedetection.io": (5000, "the settings, until a password is set there", ()),
    "code-server": (8443, "an editor with a shell", ("PASSWORD", "HASHED_PASSWORD")),
    "heimdall": (80, "the settings, until a password is set there", ()),
    "jackett": (9117, "the settings, until a password is set there", ()),
    "openvscode-server": (
        3000,
        "an editor with a shell",
        ("CONNECTION_TOKEN", "CONNECTION_SECRET"),
    ),
    "sabnzbd": (8080, "the settings, until a login is set there", ()),
    "syncthing": (8384, "every folder, until a login is set there", ()),
    "transmission": (9091, "every download, and where it goes", ("PASS",)),
    "vscodium-web": (8000, "an editor with a shell", ("CONNECTION_TOKEN", "CONNECTION_SECRET")),
}
"""The ports that ask for no login, what they open, and the variables that close them: by
the program's own documentation where a login is set in the program.
"""

_SOCKET = "a socket proxy with the few requests that it needs"
_SECCOMP = "only older kernels need it: on today's, Docker's profile works"

GRANTS = {
    "airsonic-advanced": (("devices", "/dev/snd", "sound on the host", ""),),
    "cloud9": (("volumes", "/var/run/docker.sock", "Docker in the editor", _SOCKET),),
    "duckdns": (("network_mode", "host", "finding the host's IPv6 address", ""),),
    "emby": (("devices", "/dev/dri", "transcoding on the GPU", ""),),
    "fail2ban": (
        ("network_mode", "host", "banning in the host's firewall", ""),
        ("cap_add", "NET_ADMIN", "banning in the host's firewall", ""),
        ("cap_add", "NET_RAW", "banning in the host's firewall", ""),
    ),
    "homeassistant": (("network_mode", "host", "finding devices in the network", ""),),
    "kasm": (("privileged", "true", "running its own Docker engine", ""),),
    "minisatip": (("devices", "/dev/dvb", "the receivers", ""),),
    "oscam": (("devices", "/dev/ttyUSB0", "the card reader", ""),),
    "plex": (
        (
            "network_mode",
            "host",
            "finding players in the network",
            "publish port 32400, if you name players manually",
        ),
    ),
    "rdesktop": (
        ("volumes", "/var/run/docker.sock", "Docker in the desktop", _SOCKET),
        ("security_opt", "seccomp=unconfined", "programs of the desktop", _SECCOMP),
    ),
    "sealskin": (("volumes", "/var/run/docker.sock", "starting its programs", ""),),
    "swag": (
        (
            "cap_add",
            "NET_ADMIN",
            "banning by fail2ban in the container's firewall",
            "remove it if you do not ban clients",
        ),
    ),
    "tvheadend": (("devices", "/dev/dvb", "the receivers", ""),),
    "wireguard": (
        ("cap_add", "NET_ADMIN", "setting up its interfaces and routes", ""),
        (
            "cap_add",
            "SYS_MODULE",
            "loading the kernel's module",
            "leave it out if the host loads the module, as kernels since 5.6 do",
        ),
    ),
    # Programs with a desktop.
    "calibre": (("security_opt", "seccomp=unconfined", "its desktop", _SECCOMP),),
    "github-desktop": (("cap_add", "IPC_LOCK", "locking the memory of the keyring", ""),),
    "mullvad-browser": (("cap_add", "NET_ADMIN", "the VPN", ""),),
    "mysql-workbench": (("cap_add", "IPC_LOCK", "locking the memory of the keyring", ""),),
    "scummvm": (("security_opt", "seccomp=unconfined", "its desktop", _SECCOMP),),
    "steam": (
        ("security_opt", "seccomp=unconfined", "the sandbox of its games", ""),
        ("security_opt", "apparmor=unconfined", "the sandbox of its games", ""),
    ),
    "steamos": (
        ("security_opt", "seccomp=unconfined", "the sandbox of its games", ""),
        ("security_opt", "apparmor=unconfined", "the sandbox of its games", ""),
    ),
    "vscode": (("cap_add", "IPC_LOCK", "locking the memory of the keyring", ""),),
    "vscodium": (("cap_add", "IPC_LOCK", "locking the memory of the keyring", ""),),
    "wireshark": (
        ("network_mode", "host", "capturing the traffic of the host", ""),
        ("cap_add", "NET_ADMIN", "capturing packets", ""),
    ),
}
"""The privileges that the page asks for: key, value, why, and what reduces the risk."""
