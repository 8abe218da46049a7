"""The keys of services and jobs (Compose Specification, services).

``pre_start`` hooks, services and jobs share the keys of a container; services and jobs
share those of builds, ports and health checks.
"""

from __future__ import annotations

from tightship.frontends.compose.specification.section_keys import BUILD, DEPLOY, GPUS
from tightship.frontends.compose.specification.shape import (
    BOOL,
    BOOLEAN,
    COMMAND,
    DATED_OPTIONS,
    DISTINCT_PAIRS,
    DISTINCT_STRINGS,
    DURATION,
    FLOAT,
    HOSTS,
    INT,
    INTEGER,
    LOOSE_INTEGER,
    LOOSE_NATURAL,
    LOOSE_SIZE,
    MAYBE_DATED_OPTIONS,
    MAYBE_OPTIONS,
    NATURAL,
    NULL,
    NUMBER,
    PAIRS,
    SIZE,
    STRICT_BOOLEAN,
    STRICT_NUMBER,
    STRING,
    STRING_OR_LIST,
    TEXT,
    ULIMITS,
    UNIQUE_STRING_OR_LIST,
    UNIQUE_STRINGS,
    Shape,
    grants,
    list_of,
    names,
)

_RATES = list_of(Shape(what="a rate limit", keys={"path": STRING, "rate": SIZE}))

_BLOCK_IO = Shape(
    what="a block I/O configuration",
    keys={
        "device_read_bps": _RATES,
        "device_read_iops": _RATES,
        "device_write_bps": _RATES,
        "device_write_iops": _RATES,
        "weight": NATURAL,
        "weight_device": list_of(
            Shape(what="a weight of a device", keys={"path": STRING, "weight": NATURAL})
        ),
    },
)

_DEVICE = Shape(
    what="a device",
    keys={"source": STRING, "target": STRING, "permissions": STRING},
    required=("source",),
    scalars=TEXT,
    form="device",
    canonical="short",
)

_ENV_FILE = Shape(
    what="an environment file",
    keys={"path": STRING, "required": BOOLEAN.but(default="true"), "format": STRING},
    required=("path",),
    lone="path",
)

_LOGGING = Shape(
    what="a logging configuration",
    keys={"driver": STRING, "options": MAYBE_DATED_OPTIONS},
    merge="driver",
)

_MODEL = Shape(
    what="a model of a service", keys={"endpoint_var": STRING, "model_var": STRING}, scalars=NULL
)

_NETWORK = Shape(
    what="a network of a service",
    keys={
        "aliases": UNIQUE_STRINGS,
        "driver_opts": DATED_OPTIONS,
        "gw_priority": STRICT_NUMBER,
        "interface_name": STRING,
        "ipv4_address": STRING,
        "ipv6_address": STRING,
        "link_local_ips": UNIQUE_STRINGS,
        "mac_address": STRING,
        "priority": STRICT_NUMBER,
        "use_service_name_alias": BOOLEAN,
    },
    scalars=NULL,
)

_VOLUME = Shape(
    what="a mount",
    keys={
        "type": STRING.but(choices=("bind", "volume", "tmpfs", "image", "npipe", "cluster")),
        "source": STRING,
        "target": STRING,
        "read_only": BOOLEAN,
        "consistency": STRING,
        "bind": Shape(
            what="a bind mount's options",
            keys={
                "propagation": STRING,
                "create_host_path": BOOLEAN,
                "recursive": STRING.but(choices=("enabled", "disabled", "writable", "readonly")),
                "selinux": STRING.but(choices=("z", "Z")),
            },
        ),
        "volume": Shape(
            what="a volume mount's options",
            keys={"labels": PAIRS, "nocopy": BOOLEAN, "subpath": STRING},
        ),
        "tmpfs": Shape(
            what="a tmpfs mount's options",
            keys={"size": Shape(INT | TEXT, form="size", low=0), "mode": LOOSE_NATURAL},
        ),
        "image": Shape(what="an image mount's options", keys={"subpath": STRING}),
    },
    required=("type", "target"),
    scalars=TEXT,
    form="mount",
    canonical="short",
)

_CONTAINER = {
    "annotations": PAIRS,
    "blkio_config": _BLOCK_IO,
    "cap_add": UNIQUE_STRINGS,
    "cap_drop": UNIQUE_STRINGS,
    "cgroup": STRING.but(choices=("host", "private")),
    "cgroup_parent": STRING,
    "command": COMMAND,
    "configs": grants("a config of a service", "config"),
    "cpu_count": NATURAL,
    "cpu_percent": Shape(INT | TEXT, form="whole number", low=0, high=100),
    "cpu_period": LOOSE_INTEGER,
    "cpu_quota": LOOSE_INTEGER,
    "cpu_rt_period": LOOSE_INTEGER,
    "cpu_rt_runtime": LOOSE_INTEGER,
    "cpu_shares": LOOSE_INTEGER,
    "cpus": NUMBER,
    "cpuset": STRING,
    "credential_spec": Shape(
        what="a credential specification",
        keys={"config": STRING, "file": STRING, "registry": STRING},
    ),
    "device_cgroup_rules": DISTINCT_STRINGS,
    "devices": list_of(_DEVICE, unique="device"),
    "dns": UNIQUE_STRING_OR_LIST,
    "dns_opt": list_of(STRING, unique="name"),
    "dns_search": UNIQUE_STRING_OR_LIST,
    "domainname": STRING,
    "entrypoint": COMMAND,
    "env_file": list_of(_ENV_FILE, scalars=TEXT, unique="path"),
    "environment": PAIRS,
    "extra_hosts": HOSTS,
    "gpus": GPUS,
    "group_add": list_of(Shape(INT | TEXT), distinct=True),
    "hostname": STRING,
    "image": STRING,
    "init": BOOLEAN,
    "ipc": STRING,
    "isolation": STRING,
    "label_file": STRING_OR_LIST,
    "labels": PAIRS,
    "logging": _LOGGING,
    "mac_address": STRING,
    "mem_limit": LOOSE_SIZE,
    "mem_reservation": SIZE,
    "mem_swappiness": SIZE,
    "memswap_limit": LOOSE_SIZE,
    "models": names(_MODEL, listed=True),
    "network_mode": STRING,
    "networks": names(_NETWORK, listed=True),
    "oom_kill_disable": BOOLEAN,
    "oom_score_adj": Shape(INT | TEXT, form="integer", low=-1000, high=1000),
    "pid": Shape(NULL | TEXT),
    "pids_limit": LOOSE_INTEGER,
    "platform": STRING,
    "privileged": BOOLEAN,
    "pull_policy": Shape(TEXT, form="pull policy"),
    "pull_refresh_after": STRING,
    "read_only": BOOLEAN,
    "runtime": STRING,
    "secrets": grants("a secret of a service", "secret"),
    "security_opt": DISTINCT_STRINGS,
    "shm_size": LOOSE_SIZE,
    "stop_grace_period": DURATION,
    "stop_signal": STRING,
    "storage_opt": MAYBE_OPTIONS,
    "sysctls": PAIRS,
    "tmpfs": UNIQUE_STRING_OR_LIST,
    "ulimits": ULIMITS,
    "umask": Shape(NULL | INT | TEXT),
    "use_api_socket": STRICT_BOOLEAN,
    "user": STRING,
    "userns_mode": STRING,
    "uts": STRING,
    "volumes": list_of(_VOLUME, unique="target"),
    "volumes_from": DISTINCT_STRINGS,
    "working_dir": STRING,
}

_DEPENDENCY = Shape(
    what="a dependency",
    keys={
        "condition": STRING.but(
            choices=("service_started", "service_healthy", "service_completed_successfully"),
            default="service_started",
        ),
        "required": STRICT_BOOLEAN.but(default="true"),
        "restart": BOOLEAN,
    },
    required=("condition",),
)

_HEALTHCHECK = Shape(
    what="a healthcheck",
    keys={
        "disable": BOOLEAN,
        "interval": DURATION,
        "retries": LOOSE_NATURAL,
        "start_interval": DURATION,
        "start_period": DURATION,
        "test": list_of(STRING, scalars=TEXT).but(
            first=("NONE", "CMD", "CMD-SHELL"), merge="replace"
        ),
        "timeout": DURATION,
    },
)

_PORT = Shape(
    what="a port",
    keys={
        "name": STRING,
        "target": NATURAL,
        "published": Shape(INT | TEXT),
        "host_ip": STRING,
        "protocol": STRING.but(default="tcp"),
        "app_protocol": STRING,
        "mode": STRING.but(default="ingress"),
    },
    required=("target",),
    scalars=INT | TEXT,
    form="port",
    canonical="short",
)

_WORKLOAD = {
    "build": BUILD,
    "depends_on": names(_DEPENDENCY, listed=True),
    "expose": list_of(Shape(INT | TEXT), unique="item"),
    "healthcheck": _HEALTHCHECK,
    "ports": list_of(_PORT, unique="port"),
    "stdin_open": BOOLEAN,
    "tty": BOOLEAN,
}

EXTENDS = Shape(
    what="an `extends`",
    keys={"service": STRING, "file": STRING},
    required=("service",),
    open=True,
    lone="service",
)

_HOOK = Shape(
    what="a hook",
    keys={
        "command": COMMAND,
        "environment": DISTINCT_PAIRS,
        "privileged": BOOLEAN,
        "user": STRING,
        "working_dir": STRING,
    },
)

_WATCH = Shape(
    what="a watch rule",
    keys={
        "action": STRING.but(choices=("rebuild", "sync", "restart", "sync+restart", "sync+exec")),
        "exec": _HOOK,
        "ignore": STRING_OR_LIST,
        "include": STRING_OR_LIST,
        "initial_sync": STRICT_BOOLEAN,
        "path": STRING,
        "target": STRING,
    },
    required=("path", "action"),
)

_OPTION = Shape(BOOL | INT | FLOAT | TEXT)

_PROVIDER = Shape(
    what="a provider",
    keys={"type": STRING, "options": Shape(each=Shape(BOOL | INT | FLOAT | TEXT, items=_OPTION))},
    required=("type",),
)

SERVICE = Shape(
    what="a service",
    keys={
        **_CONTAINER,
        **_WORKLOAD,
        "attach": BOOLEAN,
        "container_name": STRING,
        "deploy": DEPLOY,
        "develop": Shape(
            what="a development configuration", keys={"watch": list_of(_WATCH)}, scalars=NULL
        ),
        "extends": EXTENDS,
        "external_links": DISTINCT_STRINGS,
        "links": list_of(STRING, unique="name"),
        "post_start": list_of(_HOOK),
        "pre_start": list_of(Shape(what="a hook", keys={**_CONTAINER, "per_replica": BOOLEAN})),
        "pre_stop": list_of(_HOOK),
        "profiles": UNIQUE_STRINGS,
        "provider": _PROVIDER,
        "restart": STRING,
        "scale": INTEGER,
    },
)

_SCHEDULE = Shape(
    what="a schedule",
    keys={
        "cron": STRING,
        "timezone": STRING,
        "concurrency": STRING.but(choices=("forbid", "queue")),
        "missed_fires": STRING.but(choices=("one", "skip")),
    },
    required=("cron",),
    lone="cron",
)

JOB = Shape(
    what="a job",
    keys={
        **_CONTAINER,
        **_WORKLOAD,
        "extends": EXTENDS,
        "profiles": UNIQUE_STRINGS,
        "triggers": Shape(
            what="the triggers of a job", keys={"manual": BOOLEAN, "schedule": list_of(_SCHEDULE)}
        ),
    },
    required=("triggers",),
)
