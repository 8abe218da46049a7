/* Prints, as one line of JSON, the user and the capabilities of programs, as the kernel
 * shows them in /proc/self/status; then waits.
 *
 * It runs each copy of itself that has rights of its own, as any process of a container
 * can, and a copy without any. In the place of a program that the kernel refuses to run
 * is the name of the errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(void) {
    static const char *shown[] = {"CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb", "NoNewPrivs"};
    char line[256], name[32], value[64];
    FILE *status = fopen("/proc/self/status", "r");
    printf("{\"uid\": \"%d\"", geteuid());
    while (status && fgets(line, sizeof line, status)) {
        if (sscanf(line, "%31[^:]: %63s", name, value) != 2) continue;
        for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
            if (!strcmp(name, shown[i])) printf(", \"%s\": \"%s\"", name, value);
    }
    printf("}");
    fflush(stdout);
}

static void run(const char *path) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        execl(path, "show", (char *)NULL);
        printf("\"%s\"", strerrorname_np(errno));
        fflush(stdout);
        _exit(1);
    }
    waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
    static const char *programs[] = {"plain", "setuid", "file"};
    if (!strcmp(argv[0], "show")) {
        show();
        return 0;
    }
    printf("{\"first\": ");
    show();
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        char path[64];
        snprintf(path, sizeof path, "/bin/%s", programs[i]);
        printf(", \"%s\": ", programs[i]);
        run(path);
    }
    printf("}\n");
    fflush(stdout);
    if (argc > 1 && !strcmp(argv[1], "once")) return 0;
    signal(SIGTERM, _exit);
    for (;;) pause();
}
