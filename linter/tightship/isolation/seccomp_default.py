"""The calls that Docker's default seccomp profile allows, by engine and by condition.

The facts are those of ``profiles/seccomp/default.json`` in moby v26.1.5, and of
``seccomp/default.json`` in moby/profiles, which moby vendors since v29.0. The data has the
form of a profile, so that one reader serves for it and for the profile of a project.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What every container may call.
_ALLOWED = (
    "accept accept4 access adjtimex alarm bind brk cachestat capget capset"
    " chdir chmod chown chown32 clock_adjtime clock_adjtime64 clock_getres"
    " clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep"
    " clock_nanosleep_time64 close close_range connect copy_file_range creat dup"
    " dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait"
    " epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat"
    " exit exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate"
    " fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat"
    " fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr"
    " fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate"
    " ftruncate64 futex futex_requeue futex_time64 futex_wait futex_waitv"
    " futex_wake futimesat getcpu getcwd getdents getdents64 getegid getegid32"
    " geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer"
    " getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid"
    " getresgid32 getresuid getresuid32 getrlimit get_robust_list getrusage"
    " getsid getsockname getsockopt get_thread_area gettid gettimeofday getuid"
    " getuid32 getxattr inotify_add_watch inotify_init inotify_init1"
    " inotify_rm_watch io_cancel ioctl io_destroy io_getevents io_pgetevents"
    " io_pgetevents_time64 ioprio_get ioprio_set io_setup io_submit ipc kill"
    " landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown"
    " lchown32 lgetxattr link linkat listen listxattr llistxattr _llseek"
    " lremovexattr lseek lsetxattr lstat lstat64 madvise map_shadow_stack"
    " membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat"
    " mlock mlock2 mlockall mmap mmap2 mprotect mq_getsetattr mq_notify mq_open"
    " mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64"
    " mq_unlink mremap msgctl msgget msgrcv msgsnd msync munlock munlockall"
    " munmap name_to_handle_at nanosleep newfstatat _newselect open openat"
    " openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free"
    " pkey_mprotect poll ppoll ppoll_time64 prctl pread64 preadv preadv2"
    " prlimit64 process_mrelease pselect6 pselect6_time64 pwrite64 pwritev"
    " pwritev2 read readahead readlink readlinkat readv recv recvfrom recvmmsg"
    " recvmmsg_time64 recvmsg remap_file_pages removexattr rename renameat"
    " renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending"
    " rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait"
    " rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_getaffinity sched_getattr"
    " sched_getparam sched_get_priority_max sched_get_priority_min"
    " sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64"
    " sched_setaffinity sched_setattr sched_setparam sched_setscheduler"
    " sched_yield seccomp select semctl semget semop semtimedop"
    " semtimedop_time64 send sendfile sendfile64 sendmmsg sendmsg sendto"
    " setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups"
    " setgroups32 setitimer setpgid setpriority setregid setregid32 setresgid"
    " setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit"
    " set_robust_list setsid setsockopt set_thread_area set_tid_address setuid"
    " setuid32 setxattr shmat shmctl shmdt shmget shutdown sigaltstack signalfd"
    " signalfd4 sigprocmask sigreturn socketcall socketpair splice stat stat64"
    " statfs statfs64 statx symlink symlinkat sync sync_file_range syncfs"
    " sysinfo tee tgkill time timer_create timer_delete timer_getoverrun"
    " timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create"
    " timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times"
    " tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat utime"
    " utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid"
    " write writev"
)
# The same since v29.0; of Linux 6.4 to 6.13.
_ALLOWED_29 = (
    "getxattrat listmount listxattrat mseal removexattrat riscv_hwprobe"
    " setxattrat statmount uretprobe"
)
# What a capability in the bounding set opens.
_BY_CAPABILITY = {
    "DAC_READ_SEARCH": "open_by_handle_at",
    "SYS_ADMIN": (
        "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie"
        " mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd"
        " setdomainname sethostname setns syslog umount umount2 unshare"
    ),
    "SYS_BOOT": "reboot",
    "SYS_CHROOT": "chroot",
    "SYS_MODULE": "delete_module init_module finit_module",
    "SYS_PACCT": "acct",
    "SYS_PTRACE": ("kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace"),
    "SYS_RAWIO": "iopl ioperm",
    "SYS_TIME": "settimeofday stime clock_settime clock_settime64",
    "SYS_TTY_CONFIG": "vhangup",
    "SYS_NICE": "get_mempolicy mbind set_mempolicy set_mempolicy_home_node",
    "SYSLOG": "syslog",
    "BPF": "bpf",
    "PERFMON": "perf_event_open",
}
_BY_CAPABILITY_29 = {"SYS_ADMIN": "lsm_get_self_attr lsm_list_modules lsm_set_self_attr"}
_BY_ARCHITECTURE = (
    (("ppc64le",), "sync_file_range2 swapcontext"),
    (
        ("arm", "arm64"),
        "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls",
    ),
    (("amd64", "x32"), "arch_prctl"),
    (("amd64", "x32", "x86"), "modify_ldt"),
    (("s390", "s390x"), "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr"),
    (("riscv64",), "riscv_flush_icache"),
)
_BY_KERNEL = (("4.8", "process_vm_readv process_vm_writev ptrace"),)
# CLONE_NEW… but for time namespaces, which share a bit with the signal.
_NEW_NAMESPACES = 0x7E020000
_PERSONALITIES = (0x0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF)
# AF_VSOCK is 40, and AF_ALG 38.
_SOCKETS = (("SCMP_CMP_NE", 40),)
_SOCKETS_29_4 = (("SCMP_CMP_LT", 38), ("SCMP_CMP_EQ", 39), ("SCMP_CMP_GT", 40))

# Calls of Linux 6.15 that no default names, so that it denies them.
_NEVER_ALLOWED = (
    "_sysctl add_key afs_syscall create_module get_kernel_syms getpmsg"
    " io_uring_enter io_uring_register io_uring_setup kexec_file_load kexec_load"
    " keyctl migrate_pages move_pages nfsservctl pivot_root putpmsg query_module"
    " request_key security swapoff swapon sysfs tuxcall uselib userfaultfd ustat"
    " vserver open_tree_attr"
)
ENGINES: dict[str, str] = {
    "26.1.5": "moby/moby v26.1.5, profiles/seccomp/default.json",
    "29.0": "moby/moby v29.0.0, vendor/github.com/moby/profiles/seccomp/default.json",
    "29.4.2": "moby/moby v29.4.2, vendor/github.com/moby/profiles/seccomp/default.json",
}
"""The engines with another default than the one before, with the source of the facts."""


def known_calls() -> frozenset[str]:
    """Return the calls that Linux has on more than one architecture."""
    named = (
        *(_ALLOWED, _ALLOWED_29, _NEVER_ALLOWED, "socket personality clone clone3"),
        *(*_BY_CAPABILITY.values(), *_BY_CAPABILITY_29.values()),
    )
    return frozenset(" ".join(named).split())


def architecture_calls() -> frozenset[str]:
    """Return the calls that only some architectures have."""
    return frozenset(" ".join(calls for _, calls in _BY_ARCHITECTURE).split())


def default_profile(engine: str) -> dict[str, Any]:
    """Return the default profile of one of :data:`ENGINES`."""
    later = engine != "26.1.5"
    sockets = _SOCKETS_29_4 if engine == "29.4.2" else _SOCKETS
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 1,
        "syscalls": [
            _allow(_ALLOWED + (" " + _ALLOWED_29 if later else "")),
            *(_allow("socket", args=[_argument(op, at)]) for op, at in sockets),
            *(_allow("personality", args=[_argument("SCMP_CMP_EQ", at)]) for at in _PERSONALITIES),
            *(_allow(names, includes={"minKernel": at}) for at, names in _BY_KERNEL),
            *(
                _allow(names, includes={"arches": list(arches)})
                for arches, names in _BY_ARCHITECTURE
            ),
            *_by_capability(_BY_CAPABILITY),
            *_by_capability(_BY_CAPABILITY_29 if later else {}),
            *_clone(),
        ],
    }


def _allow(names: str, **conditions: Any) -> dict[str, Any]:
    return {"names": names.split(), "action": "SCMP_ACT_ALLOW", **conditions}


def _argument(op: str, value: int, index: int = 0) -> dict[str, Any]:
    return {"index": index, "value": value, "valueTwo": 0, "op": op}


def _by_capability(calls: dict[str, str]) -> list[dict[str, Any]]:
    return [_allow(n, includes={"caps": [f"CAP_{c}"]}) for c, n in calls.items()]


def _clone() -> list[dict[str, Any]]:
    """Return the rules for a process without new namespaces; ``clone3`` hides its flags."""
    admin, s390 = ["CAP_SYS_ADMIN"], ["s390", "s390x"]
    first = _argument("SCMP_CMP_MASKED_EQ", _NEW_NAMESPACES)
    second = _argument("SCMP_CMP_MASKED_EQ", _NEW_NAMESPACES, 1)
    return [
        _allow("clone", args=[first], excludes={"caps": admin, "arches": s390}),
        _allow("clone", args=[second], includes={"arches": s390}, excludes={"caps": admin}),
        {
            "names": ["clone3"],
            "action": "SCMP_ACT_ERRNO",
            "errnoRet": 38,
            "excludes": {"caps": admin},
        },
    ]
