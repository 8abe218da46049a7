"""Paths of the host: one spelling, one class, what listens and what is secret."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.isolation.host_path import (
    HostPath,
    classify,
    control_sockets,
    holds_secrets,
    normalise,
    socket_behind,
)

names = st.text("abcXYZ09._-", min_size=1, max_size=8).filter(lambda n: set(n) != {"."})
tails = st.lists(names, min_size=1, max_size=4).map("/".join)
pieces = st.lists(
    st.sampled_from(
        [
            *("..", ".", "", "~", "/", "/var/run", "etc", "run", "home", "root", "c:"),
            *("${HOME}", "${PWD}", "${X}", "${XDG_RUNTIME_DIR}", "docker.sock", "\\"),
            *("\\\\.\\pipe\\docker_engine", "//./pipe/x", "é", " "),
        ]
    ),
    max_size=12,
)
sources = pieces.map("/".join) | pieces.map("".join)

# Directories of which all that lies below has the same power.
TREES = {
    "/etc/cron.d": HostPath.POWER,
    "/etc/sudoers.d": HostPath.POWER,
    "/usr/bin": HostPath.POWER,
    "/usr/local/lib": HostPath.POWER,
    "/root/.ssh": HostPath.POWER,
    "/home/u/.config/systemd": HostPath.POWER,
    "/var/lib/docker/overlay2": HostPath.POWER,
    "/proc/sys": HostPath.KERNEL_INTERFACE,
    "/sys": HostPath.KERNEL_INTERFACE,
    "/lib/modules": HostPath.KERNEL_CODE,
    "/boot": HostPath.KERNEL_CODE,
    "/var/log/audit": HostPath.AUDIT,
    "/var/log/journal": HostPath.LOGS,
    "~/.aws": HostPath.CREDENTIALS,
    "/etc/ssl/certs": HostPath.TIME_AND_CERTIFICATES,
}


@given(sources)
def test_normalising_is_idempotent(source: str) -> None:
    assert normalise(normalise(source)) == normalise(source)


@given(sources)
def test_a_path_and_its_one_spelling_are_of_one_class(source: str) -> None:
    if ".." not in source:
        assert classify(normalise(source)) is classify(source)


@given(st.sampled_from(sorted(TREES)), tails)
def test_paths_below_a_sensitive_directory_have_its_class(tree: str, tail: str) -> None:
    if tail.endswith((".pub", "known_hosts")) or "docker.sock" in tail:
        return
    assert classify(tree) is TREES[tree]
    assert classify(f"{tree}/{tail}") is TREES[tree]


def test_a_deep_path_has_the_class_of_its_tree() -> None:
    assert classify("/etc/cron.d" + "/a" * 500) is HostPath.POWER


@pytest.mark.parametrize("socket", sorted(control_sockets()))
def test_a_directory_that_is_there_for_a_control_socket_gives_it_away(socket: str) -> None:
    assert classify(socket) is HostPath.CONTROL_SOCKET
    parent = socket.rpartition("/")[0]
    while parent and parent not in ("/nix", "/var", "/var/lib", "/var/snap"):
        if not parent.startswith("/var/lib/kubelet"):
            assert classify(parent) is HostPath.CONTROL_SOCKET, parent
        parent = parent.rpartition("/")[0]


@pytest.mark.parametrize(
    ("source", "listener"),
    [
        ("/var/run/docker.sock", "the Docker daemon"),
        ("/var/run", "the Docker daemon"),
        ("//run//", "the Docker daemon"),
        ("/srv/../run/./docker.sock", "the Docker daemon"),
        ("../../../var/run/docker.sock", "the Docker daemon"),
        ("/var/run/docker.sock.raw", "the Docker daemon"),
        ("/opt/engine/docker.sock", "the Docker daemon"),
        ("${SOCKETS}/docker.sock", "the Docker daemon"),
        ("~/.docker/run/docker.sock", "the Docker daemon"),
        ("${XDG_RUNTIME_DIR}/docker.sock", "a user's Docker daemon"),
        ("${XDG_RUNTIME_DIR}", "a user's Docker daemon"),
        ("/run/user", "a user's Docker daemon"),
        ("/run/user/${UID}/podman", "a user's Podman"),
        ("/run/user/1000/bus", "a user's D-Bus"),
        ("/run/containerd", "containerd"),
        ("/run/dbus/system_bus_socket", "the system's D-Bus"),
        ("//./pipe/docker_engine", "the Docker daemon"),
        (r"\\.\pipe\docker_engine", "the Docker daemon"),
        (r"\\.\PIPE\containerd-containerd", "containerd"),
    ],
)
def test_a_control_socket_is_known_by_every_path(source: str, listener: str) -> None:
    assert classify(source) is HostPath.CONTROL_SOCKET
    assert socket_behind(normalise(source)) == listener


@pytest.mark.parametrize(
    "source",
    [
        *("./docker.sock", "../docker.sock", "docker.sock/..", "/run/user/1000/pulse"),
        *("/run/udev", "/run/systemd/resolve", "/run/users", "/runner", "/run/lock"),
        *("//./pipe/postgres", "${SOCKET}", "/var/run-docker.sock", "/run/docker.sock2"),
    ],
)
def test_paths_similar_to_a_control_socket_are_none(source: str) -> None:
    assert classify(source) is not HostPath.CONTROL_SOCKET
    assert socket_behind(normalise(source)) is None


@pytest.mark.parametrize(
    "source",
    [
        *("/", "//", "/.", "/home/..", "~/../..", "../../../../../..", "C:\\", "c:/"),
        *("/host_mnt", "/../.."),
    ],
)
def test_the_root_is_known_in_every_spelling(source: str) -> None:
    assert classify(source) is HostPath.ROOT


@pytest.mark.parametrize(
    "source",
    [
        *("/home/u/project", "~/project", "/var/lib/mysql", "/var/lib/postgresql/data"),
        *("/srv", "/mnt/data", "/media", "/data", "/opt/app", "/var/www", ".", "./etc"),
        *("../../etc", "../../../../..", "etc", "/var/log/nginx", "/var/log/app.log"),
        *("/tmp/app", "/dev/null", "/dev/urandom", "/dev/shm/app", "/dev/disk/by-id"),
        *("/var/lib/docker/volumes/db/_data", "/var/lib/lxcfs/proc/meminfo", "D:\\"),
        *("~/.ssh/known_hosts", "~/.ssh/id_rsa.pub", "/etcetera", "/procedure", ""),
        *("${DATA}", "/${X}", "/etc/${X}", "/usr/share/${X}", "/${X}/../etc"),
    ],
)
def test_paths_without_power_are_of_no_class(source: str) -> None:
    assert classify(source) is HostPath.OTHER


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("/etc", HostPath.POWER),
        ("/etc/", HostPath.POWER),
        ("../../../../../../etc", HostPath.POWER),
        ("/etc/crontab", HostPath.POWER),
        ("/etc/pihole/", HostPath.SYSTEM),
        ("/etc/dnsmasq.d/", HostPath.SYSTEM),
        ("/etc/rclone", HostPath.SYSTEM),
        ("/etc/cronicle", HostPath.SYSTEM),
        ("/usr/share/nginx/html", HostPath.SYSTEM),
        ("/usr/lib64", HostPath.POWER),
        ("/var", HostPath.POWER),
        ("/home/u", HostPath.POWER),
        ("~", HostPath.POWER),
        ("~/..", HostPath.POWER),
        ("${HOME}", HostPath.POWER),
        ("/root/.bashrc", HostPath.POWER),
        ("/home/${USER}/.ssh/authorized_keys", HostPath.POWER),
        ("/Users/me/.ssh", HostPath.POWER),
        (r"C:\Users\Me\.ssh\id_rsa", HostPath.POWER),
        ("/etc/cron.d/${JOB}", HostPath.POWER),
        ("/var/lib/docker/volumes", HostPath.POWER),
        ("/var/lib/docker/containers", HostPath.POWER),
        ("~/.docker/config.json", HostPath.CREDENTIALS),
        ("${SSH_AUTH_SOCK}", HostPath.CREDENTIALS),
        ("/etc/ssl/private/key.pem", HostPath.CREDENTIALS),
        ("/etc/localtime", HostPath.TIME_AND_CERTIFICATES),
        ("/etc/timezone", HostPath.TIME_AND_CERTIFICATES),
        ("/etc/ssl", HostPath.TIME_AND_CERTIFICATES),
        ("/usr/share/zoneinfo/Europe/Berlin", HostPath.TIME_AND_CERTIFICATES),
        ("/dev", HostPath.DEVICES),
        ("/dev/sda1", HostPath.DEVICE),
        ("/dev/disk/by-id/ata-x", HostPath.DEVICE),
        ("/dev/rtc0", HostPath.CLOCK),
        ("/dev/ptp1", HostPath.CLOCK),
        ("/dev/rtcx", HostPath.DEVICE),
        ("/var/run/chrony/chronyd.sock", HostPath.CLOCK),
        ("/dev/kmsg", HostPath.LOGS),
        ("/dev/log", HostPath.LOGS),
        ("/var/log", HostPath.LOGS),
        ("/var/log/audit/audit.log", HostPath.AUDIT),
        ("/tmp", HostPath.WORLD_TEMP),
        ("/tmp/.X11-unix/X0", HostPath.WORLD_TEMP),
        ("/dev/shm", HostPath.WORLD_TEMP),
        ("/usr/src/linux", HostPath.KERNEL_CODE),
    ],
)
def test_a_path_has_the_class_of_its_power(source: str, kind: HostPath) -> None:
    assert classify(source) is kind


@pytest.mark.parametrize(
    "source",
    [
        *("/etc", "/etc/shadow", "/etc/ssh/ssh_host_rsa_key", "/root", "/home", "/var"),
        *("/home/u", "~/.ssh", "~/.ssh/id_ed25519", "/var/lib/docker/containers", "~"),
        *("/var/lib/docker/volumes", "~/.aws/credentials", "/etc/ssl/private"),
    ],
)
def test_paths_of_secrets_are_known(source: str) -> None:
    assert holds_secrets(source)


@pytest.mark.parametrize(
    "source",
    [
        *("/etc/passwd", "/etc/group", "/usr/bin", "/usr", "/opt", "/etc/cron.d", "./etc"),
        *("~/.ssh/authorized_keys", "~/.ssh/config", "~/.ssh/known_hosts", "~/.bashrc"),
        *("/var/lib/docker/volumes/db", "/etc/pihole", "/var/lib/mysql", "${X}"),
    ],
)
def test_world_readable_files_hold_no_secrets(source: str) -> None:
    assert not holds_secrets(source)


@pytest.mark.parametrize(
    ("source", "spelling"),
    [
        ("/var/run/../lib", "/var/lib"),
        ("/a/../etc/./", "/etc"),
        ("/proc/1/root", "/"),
        ("/proc/self/cwd/var/run/x", "/run/x"),
        ("/proc/1/task/1/root/proc/1/root/dev/char/1:1", "/dev/mem"),
        ("/proc/1/root" * 5000 + "/etc", "/etc"),
        ("/proc/1/rooted", "/proc/1/rooted"),
        ("//etc//x/", "/etc/x"),
        ("./data/../x", "x"),
        ("~bob/.ssh", "~/bob/.ssh"),
        ("~/../bob/.ssh", "/home/bob/.ssh"),
        ("~/../../var/run/x", "/run/x"),
        ("${PWD}/x", "x"),
        ("${HOME}/x", "~/x"),
        ("${HOMES}/x", "${HOMES}/x"),
        (r"C:\Users\..\Windows", "c:/Windows"),
        ("../../../../x", "../../../../x"),
        ("../../../../../x", "/x"),
    ],
)
def test_a_path_has_one_spelling(source: str, spelling: str) -> None:
    assert normalise(source) == spelling


@pytest.mark.parametrize(
    "source",
    [
        # Root's hooks, units, rules and programs, by the engine, systemd, udev and others.
        *("/etc/cdi", "/var/run/cdi", "/run/cdi/nvidia.yaml", "/opt/nri", "/etc/nri"),
        *("/opt/nri/plugins", "/opt/containerd/bin", "/etc/crio", "/etc/libvirt/hooks"),
        *("/etc/nvidia-container-runtime", "/etc/lxc", "/var/lib/lxc/x", "/etc/buildkit"),
        *("/run/systemd/system", "/run/systemd/transient", "/run/systemd/generator"),
        *("/run/systemd/system-generators", "/run/udev", "/run/udev/rules.d"),
        *("/run/modprobe.d", "/run/tmpfiles.d", "/run/sysctl.d", "/etc/tmpfiles.d"),
        *("/etc/binfmt.d", "/etc/networkd-dispatcher", "/etc/dhcp", "/etc/ppp/ip-up.d"),
        *("/etc/acpi/events", "/etc/ufw", "/etc/audit", "/etc/rsyslog.d", "/etc/cloud"),
        *("/etc/crypttab", "/etc/dracut.conf.d", "/etc/selinux", "/etc/apparmor.d"),
        *("/etc/dpkg/dpkg.cfg.d", "/etc/yum", "/etc/pacman.d/hooks", "/etc/apk"),
        *("/etc/xinetd.d", "/etc/runit", "/etc/nixos", "/usr/share/dbus-1", "/nix"),
        *("/run/containerd/runc/moby", "/var/run/docker/runtime-runc", "/run/runc"),
        *("/usr/share", "/usr/share/polkit-1/rules.d", "/etc/bash_completion.d"),
        # What a login of a user runs, and the layers of a rootless engine.
        *("~/.config/environment.d", "~/.xprofile", "/home/u/.pam_environment"),
        *("~/.local/share/docker", "~/.local/share/systemd/user", "~/.cargo/bin"),
    ],
)
def test_files_run_by_root_or_a_login_are_sensitive(source: str) -> None:
    assert classify(source) is HostPath.POWER


@pytest.mark.parametrize(
    ("source", "listener"),
    [
        ("/run/nri", "containerd's plugins"),
        ("/var/run/nri/nri.sock", "containerd's plugins"),
        ("/run/host-services/docker.proxy.sock", "the Docker daemon"),
        ("/run/host-services", "the Docker daemon"),
        ("/run/k0s", "containerd"),
        ("/var/run/fail2ban/fail2ban.sock", "Fail2Ban"),
    ],
)
def test_more_sockets_that_command_the_host(source: str, listener: str) -> None:
    assert classify(source) is HostPath.CONTROL_SOCKET
    assert socket_behind(normalise(source)) == listener


def test_plugins_of_docker_and_identities_of_the_host() -> None:
    assert classify("/run/docker/plugins/x.sock") is HostPath.POWER
    for path in ("/var/run/tailscale/tailscaled.sock", "/var/backups/shadow.bak"):
        assert classify(path) is HostPath.CREDENTIALS
        assert holds_secrets(path)
    assert classify("/var/backups/db") is HostPath.OTHER


@pytest.mark.parametrize(
    "source",
    [
        *("/run/udev/data", "/run/systemd/resolve", "/run/systemd/notify", "/run/netns"),
        *("/srv", "/usr/share/fonts", "/usr/local/share/app", "/etc/pihole", "/etc/hosts"),
        *("/etc/letsencrypt", "/etc/wireguard", "/etc/syslog-ng", "/opt/app", "~/.cargo"),
        *("~/.local/share/docker/volumes/x", "~/.local/share/app", "/var/lib/buildkit"),
    ],
)
def test_the_data_of_one_program_has_no_power(source: str) -> None:
    assert classify(source) in (HostPath.OTHER, HostPath.SYSTEM)


def test_the_efi_partition_is_kernel_code_and_keytabs_are_credentials() -> None:
    assert classify("/efi") is classify("/boot/efi") is HostPath.KERNEL_CODE
    for source in ("/etc/krb5.keytab", "/run/credentials", "~/.minikube"):
        assert classify(source) is HostPath.CREDENTIALS
        assert holds_secrets(source)
