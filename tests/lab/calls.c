/* Prints, as one line of JSON, which system calls the seccomp filter of a container lets
 * through:
 *
 *   calls NR[:ARGUMENT…] …    one word of output for each call
 *   calls traced NR           whether a tracer in the container can let the call go on
 *
 * No call is made: a second filter hands all of them to a tracer, which ends the process.
 * Of two filters the stricter action counts, so that an errno or a kill is the container's
 * own filter (seccomp(2), "Return value"). The profile has to allow ``ptrace``.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void hand_over(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
        _exit(255);
}

/* The errno of a call, 0 if it was let through, or -1 if it killed its process. */
static int attempt(const char *given) {
    char *text = strdup(given), *rest = text, *word;
    unsigned long values[7] = {0};
    for (int i = 0; i < 7 && (word = strsep(&rest, ":")); i++)
        values[i] = strtoul(word, NULL, 10);
    free(text);
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0)) _exit(255);
        raise(SIGSTOP);
        hand_over();
        long code = syscall((long)values[0], values[1], values[2], values[3], values[4],
                            values[5], values[6]);
        syscall(SYS_exit_group, code == -1 ? errno : 255);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESECCOMP);
    ptrace(PTRACE_CONT, child, 0, 0);
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    int found = status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8) ? 0 : -1;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return found;
}

/* Whether the child of a tracer makes a call that SCMP_ACT_TRACE is for. */
static int traced(long number) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0)) _exit(254);
        raise(SIGSTOP);
        _exit(syscall(number, 0, 0, 0) == -1 && errno == ENOSYS ? 1 : 0);
    }
    waitpid(child, &status, 0);
    if (WIFSTOPPED(status)) ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESECCOMP);
    while (WIFSTOPPED(status)) {
        ptrace(PTRACE_CONT, child, 0, 0);
        if (waitpid(child, &status, 0) < 0) break;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int count, char **words) {
    if (count == 3 && !strcmp(words[1], "traced")) {
        printf("[%d]\n", traced(strtol(words[2], NULL, 10)));
        return 0;
    }
    putchar('[');
    for (int i = 1; i < count; i++) {
        fflush(stdout);
        printf("%s%d", i > 1 ? "," : "", attempt(words[i]));
    }
    printf("]\n");
    return 0;
}
