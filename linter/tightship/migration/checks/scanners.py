"""The checks of KICS, Trivy, Checkov 3.3 and Semgrep for Dockerfiles and Compose files."""

from __future__ import annotations

KICS = """
kics:071a71ff | Compose: the network of the host |
kics:1c1325ff | Compose: a sensitive path of the host |
kics:221e0658 | Compose: no limit of processes |
kics:27fcc7d6 | Compose: new privileges are allowed |
kics:2fc99041 | Compose: a number of restarts other than five | operation
kics:404fde2c | Compose: seccomp is off |
kics:451d79dc | Compose: a port on all interfaces |
kics:4d9f44c6 | Compose: another parent of its cgroup |
kics:4f31dd9f | Compose: the PID namespace of the host |
kics:610e266e | Compose: no `security_opt` |
kics:698ed579 | Compose: no healthcheck | operation
kics:6b610c50 | Compose: no limit of CPU |
kics:8af7162d | Compose: the user namespace of the host |
kics:ae5b6871 | Compose: `privileged` |
kics:baa3890f | Compose: the IPC namespace of the host |
kics:baa452f0 | Compose: shared mount propagation |
kics:bb9ac4f7 | Compose: no limit of memory |
kics:bc2908f3 | Compose: a host port below 1024 | operation
kics:ce14a68b | Compose: no `networks` | network
kics:ce76b7d0 | Compose: capabilities are not restricted |
kics:d6355c88 | Compose: the socket of a container engine |
kics:41c195f4 | several CMDs |
kics:5907595b | port 22 in EXPOSE |
kics:67fd0c4a | root as the last user |
kics:68a51e22 | COPY from a stage that is not defined above |
kics:6938958b | several ENTRYPOINTs |
kics:6b376af8 | a relative WORKDIR |
kics:71bf8cf8 | an invalid port |
kics:8ada6e80 | `sudo` |
kics:9513a694 | ADD where COPY is enough |
kics:99614418 | MAINTAINER |
kics:9efb0b2d | a base image without a tag |
kics:b03a748a | no HEALTHCHECK |
kics:b16e8501 | `--platform` in FROM |
kics:b86987e1 | CMD or ENTRYPOINT in shell form |
kics:cdddb86f | COPY from its own stage |
kics:f2daed12 | a duplicate stage name |
kics:f45ea400 | a base image with the tag `latest` |
kics:fd54f200 | no USER |
kics:00481784 | caches of yum left in the image |
kics:0008c003 | several RUN, ADD or COPY instructions in a row |
kics:02d9c71f | `pip install` without versions |
kics:22cd11f7 | `gem install` without versions |
kics:295acb63 | caches of dnf left in the image |
kics:38300d1a | caches of zypper left in the image |
kics:45e1fca5 | `zypper` without its non-interactive switch |
kics:4b410d24 | downloads where ADD is enough | tool
kics:562952e4 | `zypper install` without versions |
kics:6452c424 | `yum install` without versions |
kics:6db6e0c2 | several sources, and a destination without a final slash |
kics:6e19193a | `yum install` without `-y` |
kics:7384dfb2 | `apt-get install` with recommended packages |
kics:77783205 | `apt-get install` without `-y` |
kics:7ebd323c | `dnf install` without `-y` |
kics:8a301064 | a link in place of `/bin/sh` |
kics:93d88cf7 | `dnf install` without versions |
kics:965a08d7 | `apt-get install` without versions |
kics:9b6b0f38 | commands without a use in a container |
kics:9bae49be | package lists updated in a separate RUN |
kics:aa93e17f | `--chown` in COPY | owner
kics:ae9c56a6 | `apk add` without `--no-cache` |
kics:b84a0b47 | `apt` in place of `apt-get` |
kics:d3499f6d | `apk add` without versions |
kics:df746b39 | lists of apt left in the image |
kics:e36d8880 | `npm install` without versions |
kics:efbf148a | a pipe without `pipefail` |
kics:f2f903fb | caches of pip left in the image |
kics:f4a6bcd3 | `cd` in RUN |
kics:fc775e75 | both wget and curl |
"""

TRIVY = """
trivy:DS-0001 | a base image without a tag, or with `latest` |
trivy:DS-0002 | root as the last user |
trivy:DS-0004 | port 22 in EXPOSE |
trivy:DS-0005 | ADD where COPY is enough |
trivy:DS-0006 | COPY from its own stage |
trivy:DS-0007 | several ENTRYPOINTs |
trivy:DS-0008 | an invalid port |
trivy:DS-0009 | a relative WORKDIR |
trivy:DS-0010 | `sudo` |
trivy:DS-0011 | several sources, and a destination without a final slash |
trivy:DS-0012 | a duplicate stage name |
trivy:DS-0013 | `cd` in RUN | style
trivy:DS-0014 | both wget and curl | tool
trivy:DS-0015 | caches of yum left in the image | size
trivy:DS-0016 | several CMDs |
trivy:DS-0017 | package lists updated in a separate RUN |
trivy:DS-0019 | caches of dnf left in the image | size
trivy:DS-0020 | caches of zypper left in the image | size
trivy:DS-0021 | `apt-get install` without `-y` |
trivy:DS-0022 | MAINTAINER |
trivy:DS-0023 | several HEALTHCHECKs |
trivy:DS-0024 | `apt-get dist-upgrade` | pins
trivy:DS-0025 | `apk add` without `--no-cache` | size
trivy:DS-0026 | no HEALTHCHECK |
trivy:DS-0027 | caches of microdnf left in the image | size
trivy:DS-0029 | `apt-get install` with recommended packages | size
trivy:DS-0030 | a folder of the system as WORKDIR |
trivy:DS-0031 | secrets in ARG, ENV and files |
"""

CHECKOV = """
checkov:CKV_DOCKER_1 | port 22 in EXPOSE |
checkov:CKV_DOCKER_2 | no HEALTHCHECK |
checkov:CKV_DOCKER_3 | no USER |
checkov:CKV_DOCKER_4 | ADD where COPY is enough |
checkov:CKV_DOCKER_5 | package lists updated in a separate RUN |
checkov:CKV_DOCKER_6 | MAINTAINER |
checkov:CKV_DOCKER_7 | a base image without a tag, or with `latest` |
checkov:CKV_DOCKER_8 | root as the last user |
checkov:CKV_DOCKER_9 | `apt` in place of `apt-get` | tool
checkov:CKV_DOCKER_10 | a relative WORKDIR |
checkov:CKV_DOCKER_11 | a duplicate stage name |
checkov:CKV2_DOCKER_1 | `sudo` |
checkov:CKV2_DOCKER_2 | certificates unchecked by curl |
checkov:CKV2_DOCKER_3 | certificates unchecked by wget |
checkov:CKV2_DOCKER_4 | certificates unchecked by an option of pip |
checkov:CKV2_DOCKER_5 | certificates unchecked by Python |
checkov:CKV2_DOCKER_6 | certificates unchecked by Node.js |
checkov:CKV2_DOCKER_7 | signatures unchecked by apk |
checkov:CKV2_DOCKER_8 | signatures unchecked by apt-get |
checkov:CKV2_DOCKER_9 | signatures unchecked by dnf and yum |
checkov:CKV2_DOCKER_10 | signatures unchecked by rpm |
checkov:CKV2_DOCKER_11 | signatures unchecked by `--force-yes` |
checkov:CKV2_DOCKER_12 | certificates unchecked by a variable of npm |
checkov:CKV2_DOCKER_13 | certificates unchecked by a setting of npm or yarn |
checkov:CKV2_DOCKER_14 | certificates unchecked by Git |
checkov:CKV2_DOCKER_15 | certificates unchecked by a setting of dnf or yum |
checkov:CKV2_DOCKER_16 | certificates unchecked by a variable of pip |
checkov:CKV2_DOCKER_17 | passwords set with `chpasswd` |
"""

SEMGREP = """
semgrep:avoid-apk-upgrade | `apk upgrade` | pins
semgrep:avoid-apt-get-upgrade | `apt-get upgrade` | pins
semgrep:avoid-dnf-update | `dnf update` | pins
semgrep:avoid-latest-version | a base image with the tag `latest` |
semgrep:avoid-platform-with-from | `--platform` in FROM |
semgrep:avoid-yum-update | `yum update` | pins
semgrep:avoid-zypper-update | `zypper update` | pins
semgrep:dockerfile-dockerd-socket-mount | the socket of the daemon as a VOLUME |
semgrep:dockerfile-source-not-pinned | a base image without a digest |
semgrep:invalid-port | an invalid port |
semgrep:last-user-is-root | root as the last user |
semgrep:maintainer-is-deprecated | MAINTAINER |
semgrep:missing-apk-no-cache | `apk add` without `--no-cache` | size
semgrep:missing-assume-yes-switch | `apt-get install` without `-y` |
semgrep:missing-dnf-assume-yes-switch | `dnf install` without `-y` |
semgrep:missing-dnf-clean-all | caches of dnf left in the image | size
semgrep:missing-image-version | a base image without a tag |
semgrep:missing-no-install-recommends | `apt-get install` with recommended packages | size
semgrep:missing-pip-no-cache-dir | caches of pip left in the image | size
semgrep:missing-user | CMD without a USER |
semgrep:missing-user-entrypoint | ENTRYPOINT without a USER |
semgrep:missing-yum-assume-yes-switch | `yum install` without `-y` |
semgrep:missing-zypper-clean | caches of zypper left in the image | size
semgrep:multiple-entrypoint-instructions | several ENTRYPOINTs |
semgrep:no-sudo-in-dockerfile | `sudo` |
semgrep:nonsensical-command | commands without a use in a container | tool
semgrep:prefer-apt-get | `apt` in place of `apt-get` | tool
semgrep:prefer-copy-over-add | ADD of something from outside |
semgrep:prefer-json-notation | CMD or ENTRYPOINT in shell form |
semgrep:remove-package-cache | caches of apt left in the image | size
semgrep:remove-package-lists | lists of apt left in the image | size
semgrep:secret-in-build-arg | secrets in ARG |
semgrep:set-pipefail | a pipe without `pipefail` |
semgrep:use-either-wget-or-curl | both wget and curl | tool
semgrep:use-shell-instruction | a link in place of `/bin/sh` | tool
semgrep:use-workdir | `cd` in RUN | style
semgrep:exposing-docker-socket-volume | Compose: the socket of a container engine |
semgrep:no-new-privileges | Compose: new privileges are allowed |
semgrep:privileged-service | Compose: `privileged` |
semgrep:seccomp-confinement-disabled | Compose: seccomp is off |
semgrep:selinux-separation-disabled | Compose: SELinux is off |
semgrep:writable-filesystem-service | Compose: a writable root file system |
"""
