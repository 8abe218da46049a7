#!/usr/bin/env bash
# Installs what the lab runs on from Debian's packages, and says what is not to be had.
# What is missing afterwards makes the lab skip with a reason, so this never fails.
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

# The file systems of stand-ins for images are made by it.
command -v mmdebstrap >/dev/null || missing+=(mmdebstrap)

if [ ${#missing[@]} -gt 0 ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        apt-get update -qq >/dev/null 2>&1
        for package in "${missing[@]}"; do
            # No daemon of the machine's own is started by the package.
            RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
                echo "not to be had from apt: $package"
        done
    else
        echo "to be installed by hand: ${missing[*]}"
    fi
fi
exit 0
