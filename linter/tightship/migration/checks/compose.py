"""The checks of compose-lint 0.36 and of dclint 3.1."""

from __future__ import annotations

COMPOSE_LINT = """
CL-0001 | the socket of a container engine |
CL-0002 | `privileged` |
CL-0003 | new privileges are allowed |
CL-0004 | an image without a tag, or with one that moves |
CL-0005 | a port on all interfaces |
CL-0006 | the default capabilities are kept |
CL-0007 | a writable root file system |
CL-0008 | the network of the host |
CL-0009 | seccomp, AppArmor or SELinux is off |
CL-0010 | the PID or IPC namespace of the host |
CL-0011 | NET_ADMIN, BPF or SYS_BOOT |
CL-0012 | no limit of processes | none
CL-0013 | a sensitive path of the host |
CL-0014 | no logs |
CL-0015 | no healthcheck | none
CL-0016 | a disk of the host |
CL-0017 | shared mount propagation |
CL-0018 | root as the user |
CL-0019 | an image without a digest |
CL-0020 | a secret in the environment or in a command |
CL-0021 | a secret in a connection string |
CL-0022 | a tmpfs with `exec`, `suid` or `dev` |
CL-0023 | reserved | none
CL-0024 | ALL, SYS_ADMIN, SYS_MODULE or SYS_RAWIO |
CL-0025 | a writable path that gives away the host |
CL-0026 | no limit of memory or CPU |
CL-0027 | SYS_PTRACE or DAC_READ_SEARCH |
CL-0028 | PERFMON or SYS_TIME |
CL-0029 | SYS_NICE, IPC_LOCK or LEASE |
CL-0030 | SYSLOG |
"""

DCLINT = """
dclint:invalid-schema | values that the schema rejects |
dclint:invalid-yaml | invalid YAML |
dclint:no-build-and-image | both `build` and `image` | style
dclint:no-duplicate-container-names | a duplicate container name |
dclint:no-duplicate-exported-ports | a duplicate published port |
dclint:no-quotes-in-volumes | quotes in `volumes` | style
dclint:no-unbound-port-interfaces | a port on all interfaces |
dclint:no-version-field | `version` |
dclint:require-project-name-field | no `name` | style
dclint:require-quotes-in-ports | no quotes in `ports` | style
dclint:service-container-name-regex | letters that Docker does not take in a container name |
dclint:service-dependencies-alphabetical-order | the order of dependencies | style
dclint:service-image-require-explicit-tag | an image without a tag, or with one that moves |
dclint:service-keys-order | the order of keys | style
dclint:service-ports-alphabetical-order | the order of ports | style
dclint:services-alphabetical-order | the order of services | style
dclint:top-level-properties-order | the order of sections | style
"""
