/* Prints, as one line of JSON, what the process that runs it has and can do; then waits,
 * so that others may join its namespaces.
 *
 *   probe          in a container
 *   victim FILE    on the host: something to see, to signal and to reach; its namespaces
 *                  are written to FILE
 *
 * An attempt is "ok" or the name of the errno that it failed with. None changes anything
 * that outlives the container: files that are written are removed, the clock and sysctls are
 * set to the value they have, and the module that is loaded is an empty one.
 * PROBE_WRITE names further paths to write to, PROBE_DEVICES devices to open, and
 * PROBE_SOCKETS sockets of an engine to command, each separated by spaces.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define VICTIM_PORT 7777
#define VICTIM_KEY 0x7a7a

static const char *comma = "";

static void text(const char *s, size_t n) {
    putchar('"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '"' || c == '\\') printf("\\%c", c);
        else if (c < 32) printf("\\u%04x", c);
        else putchar(c);
    }
    putchar('"');
}

static void key(const char *name) {
    printf("%s", comma);
    comma = ", ";
    text(name, strlen(name));
    printf(": ");
}

static void pair(const char *name, const char *value) {
    key(name);
    text(value, strlen(value));
}

static void open_object(const char *name) {
    if (name) key(name);
    putchar('{');
    comma = "";
}

static void close_object(void) {
    putchar('}');
    comma = ", ";
}

static void result(const char *name, long code) {
    pair(name, code >= 0 ? "ok" : strerrorname_np(errno));
}

static void file(const char *path) {
    static char content[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : 0, more;
    int error = errno;
    /* The kernel gives a page at a time. */
    while (fd >= 0 && (more = read(fd, content + size, sizeof content - (size_t)size)) > 0)
        size += more;
    if (fd >= 0) close(fd);
    key(path);
    if (size < 0) {
        const char *name = strerrorname_np(error);
        printf("{\"error\": \"%s\"}", name);
    } else text(content, (size_t)size);
}

static void namespaces(void) {
    static const char *kinds[] = {"pid", "net", "ipc", "uts", "user", "cgroup", "mnt"};
    open_object("namespaces");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char path[64], link[64] = "";
        snprintf(path, sizeof path, "/proc/self/ns/%s", kinds[i]);
        if (readlink(path, link, sizeof link - 1) < 0) strcpy(link, "?");
        pair(kinds[i], link);
    }
    close_object();
}

/* The process id of the victim, if it can be seen. */
static pid_t victim(void) {
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    pid_t found = 0;
    while (proc && (entry = readdir(proc))) {
        char path[300], line[16] = "";
        snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
        int fd = open(path, O_RDONLY);
        if (fd < 0) continue;
        if (read(fd, line, sizeof line - 1) > 0 && !strcmp(line, "victim"))
            found = atoi(entry->d_name);
        close(fd);
    }
    if (proc) closedir(proc);
    return found;
}

static long reach(int family, int type, void *address, socklen_t size) {
    int fd = socket(family, type, 0);
    long code = fd < 0 ? -1 : connect(fd, address, size);
    int error = errno;
    if (fd >= 0) close(fd);
    errno = error;
    return code;
}

static struct sockaddr_in local_port(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static socklen_t abstract(struct sockaddr_un *a) {
    memset(a, 0, sizeof *a);
    a->sun_family = AF_UNIX;
    strcpy(a->sun_path + 1, "victim");
    return (socklen_t)(sizeof a->sun_family + 1 + strlen("victim"));
}

/* Have the engine behind a socket make a privileged container. */
static void command_engine(const char *path) {
    static const char body[] =
        "{\"Image\": \"lab/probe:1\", \"HostConfig\": {\"Privileged\": true},"
        " \"Labels\": {\"tightship.lab\": \"made-by-probe\"}}";
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    char answer[64] = "", request[512];
    strncpy(a.sun_path, path, sizeof a.sun_path - 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0) {
        result(path, -1);
    } else {
        int n = snprintf(request, sizeof request,
            "POST /v1.41/containers/create HTTP/1.0\r\nContent-Type: application/json\r\n"
            "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
        if (write(fd, request, (size_t)n) < 0 || read(fd, answer, sizeof answer - 1) < 0)
            result(path, -1);
        else {
            answer[12] = 0;
            pair(path, answer + 9);
        }
    }
    close(fd);
}

static long write_below(const char *directory) {
    char path[512];
    snprintf(path, sizeof path, "%s/.probe-%d", directory, getpid());
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 && errno == ENOTDIR) fd = open(directory, O_WRONLY);
    else if (fd >= 0) unlink(path);
    int error = errno;
    if (fd >= 0) close(fd);
    errno = error;
    return fd;
}

/* Write a file's own content back to it. */
static long rewrite(const char *path) {
    char content[256];
    int fd = open(path, O_RDONLY);
    ssize_t size = fd < 0 ? -1 : read(fd, content, sizeof content);
    if (fd >= 0) close(fd);
    if (size < 0) return -1;
    fd = open(path, O_WRONLY);
    long code = fd < 0 ? -1 : write(fd, content, (size_t)size);
    int error = errno;
    if (fd >= 0) close(fd);
    errno = error;
    return code;
}

/* Run something in a child, and pass its errno on. */
static long in_child(long (*what)(void)) {
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) return -1;
    if (child == 0) _exit(what() < 0 ? errno : 0);
    waitpid(child, &status, 0);
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
    return errno ? -1 : 0;
}

static long try_mount(void) {
    return mount("probe", "/tmp", "tmpfs", 0, "") < 0 ? -1 : umount2("/tmp", MNT_DETACH);
}
static long try_mount_namespace(void) { return unshare(CLONE_NEWNS); }
static long try_user_namespace(void) { return unshare(CLONE_NEWUSER); }
static long try_hostname(void) {
    char name[128];
    return gethostname(name, sizeof name) < 0 ? -1 : sethostname(name, strlen(name));
}
static long try_module(void) { return syscall(SYS_init_module, "", 0, ""); }
static long try_raw_socket(void) { return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static long try_packet_socket(void) {
    return socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
}
static long try_clock(void) {
    struct timex now = {0};
    if (adjtimex(&now) < 0) return -1;
    now.modes = ADJ_TICK;
    return adjtimex(&now);
}
static long try_kernel_log(void) {
    char line[64];
    return klogctl(3, line, sizeof line);
}
static long try_block_device(void) {
    const char *path = "/tmp/.probe-block";
    if (mknod(path, S_IFBLK | 0600, makedev(7, 0)) < 0) return -1;
    int fd = open(path, O_RDONLY);
    int error = errno;
    unlink(path);
    errno = error;
    return fd;
}
static long try_chown(void) {
    const char *path = "/tmp/.probe-chown";
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    long code = fd < 0 ? -1 : fchown(fd, 12345, 12345);
    int error = errno;
    unlink(path);
    errno = error;
    return code;
}
static long try_setuid(void) { return setresuid(12345, 12345, 12345); }
static long try_priority(void) { return setpriority(PRIO_PROCESS, 0, -5); }
static long try_low_port(void) {
    struct sockaddr_in a = local_port(81);
    return bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&a, sizeof a);
}
static long try_personality(void) { return syscall(SYS_personality, 0x0400000); }
static long try_keyctl(void) { return syscall(SYS_keyctl, 0, -3, 0); }
/* A copy of this program that belongs to root has the set-user-id bit. */
static long try_setuid_program(void) {
    execl("/bin/raise", "raise", (char *)NULL);
    return -1;
}
static long try_chroot(void) { return chroot("/"); }
static long try_sched(void) {
    struct sched_param p = {.sched_priority = 1};
    return sched_setscheduler(0, SCHED_RR, &p);
}
static long try_bpf(void) {
    char attributes[128] = {0};
    return syscall(SYS_bpf, 0x5 /* PROG_LOAD */, attributes, sizeof attributes);
}

static void attempts(void) {
    static const struct { const char *name; long (*what)(void); } all[] = {
        {"mount", try_mount}, {"mount namespace", try_mount_namespace},
        {"user namespace", try_user_namespace}, {"hostname", try_hostname},
        {"init_module", try_module}, {"raw socket", try_raw_socket},
        {"packet socket", try_packet_socket}, {"clock", try_clock},
        {"kernel log", try_kernel_log}, {"block device", try_block_device},
        {"chown", try_chown}, {"setuid", try_setuid}, {"priority", try_priority},
        {"low port", try_low_port}, {"personality", try_personality},
        {"keyctl", try_keyctl}, {"chroot", try_chroot}, {"real time", try_sched},
        {"bpf", try_bpf}, {"setuid program", try_setuid_program},
    };
    open_object("attempts");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        result(all[i].name, in_child(all[i].what));
    pid_t seen = victim();
    if (!seen) {
        pair("see victim", "ESRCH");
    } else {
        pair("see victim", "ok");
        result("signal victim", kill(seen, 0));
        long code = ptrace(PTRACE_SEIZE, seen, 0, 0);
        result("trace victim", code);
        char path[64], link[8];
        snprintf(path, sizeof path, "/proc/%d/root", seen);
        result("root of victim", readlink(path, link, sizeof link));
    }
    struct sockaddr_in port = local_port(VICTIM_PORT);
    result("connect to victim", reach(AF_INET, SOCK_STREAM, &port, sizeof port));
    struct sockaddr_un name;
    socklen_t size = abstract(&name);
    result("abstract socket of victim", reach(AF_UNIX, SOCK_STREAM, &name, size));
    result("shared memory of victim", shmget(VICTIM_KEY, 0, 0));
    result("write /proc/sys", rewrite("/proc/sys/kernel/msgmax"));
    result("write /proc/sys/vm", rewrite("/proc/sys/vm/swappiness"));
    result("write /sys", open("/sys/kernel/mm/transparent_hugepage/enabled", O_WRONLY));
    close_object();
}

static void words(const char *name, const char *variable, void (*what)(const char *)) {
    const char *given = getenv(variable);
    char *all = strdup(given ? given : ""), *rest = all, *word;
    open_object(name);
    while ((word = strsep(&rest, " ")))
        if (*word) what(word);
    close_object();
    free(all);
}

static void try_write(const char *path) { result(path, write_below(path)); }
static void try_open(const char *path) {
    int fd = open(path, O_RDWR | O_NONBLOCK);
    if (fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM))
        fd = open(path, O_RDONLY | O_NONBLOCK) >= 0 ? -2 : -1;
    if (fd == -2) pair(path, "read");
    else result(path, fd);
    if (fd >= 0) close(fd);
}
static void try_read(const char *path) {
    char c[4096];
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    long code = fd < 0 ? -1 : read(fd, c, sizeof c);
    if (code < 0 && errno == EISDIR) {
        DIR *d = opendir(path);
        int n = 0;
        while (d && readdir(d)) n++;
        if (d) closedir(d);
        pair(path, n > 2 ? "ok" : "empty");
    } else if (code == 0) pair(path, "empty");
    else result(path, code);
    if (fd >= 0) close(fd);
}

static void ulimits(void) {
    static const struct { const char *name; int kind; } all[] = {
        {"nofile", RLIMIT_NOFILE}, {"nproc", RLIMIT_NPROC}, {"memlock", RLIMIT_MEMLOCK},
        {"core", RLIMIT_CORE}, {"stack", RLIMIT_STACK}, {"fsize", RLIMIT_FSIZE},
    };
    open_object("ulimits");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct rlimit l;
        getrlimit((enum __rlimit_resource)all[i].kind, &l);
        key(all[i].name);
        printf("[%lld, %lld]", (long long)l.rlim_cur, (long long)l.rlim_max);
    }
    close_object();
}

static void devices(void) {
    DIR *dev = opendir("/dev");
    struct dirent *entry;
    const char *between = "";
    key("dev");
    putchar('[');
    while (dev && (entry = readdir(dev))) {
        if (entry->d_name[0] == '.') continue;
        printf("%s", between);
        text(entry->d_name, strlen(entry->d_name));
        between = ", ";
    }
    putchar(']');
    comma = ", ";
    if (dev) closedir(dev);
}

static void groups(void) {
    gid_t all[256];
    int n = getgroups(256, all);
    key("groups");
    putchar('[');
    for (int i = 0; i < n; i++) printf("%s%u", i ? ", " : "", all[i]);
    putchar(']');
}

static void wait_for_ever(void) {
    signal(SIGTERM, _exit);
    signal(SIGINT, _exit);
    for (;;) pause();
}

static void be_victim(const char *path) {
    struct sockaddr_in port = local_port(VICTIM_PORT);
    struct sockaddr_un name;
    socklen_t size = abstract(&name);
    int tcp = socket(AF_INET, SOCK_STREAM, 0), local = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(tcp, (struct sockaddr *)&port, sizeof port) || listen(tcp, 100)
        || bind(local, (struct sockaddr *)&name, size) || listen(local, 100)
        || shmget(VICTIM_KEY, 4096, IPC_CREAT | 0666) < 0 || !freopen(path, "w", stdout)) {
        perror("victim");
        exit(1);
    }
    putchar('{');
    namespaces();
    printf("}\n");
    fflush(stdout);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int got = accept(tcp, NULL, NULL);
        if (got >= 0) close(got);
    }
}

int main(int argc, char **argv) {
    if (!strcmp(argv[0], "raise")) return geteuid() == 0 ? 0 : EPERM;
    if (argc > 1 && !strcmp(argv[0], "victim")) be_victim(argv[1]);
    static const char *files[] = {
        "/proc/self/status", "/proc/self/mountinfo", "/proc/self/oom_score_adj",
        "/proc/net/route", "/proc/sys/kernel/hostname",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.soft_limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.oom_control",
        "/sys/fs/cgroup/pids/pids.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us", "/sys/fs/cgroup/cpuset/cpuset.cpus",
        "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/cpu.max",
        "/sys/fs/cgroup/cpuset.cpus", "/proc/self/cgroup",
    };
    putchar('{');
    open_object("files");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) file(files[i]);
    close_object();
    key("uid");
    printf("%d", getuid());
    key("gid");
    printf("%d", getgid());
    groups();
    namespaces();
    ulimits();
    devices();
    words("write", "PROBE_WRITE", try_write);
    words("read", "PROBE_READ", try_read);
    words("devices", "PROBE_DEVICES", try_open);
    words("sockets", "PROBE_SOCKETS", command_engine);
    attempts();
    printf("}\n");
    fflush(stdout);
    if (argc > 1 && !strcmp(argv[1], "once")) return 0;
    wait_for_ever();
}
