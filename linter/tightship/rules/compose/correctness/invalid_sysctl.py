"""A container sets a kernel parameter that belongs to the host.

A container has its own value only for kernel parameters of its namespaces: most of `net.*`
of the network, `fs.mqueue.*` and a few `kernel.msg*` and `kernel.shm*` of IPC. All others,
such as `vm.max_map_count` and `net.core.rmem_max`, belong to the host. runc does not set
them, even for a privileged container, so the container does not start. With `ipc: host`,
the same is true for the parameters of IPC, and with `network_mode: host` for `net.*`,
because they then belong to the host.

People often try `privileged: true` next, which does not help, or a privileged
container that runs `sysctl -w`, which changes the host.

## How to fix

Set the parameter on the host, in `/etc/sysctl.d`, and remove it here. For the name of the
container, write `hostname` or `domainname`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Verified, closest, has_hole, rule  # fmt: skip

_IPC = frozenset((
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall",
    "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
))  # fmt: skip

# Parts of `net` with parameters of a network namespace; modules of the kernel add more.
_NETWORK = (
    "ax25", "bridge", "can", "core", "dccp", "ieee802154", "ipv4", "ipv6", "iw_cm",
    "llc", "mctp", "mpls", "mptcp", "netfilter", "nf_conntrack_max", "phonet", "rds",
    "rxrpc", "sctp", "smc", "sunrpc", "tipc", "unix", "vrf", "vsock", "x25", "xfrm",
    "token-ring", "decnet", "appletalk", "netrom", "rose", "lapb", "ethernet",
)  # fmt: skip
# Those that only the host's own network has, or may set (seen with Linux 6.18; Linux,
# net/core/sysctl_net_core.c, net_core_table; net/ipv4/sysctl_net_ipv4.c, ipv4_table;
# net/netfilter/nf_conntrack_standalone.c).
_HOST_NETWORK = frozenset((
    "net.core.rmem_max", "net.core.wmem_max", "net.core.rmem_default",
    "net.core.wmem_default", "net.core.netdev_max_backlog", "net.core.default_qdisc",
    "net.core.netdev_budget", "net.core.dev_weight", "net.core.bpf_jit_enable",
    "net.ipv4.tcp_mem", "net.ipv4.udp_mem", "net.netfilter.nf_conntrack_max",
))  # fmt: skip


@rule(
    on=Container,
    keys=("sysctls",),
    severity="error",
    references=(
        "Docker Engine 26.1.5 with runc 1.1.15, seen to refuse these",
        "runc 1.1, libcontainer/configs/validate/validator.go, sysctl",
    ),
    checked=Verified("""
      - $ docker run --rm --sysctl vm.max_map_count=262144 busybox echo started
      - invalid argument "vm.max_map_count=262144" for "--sysctl" flag: sysctl 'vm.max_map_count=262144' is not allowed
      + $ docker run --rm --sysctl net.core.somaxconn=1024 busybox echo started
      + started
    """),
    examples=(
        Bad("""
            services:
              search:
                image: elasticsearch:8.15.0
                sysctls: {«vm.max_map_count»: 262144}
        """),
        Bad("""
            services:
              db:
                image: db:1
                ipc: host
                sysctls: [«kernel.shmmax=1073741824»]
        """).because("With the host's IPC namespace, it is the host's parameter."),
        Good("""
            services:
              web:
                image: nginx:1.29
                sysctls:
                  net.core.somaxconn: 1024
                  fs.mqueue.msg_max: 20
                  kernel.shmmax: 1073741824
                  ${NAME}: 1
        """),
        Good("""
            services:
              search:
                image: elasticsearch:8.15.0
                runtime: kata
                sysctls: {vm.max_map_count: 262144}
        """).because("Another runtime may have a kernel for the container."),
    ),
)
def invalid_sysctl(container: Container) -> Findings:
    """Point at the name of each parameter that is rejected."""
    if container.text("runtime").is_set:
        return
    for pair in container.pairs("sysctls"):
        what = _fault(container, pair.name)
        if what:
            yield Finding(pair.span, f"{container.title} will not start: {what}")


def _fault(container: Container, name: str) -> str:
    """Return why a parameter is rejected and what to do, or nothing."""
    if has_hole(name) or "/" in name:
        return ""
    if name.startswith("net."):
        return _fault_of_network(container, name)
    if name == "kernel.hostname":
        return f"`{name}` sets the container's name; write `hostname`"
    if name == "kernel.domainname":
        if not container.namespace("uts").is_host:
            return ""
        return f"with `uts: host`, `{name}` belongs to the host; remove one of them"
    if name in _IPC or name.startswith("fs.mqueue."):
        if not container.namespace("ipc").is_host:
            return ""
        return f"with `ipc: host`, `{name}` belongs to the host; remove one of them"
    return f"`{name}` is a parameter of the host's kernel; set it on the host instead"


def _fault_of_network(container: Container, name: str) -> str:
    if container.namespace("network").is_host:
        return f"with the host's network, `{name}` belongs to the host; remove one of them"
    if name in _HOST_NETWORK:
        return f"`{name}` is a parameter of the host's network; set it on the host"
    part = name.split(".")[1]
    if part not in _NETWORK:
        meant = closest(part, _NETWORK)
        better = name.replace(f".{part}", f".{meant}", 1) if meant else ""
        remedy = f"write `{better}`" if better else "correct its name, or remove it"
        return f"Linux has no parameter `{name}`; {remedy}"
    return ""
