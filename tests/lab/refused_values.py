"""Values that Compose takes and the engine does not: a rule, a bad body and a good one.

Each pair differs in the one value. ``FILES`` has whole files in place of the body of a
service.
"""

from __future__ import annotations

VALUES: tuple[tuple[str, str, str], ...] = (
    ("invalid-value", "restart: allways", "restart: always"),
    ("invalid-value", "restart: Always", "restart: unless-stopped"),
    ("invalid-value", "restart: never", 'restart: "no"'),
    ("invalid-value", "restart: always:3", "restart: on-failure:3"),
    ("invalid-value", "restart: on-failure:-1", 'restart: ""'),
    (
        "invalid-value",
        "deploy: {restart_policy: {condition: foo}}",
        "deploy: {restart_policy: {condition: any}}",
    ),
    ("invalid-value", "stop_signal: SIGTREM", "stop_signal: SIGTERM"),
    ("invalid-value", 'stop_signal: "0"', 'stop_signal: "15"'),
    ("invalid-value", "isolation: foo", "isolation: default"),
    ("invalid-value", "working_dir: app", "working_dir: /app"),
    ("invalid-value", "working_dir: ./app", 'working_dir: ""'),
    ("invalid-value", "working_dir: /proc/self/fd/8", "working_dir: /proc/self"),
    ("invalid-value", f"hostname: {'a' * 65}", f"hostname: {'a' * 64}"),
    ("invalid-value", 'cpuset: "a"', 'cpuset: "0"'),
    ("invalid-value", 'cpuset: "1-0"', 'cpuset: "0-1"'),
    ("invalid-value", 'cpuset: "0,-2"', 'cpuset: ""'),
    ("invalid-value", "platform: a/b/c/d", "platform: linux/amd64"),
    ("invalid-value", "dns: [resolver]", "dns: [9.9.9.9]"),
    ("invalid-value", 'dns: ["1.1.1.1:53"]', 'dns: ["2620:fe::fe"]'),
    ("invalid-value", "dns: 1.1.1", "dns: 1.1.1.1"),
    ("invalid-value", 'extra_hosts: ["a:b"]', 'extra_hosts: ["a:10.0.0.1"]'),
    ("invalid-value", 'extra_hosts: ["a:1.2.3"]', 'extra_hosts: ["a=10.0.0.1"]'),
    ("invalid-value", 'extra_hosts: ["a:hostgateway"]', 'extra_hosts: ["a:host-gateway"]'),
    ("invalid-value", 'extra_hosts: {a: ""}', 'extra_hosts: {a: "::1"}'),
    ("invalid-value", 'devices: ["/dev/fuse:/dev/fuse:x"]', 'devices: ["/dev/fuse:/dev/fuse:r"]'),
    ("invalid-value", 'devices: ["/dev/fuse:/dev/fuse:"]', 'devices: ["/dev/fuse:/dev/fuse"]'),
    ("invalid-value", 'devices: ["/dev/fuse:/dev/fuse:R"]', 'devices: ["/dev/fuse:/dev/fuse:rwx"]'),
    ("invalid-value", 'environment: ["=x"]', 'environment: ["X="]'),
    (
        "invalid-value",
        'healthcheck: {test: [CMD, "/bin/probe"], interval: 10us}',
        'healthcheck: {test: [CMD, "/bin/probe"], interval: 0s}',
    ),
    (
        "invalid-value",
        'healthcheck: {test: [CMD, "/bin/probe"], start_period: -1s}',
        'healthcheck: {test: [CMD, "/bin/probe"], start_period: 1ms}',
    ),
    *(
        (
            "invalid-value",
            f"logging: {{driver: {driver}, options: {{{bad}}}}}",
            f"logging: {{driver: {driver}, options: {{{good}}}}}",
        )
        for driver, bad, good in (
            ("json-file", "max-sizes: 10m", "max-size: 10m"),
            ("json-file", "max-size: 10x", "max-size: 10mb"),
            ("json-file", 'max-size: "0"', 'max-size: "10"'),
            ("json-file", 'max-file: "0"', 'max-file: "1"'),
            ("json-file", "max-file: abc", 'max-file: "3", max-size: 1m, compress: "true"'),
            ("json-file", "mode: foo", "mode: non-blocking, max-buffer-size: 4m"),
            ("json-file", "syslog-address: x", "labels: x, env: y, tag: z"),
            ("json-file", "label: x", "labels-regex: x, env-regex: y"),
            ("local", "max-size: 10x", 'max-size: 10m, compress: "false"'),
            ("local", "max-files: 3", 'max-file: "3"'),
        )
    ),
    ("invalid-value", "logging: {options: {max-size: 10x}}", "logging: {options: {max-size: 10k}}"),
    ("invalid-limit", "mem_swappiness: 200", "mem_swappiness: 100"),
    ("invalid-limit", "mem_swappiness: -2", "mem_swappiness: -1"),
    ("invalid-limit", "cpu_shares: -1", "cpu_shares: 2"),
    ("invalid-limit", "cpu_period: 5", "cpu_period: 1000"),
    ("invalid-limit", "cpu_period: 2000000", "cpu_period: 1000000"),
    ("invalid-limit", "cpu_quota: 10", "cpu_quota: 1000"),
    ("invalid-limit", "cpus: 0.009", "cpus: 0.01"),
    ("invalid-limit", "shm_size: -1", "shm_size: 64m"),
    ("invalid-limit", "mem_reservation: 1m", "mem_reservation: 6m"),
    ("invalid-user", 'user: " 0"', 'user: "0"'),
    ("invalid-user", 'user: "0 "', 'user: "0:0"'),
    ("invalid-user", 'group_add: [" 44"]', "group_add: [44]"),
    ("invalid-user", 'group_add: [""]', "group_add: [disk]"),
    ("invalid-mount", "tmpfs: [tmp]", "tmpfs: [/tmp]"),
    ("invalid-mount", 'tmpfs: ["./tmp:size=1m"]', 'tmpfs: ["/tmp:size=1m"]'),
    ("invalid-mount", 'tmpfs: ["/tmp:size=64MB"]', 'tmpfs: ["/tmp:size=64M"]'),
    ("invalid-mount", 'tmpfs: ["/tmp:size=64Mi"]', 'tmpfs: ["/tmp:size=50%"]'),
    ("invalid-mount", 'tmpfs: ["/tmp:size=abc"]', 'tmpfs: ["/tmp:size=0x100000"]'),
    ("invalid-mount", 'tmpfs: ["/tmp:mode=999"]', 'tmpfs: ["/tmp:mode=0777"]'),
    ("invalid-mount", 'tmpfs: ["/tmp:uid=app"]', 'tmpfs: ["/tmp:uid=1000"]'),
    (
        "invalid-mount",
        "volumes: [{type: bind, target: /y}]",
        "volumes: [{type: bind, source: /mnt/lab/a, target: /y}]",
    ),
    (
        "invalid-mount",
        "volumes: [{type: tmpfs, source: x, target: /y}]",
        "volumes: [{type: tmpfs, target: /y}]",
    ),
    (
        "invalid-mount",
        "volumes: [{type: bind, source: /mnt/lab/a, target: /y, bind: {propagation: rprivat}}]",
        "volumes: [{type: bind, source: /mnt/lab/a, target: /y, bind: {propagation: rprivate}}]",
    ),
    (
        "invalid-sysctl",
        "network_mode: host, sysctls: {net.core.somaxconn: 1024}",
        "network_mode: none, sysctls: {net.core.somaxconn: 1024}",
    ),
    ("invalid-sysctl", "sysctls: {net.ipv44.ip_forward: 1}", "sysctls: {net.ipv4.ip_forward: 1}"),
    ("invalid-sysctl", "sysctls: {net.foo.bar: 1}", "sysctls: {net.unix.max_dgram_qlen: 99}"),
    ("invalid-sysctl", "sysctls: {net.core.rmem_max: 1000000}", "sysctls: {net.core.txrehash: 1}"),
    (
        "invalid-sysctl",
        'sysctls: {net.ipv4.tcp_mem: "100000 200000 300000"}',
        'sysctls: {net.ipv4.tcp_rmem: "4096 87380 16777216"}',
    ),
    (
        "invalid-sysctl",
        "sysctls: {net.core.default_qdisc: fq}",
        "sysctls: {net.ipv4.tcp_syncookies: 1}",
    ),
    (
        "invalid-sysctl",
        "sysctls: {net.netfilter.nf_conntrack_max: 1000}",
        "sysctls: {net.ipv4.ip_nonlocal_bind: 1}",
    ),
)

_IMAGE = 'services: {{s: {{image: "{}"}}}}\n'
FILES = tuple(
    (
        "invalid-value",
        {"compose.yaml": _IMAGE.format(bad)},
        {"compose.yaml": _IMAGE.format("lab/probe:1")},
    )
    for bad in (
        "lab/Probe:1",
        "lab probe:1",
        "lab/probe:1 ",
        "http://lab/probe:1",
        "lab/probe@sha256:abc",
        "lab/probe:-x",
        "-probe:1",
        ":1",
    )
)

_NETWORK = 'services: {{s: {{image: "lab/probe:1", networks: {{n: {}}}}}}}\nnetworks: {{n: {}}}\n'
_SUBNET = "{ipam: {config: [{subnet: 10.5.0.0/24%s}]}}"
ADDRESSES = tuple(
    (
        "invalid-network-address",
        {"compose.yaml": _NETWORK.format(*bad)},
        {"compose.yaml": _NETWORK.format(*good)},
    )
    for bad, good in (
        (("{ipv4_address: 10.5.0.5}", "{}"), ("{ipv4_address: 10.5.0.5}", _SUBNET % "")),
        (("{ipv4_address: 10.6.0.5}", _SUBNET % ""), ("{}", _SUBNET % "")),
        (("{ipv4_address: 10.5.0}", _SUBNET % ""), ("{}", "{}")),
        (("{}", "{ipam: {config: [{subnet: 10.5.0.0}]}}"), ("{}", _SUBNET % "")),
        (("{}", "{ipam: {config: [{subnet: 10.5.0.0/33}]}}"), ("{}", _SUBNET % "")),
        (("{}", "{ipam: {config: [{subnet: 10.5.0.1/24}]}}"), ("{}", _SUBNET % "")),
        (("{}", _SUBNET % ", gateway: 10.6.0.1"), ("{}", _SUBNET % ", gateway: 10.5.0.9")),
        (("{}", _SUBNET % ", ip_range: 10.6.0.0/25"), ("{}", _SUBNET % ", ip_range: 10.5.0.0/25")),
        (
            ("{}", _SUBNET % ", aux_addresses: {a: 10.6.0.9}"),
            ("{}", _SUBNET % ", aux_addresses: {a: 10.5.0.9}"),
        ),
    )
)
