#!/usr/bin/env bash
# Installs the programs of the lab from Debian's packages, and reports missing ones. Without
# them the lab is skipped with a reason, so this never fails.
# Set DOCKER_HOST to use an engine that runs already; then only the clients are needed.
set -u

missing=()
if [ -z "${DOCKER_HOST:-}" ]; then
    command -v dockerd >/dev/null || missing+=(docker.io)
    command -v iptables >/dev/null || missing+=(iptables)
fi
command -v docker >/dev/null || missing+=(docker-cli)
docker buildx version >/dev/null 2>&1 || missing+=(docker-buildx)
command -v busybox >/dev/null || missing+=(busybox-static)
command -v docker-compose >/dev/null || missing+=(docker-compose)
# The probe is linked statically.
command -v gcc >/dev/null || missing+=(gcc)
[ -e /usr/include/stdio.h ] || missing+=(libc6-dev)

# It creates the file systems of stand-ins for images.
command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)

if [ ${#missing[@]} -gt 0 ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        apt-get update -qq >/dev/null 2>&1
        for package in "${missing[@]}"; do
            # The package must not start a daemon on this machine.
            RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
                echo "apt cannot install $package"
        done
    else
        echo "install by hand: ${missing[*]}"
    fi
fi
exit 0
