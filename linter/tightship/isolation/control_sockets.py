"""The sockets that take commands for the host, each with the program that listens.

A read-only mount does not stop a connection.
"""

from __future__ import annotations

CONTROL_SOCKETS = {
    "/run/docker.sock": "the Docker daemon",
    "/run/containerd/containerd.sock": "containerd",
    "/run/docker/containerd/containerd.sock": "containerd",
    "/run/k3s/containerd/containerd.sock": "containerd",
    "/run/k0s/containerd.sock": "containerd",
    # A plugin changes any container: its mounts, devices and hooks.
    "/run/nri/nri.sock": "containerd's plugins",
    # Docker Desktop has the daemon's socket here.
    "/run/host-services/docker.proxy.sock": "the Docker daemon",
    "/run/crio/crio.sock": "CRI-O",
    "/run/cri-dockerd.sock": "the Docker daemon",
    "/run/podman/podman.sock": "Podman",
    "/run/buildkit/buildkitd.sock": "BuildKit",
    "/run/systemd/private": "systemd",
    "/run/dbus/system_bus_socket": "the system's D-Bus",
    "/run/snapd.socket": "snapd",
    "/run/libvirt/libvirt-sock": "libvirt",
    "/run/libvirt/virtqemud-sock": "libvirt",
    "/var/lib/lxd/unix.socket": "LXD",
    "/var/snap/lxd/common/lxd/unix.socket": "LXD",
    "/var/lib/incus/unix.socket": "Incus",
    "/var/lib/kubelet/device-plugins/kubelet.sock": "the kubelet",
}
"""The sockets by their paths; ``/var/run`` is ``/run``."""

USER_SOCKETS = {
    "docker.sock": "a user's Docker daemon",
    "podman/podman.sock": "a user's Podman",
    "buildkit/buildkitd.sock": "a user's BuildKit",
    "systemd/private": "a user's systemd",
    "bus": "a user's D-Bus",
}
"""Those in the runtime directory of each user who is logged in."""

SOCKET_NAMES = {
    "docker.sock": "the Docker daemon",
    "docker.sock.raw": "the Docker daemon",
    "containerd.sock": "containerd",
    "crio.sock": "CRI-O",
    "podman.sock": "Podman",
    "buildkitd.sock": "BuildKit",
}
"""Names of such sockets in any directory."""
