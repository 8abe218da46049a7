"""The value of a path of the host to an attacker in a container.

The classes follow the use of the files by the kernel and the usual daemons, not the
names of distributions. A path is classified as it would be mounted: a directory means
all files below it, so the directory of a control socket gives the socket away, too.
"""

from __future__ import annotations

import posixpath
from enum import Enum
from functools import cache

from tightship.isolation.control_sockets import CONTROL_SOCKETS, SOCKET_NAMES, USER_SOCKETS
from tightship.values.hole import has_hole, mask
from tightship.values.mount import is_pipe


class HostPath(Enum):
    """The classes of host paths, the strongest first."""

    ROOT = "the root of the host's file system"
    CONTROL_SOCKET = "a socket that commands the host"
    DEVICES = "the host's devices"
    DEVICE = "a device of the host"
    KERNEL_INTERFACE = "an interface of the kernel"
    KERNEL_CODE = "the kernel's modules, sources or boot files"
    AUDIT = "the audit log"
    LOGS = "the host's logs"
    CLOCK = "the host's clock"
    POWER = "files that the host runs, or trusts"
    CREDENTIALS = "credentials"
    SYSTEM = "a system directory, without power over the host"
    TIME_AND_CERTIFICATES = "time zone or certificates"
    WORLD_TEMP = "a directory that all of the host shares"
    OTHER = "a path without a special meaning"


# The class of a directory or file itself, that of what lies below it, and the paths.
# Without a class below, the directory is not special. ``~`` is any home.
_TABLE: tuple[tuple[HostPath, HostPath | None, str], ...] = (
    (HostPath.ROOT, None, "/ /host_mnt c:/"),
    (HostPath.DEVICES, HostPath.DEVICE, "/dev"),
    (
        HostPath.OTHER,
        HostPath.OTHER,
        "/dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/fd"
        " /dev/stdin /dev/stdout /dev/stderr /dev/mqueue /dev/hugepages",
    ),
    # Directories that hold links, which lead nowhere in a container.
    (
        HostPath.OTHER,
        None,
        "/dev/block /dev/char /dev/disk /dev/disk/by-diskseq /dev/disk/by-id"
        " /dev/disk/by-label /dev/disk/by-partlabel /dev/disk/by-partuuid"
        " /dev/disk/by-path /dev/disk/by-uuid",
    ),
    (HostPath.KERNEL_INTERFACE, HostPath.KERNEL_INTERFACE, "/proc /sys /cgroup"),
    (
        HostPath.KERNEL_CODE,
        HostPath.KERNEL_CODE,
        "/lib/modules /usr/lib/modules /usr/src /boot /efi",
    ),
    (HostPath.AUDIT, HostPath.AUDIT, "/var/log/audit"),
    (HostPath.LOGS, None, "/var/log /dev/log /dev/kmsg"),
    (
        HostPath.LOGS,
        HostPath.LOGS,
        "/var/log/journal /var/log/syslog /var/log/messages /var/log/auth.log"
        " /var/log/secure /var/log/kern.log /var/log/btmp /var/log/wtmp"
        " /var/log/lastlog /run/log /run/systemd/journal",
    ),
    (HostPath.CLOCK, HostPath.CLOCK, "/run/chrony /dev/rtc /dev/ptp"),
    # Directories that hold what the host runs, next to much that it does not.
    (HostPath.POWER, HostPath.SYSTEM, "/etc /usr"),
    (
        HostPath.POWER,
        None,
        "~ /home /Users /var/home ~/.config ~/.local ~/.local/share /usr/local /usr/share"
        " /usr/local/share /opt /nix /var /var/lib /var/spool /var/snap /run/udev",
    ),
    (
        HostPath.POWER,
        HostPath.POWER,
        # Programs and libraries.
        "/bin /sbin /lib /lib32 /lib64 /libx32 /usr/bin /usr/sbin /usr/lib /usr/lib32"
        " /usr/lib64 /usr/libx32 /usr/libexec /usr/local/bin /usr/local/sbin"
        " /usr/local/lib /usr/local/lib64 /usr/local/libexec /nix/store /gnu/store"
        " c:/windows"
        # What root's daemons, logins and boot run, or take their orders from.
        " /etc/crontab /etc/anacrontab /etc/cron.d /etc/cron.hourly /etc/cron.daily"
        " /etc/cron.weekly /etc/cron.monthly /etc/systemd /etc/init.d /etc/rc.local"
        " /etc/rc.d /etc/inittab /etc/default /etc/profile /etc/profile.d"
        " /etc/bash.bashrc /etc/bashrc /etc/environment /etc/security /etc/pam.d"
        " /etc/pam.conf /etc/passwd /etc/shadow /etc/gshadow /etc/group /etc/subuid"
        " /etc/subgid /etc/sudoers /etc/sudoers.d /etc/doas.conf /etc/polkit-1"
        " /etc/dbus-1 /etc/ssh /etc/ld.so.preload /etc/ld.so.conf /etc/ld.so.conf.d"
        " /etc/ld.so.cache /etc/nsswitch.conf /etc/alternatives /etc/udev"
        " /etc/modprobe.d /etc/modules /etc/modules-load.d /etc/sysctl.conf"
        " /etc/sysctl.d /etc/fstab /etc/logrotate.d /etc/logrotate.conf /etc/network"
        " /etc/NetworkManager /etc/update-motd.d /etc/kernel /etc/initramfs-tools"
        " /etc/grub.d /etc/xdg/autostart /etc/tmpfiles.d /etc/binfmt.d /etc/depmod.d"
        " /etc/environment.d /etc/bash_completion.d /usr/share/bash-completion"
        " /etc/networkd-dispatcher /etc/dhcp /etc/ppp /etc/acpi /etc/pm /etc/ufw"
        " /etc/audit /etc/audisp /etc/rsyslog.conf /etc/rsyslog.d /etc/cloud /etc/sssd"
        " /etc/crypttab /etc/dracut.conf /etc/dracut.conf.d /etc/mkinitcpio.conf"
        " /etc/selinux /etc/apparmor /etc/apparmor.d /etc/xinetd.d /etc/inetd.conf"
        " /etc/init /etc/runit /etc/sv /etc/incron.d /etc/nixos /usr/share/polkit-1"
        " /usr/share/dbus-1 /usr/local/share/polkit-1 /usr/local/share/dbus-1"
        # The same until the next boot; these win over those below /usr/lib.
        " /run/systemd/system /run/systemd/system.control /run/systemd/system.attached"
        " /run/systemd/transient /run/systemd/generator /run/systemd/generator.early"
        " /run/systemd/generator.late /run/systemd/system-generators /run/systemd/user"
        " /run/udev/rules.d /run/modprobe.d /run/modules-load.d /run/sysctl.d"
        " /run/tmpfiles.d /run/binfmt.d /run/sysusers.d"
        # The states of running containers, with hooks that runc runs when they end.
        " /run/runc /run/containerd/runc /run/docker/runtime-runc"
        " /run/containerd/io.containerd.runtime.v2.task"
        # Package managers, which run hooks as root.
        " /etc/apt /etc/dpkg /etc/yum /etc/yum.conf /etc/yum.repos.d /etc/dnf /etc/rpm"
        " /etc/zypp /etc/pacman.conf /etc/pacman.d /etc/apk"
        # Container engines and orchestrators, with the layers that they run.
        " /etc/docker /etc/containerd /etc/containers /etc/kubernetes /etc/rancher"
        " /etc/cni /opt/cni /etc/cdi /run/cdi /etc/nri /opt/nri /opt/containerd /etc/crio"
        " /etc/buildkit /etc/libvirt /etc/lxc /etc/nvidia-container-runtime"
        " /var/lib/docker /var/lib/containerd /var/lib/containers /var/lib/kubelet"
        " /var/lib/rancher /var/lib/k0s /var/lib/lxc /var/snap/docker"
        " ~/.local/share/docker ~/.local/share/containers ~/.config/docker"
        # Packages, services and jobs.
        " /var/lib/dpkg /var/lib/rpm /var/lib/systemd /var/lib/snapd /var/lib/cloud"
        " /var/spool/cron /var/spool/at"
        # What a login runs, or trusts.
        " ~/.ssh ~/.bashrc ~/.bash_profile ~/.bash_login ~/.bash_logout"
        " ~/.bash_aliases ~/.profile ~/.zshrc ~/.zshenv ~/.zprofile ~/.zlogin"
        " ~/.config/fish ~/.config/systemd ~/.config/autostart ~/.local/bin ~/bin"
        " ~/.local/share/systemd ~/.config/environment.d ~/.pam_environment ~/.xprofile"
        " ~/.xsession ~/.xinitrc ~/.kshrc ~/.cshrc ~/.tcshrc ~/.login ~/.rhosts ~/.k5login"
        " ~/.forward ~/.cargo/bin ~/go/bin",
    ),
    # One volume's data; and the public part of ``~/.ssh``.
    (
        HostPath.POWER,
        HostPath.OTHER,
        "/var/lib/docker/volumes /var/lib/containers/storage/volumes"
        " ~/.local/share/docker/volumes ~/.local/share/containers/storage/volumes",
    ),
    (HostPath.OTHER, HostPath.OTHER, "~/.ssh/known_hosts"),
    (
        HostPath.CREDENTIALS,
        HostPath.CREDENTIALS,
        "~/.aws ~/.azure ~/.kube ~/.docker ~/.gnupg ~/.netrc ~/.git-credentials"
        " ~/.npmrc ~/.pypirc ~/.config/gcloud ~/.config/gh ~/.config/containers"
        " ~/.config/rclone ~/.config/op ~/.password-store ~/.mozilla ~/.pgpass"
        " ~/.my.cnf ~/.vault-token ~/.terraform.d ~/.config/hcloud ~/.config/doctl"
        " ~/.config/helm ~/.minikube /etc/ssl/private /etc/pki/tls/private"
        " /etc/krb5.keytab /run/credentials /run/host-services/ssh-auth.sock",
    ),
    (
        HostPath.TIME_AND_CERTIFICATES,
        HostPath.TIME_AND_CERTIFICATES,
        "/etc/localtime /etc/timezone /etc/ssl/certs /etc/ca-certificates"
        " /etc/ca-certificates.conf /etc/pki/tls/certs /etc/pki/ca-trust"
        " /usr/share/zoneinfo /usr/share/ca-certificates"
        " /usr/local/share/ca-certificates",
    ),
    (HostPath.TIME_AND_CERTIFICATES, None, "/etc/ssl /etc/pki /etc/pki/tls"),
    (HostPath.WORLD_TEMP, None, "/tmp /var/tmp"),
    (HostPath.WORLD_TEMP, HostPath.OTHER, "/dev/shm"),
    (HostPath.WORLD_TEMP, HostPath.WORLD_TEMP, "/tmp/.X11-unix"),
)

# Powerful paths that hold secrets, so that reading is enough: the first by themselves,
# the others with all files below.
_SECRET = "/etc ~ /home /Users /var/home /var /var/lib ~/.config ~/.local"
_SECRETS = (
    "/etc/shadow /etc/gshadow /etc/ssh /etc/docker /etc/kubernetes /etc/rancher"
    " /etc/NetworkManager ~/.ssh /var/lib/docker /var/lib/containerd"
    " /var/lib/containers /var/lib/kubelet /var/lib/rancher /var/lib/systemd"
    " /var/lib/cloud /var/snap/docker c:/windows"
)
_PUBLIC = ("~/.ssh/authorized_keys", "~/.ssh/config", "/etc/ssh/ssh_config")

# Variables with the same meaning wherever Compose runs.
_VARIABLES = {
    "${HOME}": "~",
    "${USERPROFILE}": "~",
    "${PWD}": ".",
    "${XDG_RUNTIME_DIR}": "/run/user/1000",
    "${SSH_AUTH_SOCK}": "/run/host-services/ssh-auth.sock",
}

# A relative path with this many ``..`` is meant to reach the root, wherever the project
# is. The second is for the root itself, since a big repository may well be mounted whole
# from deep within it.
_TO_THE_ROOT = 5
_TO_NOTHING_BELOW = 6


def normalise(source: str) -> str:
    """Return a host path in one spelling.

    ``..`` and ``//`` are resolved as the daemon does it, by the text alone.
    ``/var/run`` is ``/run`` (a link on every current distribution), ``${HOME}`` is
    ``~`` and ``${XDG_RUNTIME_DIR}`` a user's directory below ``/run/user``. A path
    of Windows gets slashes. A relative path stays relative to the project's
    directory, unless it climbs so high that it is surely meant to start at ``/``.
    """
    if is_pipe(source):
        return source
    path = _without_variables(source)
    if path[1:2] == ":" and path[:1].isalpha():
        tail = path[2:].replace("\\", "/")
        return path[0].lower() + ":" + posixpath.normpath("/" + tail.lstrip("/"))
    if path.startswith("\\\\"):
        return path
    if path.startswith("~"):
        # Compose puts the home directory where the tilde is, even in ``~bob``.
        return _in_home(posixpath.normpath(path[1:].lstrip("/") or "."))
    path = posixpath.normpath(path) if path else "."
    if path.startswith("//"):
        path = path[1:]
    climbs, tail = _climbs(path)
    if climbs >= (_TO_THE_ROOT if tail else _TO_NOTHING_BELOW):
        path = "/" + tail
    if path[1:2] == ":" or path.startswith(("~", "\\\\", *_VARIABLES)):
        # The name of something in the project's directory, after a ``./``.
        return "./" + path
    return _run(path)


def classify(source: str) -> HostPath:
    """Return the class of a host path, as Compose names it (not normalised).

    A variable without a value counts as some name, so the rest of the path decides, and
    its last part may name a control socket.
    """
    path = normalise(source)
    if ".." in source and has_hole(_without_variables(source)):
        # The variable may hold more than one directory.
        return HostPath.OTHER
    if path != "/" and socket_behind(path) is not None:
        return HostPath.CONTROL_SOCKET
    found = _lookup(_masked(path))
    if found is HostPath.SYSTEM and has_hole(path):
        return HostPath.OTHER
    return found


def socket_at(target: str) -> str | None:
    """Return the daemon whose socket a path in a container is named after, if any."""
    path = normalise(target)
    return CONTROL_SOCKETS.get(path) or SOCKET_NAMES.get(posixpath.basename(path))


def socket_behind(path: str) -> str | None:
    """Return the daemon that takes commands through a normalised path, if any.

    The path may be a control socket, or the directory of one.
    """
    if is_pipe(path):
        name = path.replace("\\", "/").rpartition("/")[2].lower()
        known = {"docker": "the Docker daemon", "containerd": "containerd"}
        return next((known[k] for k in known if name.startswith(k)), None)
    climbs, tail = _climbs(path)
    if climbs:
        return CONTROL_SOCKETS.get(_run("/" + tail))
    path = _masked(path)
    if path in CONTROL_SOCKETS:
        return CONTROL_SOCKETS[path]
    if path[:1] not in ("/", "~", "\0") and path[1:2] != ":":
        return None
    name = path.rpartition("/")[2]
    if path == "/run/user" or path.startswith("/run/user/"):
        return _user_socket(path)
    if name in SOCKET_NAMES:
        return SOCKET_NAMES[name]
    below = path.rstrip("/") + "/"
    if below.startswith(("/run/", "/var/lib/lxd/", "/var/lib/incus/", "/var/snap/lxd/")):
        return next((what for s, what in CONTROL_SOCKETS.items() if s.startswith(below)), None)
    return None


def holds_secrets(source: str) -> bool:
    """Return whether reading a path gives away secrets of the host."""
    path = _home_as_tilde(_masked(normalise(source)))
    if _lookup(path) is HostPath.CREDENTIALS or path in _SECRET.split():
        return True
    if _lookup(path) is not HostPath.POWER or path in _PUBLIC:
        return False
    return not set(_SECRETS.split()).isdisjoint([path, *_parents(path)])


def _user_socket(path: str) -> str | None:
    # /run/user/NAME, and what lies below it.
    below = "/".join(path.split("/")[4:])
    if not below:
        return USER_SOCKETS["docker.sock"]
    return next(
        (
            what
            for socket, what in USER_SOCKETS.items()
            if socket == below or socket.startswith(below + "/")
        ),
        None,
    )


def _without_variables(source: str) -> str:
    for variable, meaning in _VARIABLES.items():
        if source == variable or source.startswith(variable + "/"):
            return meaning + source[len(variable) :]
    return source


def _in_home(tail: str) -> str:
    climbs, tail = _climbs(tail)
    if climbs:
        return _run(posixpath.normpath(("/home/" if climbs == 1 else "/") + tail))
    return "~" if tail == "." else "~/" + tail


def _climbs(path: str) -> tuple[int, str]:
    """Return how often a clean relative path starts with ``..``, and the rest."""
    parts = path.split("/")
    climbs = next((i for i, part in enumerate(parts) if part != ".."), len(parts))
    return climbs, "/".join(parts[climbs:])


def _run(path: str) -> str:
    if path == "/var/run" or path.startswith("/var/run/"):
        return path[4:]
    return path


def _masked(path: str) -> str:
    return mask(path) if "${" in path else path


def _lookup(path: str) -> HostPath:
    path = _home_as_tilde(path)
    if path[:1] not in ("/", "~") and path[1:2] != ":":
        return HostPath.OTHER
    here, below = _tables()
    if path in here:
        return here[path]
    if path.startswith("/dev/"):
        # Clocks are numbered: /dev/rtc0.
        numbered = here.get(path.rstrip("0123456789"))
        if numbered is HostPath.CLOCK:
            return numbered
    if path.startswith("~/.ssh/") and path.endswith(".pub"):
        return HostPath.OTHER
    return next((below[p] for p in _parents(path) if p in below), HostPath.OTHER)


def _home_as_tilde(path: str) -> str:
    """Return a path with ``~`` for the home directory of any user."""
    if path == "/root" or path.startswith("/root/"):
        return "~" + path[5:]
    if path[1:2] == ":":
        path = path.lower()
    for homes in ("/home/", "/Users/", "/var/home/", "c:/users/"):
        if path.startswith(homes):
            _, slash, tail = path[len(homes) :].partition("/")
            return "~" + slash + tail
    return path


def _parents(path: str) -> list[str]:
    """Return the directories above a path, the nearest first, without the root.

    Those far below are left out: no path so deep has its own class.
    """
    parts = path.split("/", 8)[:8]
    return ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]


@cache
def _tables() -> tuple[dict[str, HostPath], dict[str, HostPath]]:
    """Return the classes of paths themselves, and of the files below them.

    They are made on first use: most files name no path of the host.
    """
    here, below = dict[str, HostPath](), dict[str, HostPath]()
    for kind, deeper, paths in _TABLE:
        for path in paths.split():
            here[path] = kind
            if deeper is not None:
                below[path] = deeper
    return here, below
