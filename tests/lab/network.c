/* Opens and takes TCP connections, to see who reaches whom.
 *
 *   network listen PORT...        listens on all addresses, for as long as it runs
 *   network ask ADDRESS:PORT... NAME...
 *                                 prints, as one line of JSON, what came of a connection
 *                                 to each address ("ok" or the name of an errno), and the
 *                                 addresses of each name
 *
 * Names are looked up in /etc/hosts and by the name server of /etc/resolv.conf.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 512
/* What a firewall drops has no answer at all. */
#define MILLISECONDS 800

static int listen_on(int count, char **ports) {
    for (int i = 0; i < count; i++) {
        struct sockaddr_in a = {.sin_family = AF_INET};
        int yes = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
        a.sin_port = htons((uint16_t)atoi(ports[i]));
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, 1000)) {
            perror(ports[i]);
            return 1;
        }
    }
    signal(SIGTERM, _exit);
    puts("{}");
    fflush(stdout);
    for (;;) pause();
}

static void connections(int count, char **words) {
    struct pollfd polled[MOST];
    const char *outcomes[MOST];
    int n = count < MOST ? count : MOST;
    for (int i = 0; i < n; i++) {
        struct sockaddr_in a = {.sin_family = AF_INET};
        char address[64];
        char *colon = strchr(words[i], ':');
        snprintf(address, sizeof address, "%.*s", (int)(colon - words[i]), words[i]);
        inet_pton(AF_INET, address, &a.sin_addr);
        a.sin_port = htons((uint16_t)atoi(colon + 1));
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        polled[i] = (struct pollfd){.fd = fd, .events = POLLOUT};
        outcomes[i] = "ETIMEDOUT";
        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) outcomes[i] = "ok";
        else if (errno != EINPROGRESS) outcomes[i] = strerrorname_np(errno);
        else continue;
        polled[i].fd = -1;
    }
    for (int left = MILLISECONDS; left > 0; left -= 50) {
        int waiting = 0;
        poll(polled, (nfds_t)n, 50);
        for (int i = 0; i < n; i++) {
            if (polled[i].fd < 0) continue;
            if (!polled[i].revents) {
                waiting = 1;
                continue;
            }
            int error = 0;
            socklen_t size = sizeof error;
            getsockopt(polled[i].fd, SOL_SOCKET, SO_ERROR, &error, &size);
            outcomes[i] = error ? strerrorname_np(error) : "ok";
            polled[i].fd = -1;
        }
        if (!waiting) break;
    }
    for (int i = 0; i < n; i++)
        printf("%s\"%s\": \"%s\"", i ? ", " : "", words[i], outcomes[i]);
}

/* Print the addresses of a name in /etc/hosts. */
static int in_hosts(const char *name) {
    char line[512];
    int found = 0;
    FILE *hosts = fopen("/etc/hosts", "r");
    while (hosts && fgets(line, sizeof line, hosts)) {
        char *rest = line, *address = strsep(&rest, " \t\n"), *word;
        while ((word = strsep(&rest, " \t\n")))
            if (!strcmp(word, name) && !strchr(address, ':'))
                printf("%s\"%s\"", found++ ? ", " : "", address);
    }
    if (hosts) fclose(hosts);
    return found;
}

static in_addr_t name_server(void) {
    char line[512], address[64] = "";
    FILE *file = fopen("/etc/resolv.conf", "r");
    while (file && fgets(line, sizeof line, file) && !*address)
        sscanf(line, "nameserver %63s", address);
    if (file) fclose(file);
    return inet_addr(*address ? address : "127.0.0.1");
}

/* Ask the name server for all names at once: what it does not know, it asks others. */
static int query(int count, char **names) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(53)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    a.sin_addr.s_addr = name_server();
    for (int i = 0; i < count; i++) {
        unsigned char packet[512] = {(unsigned char)i, 0, 1, 0, 0, 1};
        size_t size = 12, length = strlen(names[i]);
        packet[size++] = (unsigned char)length;
        memcpy(packet + size, names[i], length);
        size += length + 1;
        packet[size + 1] = packet[size + 3] = 1;
        sendto(fd, packet, size + 4, 0, (struct sockaddr *)&a, sizeof a);
    }
    return fd;
}

/* Print the addresses in the answers to one name (RFC 1035). */
static void answers(const unsigned char *packet, ssize_t got, const char *name) {
    size_t at = 12 + strlen(name) + 2 + 4;
    int found = 0;
    for (int i = 0; got > 12 && i < packet[6] * 256 + packet[7]; i++) {
        while (at < (size_t)got && packet[at] && packet[at] < 192) at += packet[at] + 1u;
        at += packet[at] ? 2 : 1;
        if (at + 14 > (size_t)got) return;
        int length = packet[at + 8] * 256 + packet[at + 9];
        if (packet[at + 1] == 1 && length == 4)
            printf("%s\"%d.%d.%d.%d\"", found++ ? ", " : "", packet[at + 10],
                   packet[at + 11], packet[at + 12], packet[at + 13]);
        at += 10u + (size_t)length;
    }
}

static void addresses_of(int count, char **names) {
    static unsigned char packets[MOST][512];
    static ssize_t sizes[MOST];
    int n = count < MOST ? count : MOST, left = n, fd = query(n, names);
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    while (left > 0 && poll(&polled, 1, MILLISECONDS / 2) > 0) {
        unsigned char packet[512];
        ssize_t got = recv(fd, packet, sizeof packet, 0);
        if (got < 0) break;
        if (packet[0] >= n || sizes[packet[0]]) continue;
        memcpy(packets[packet[0]], packet, (size_t)got);
        sizes[packet[0]] = got;
        left--;
    }
    close(fd);
    for (int i = 0; i < n; i++) {
        printf("%s\"%s\": [", i ? ", " : "", names[i]);
        if (!in_hosts(names[i])) answers(packets[i], sizes[i], names[i]);
        printf("]");
    }
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    if (!strcmp(argv[1], "listen")) return listen_on(argc - 2, argv + 2);
    int addresses = 0;
    while (2 + addresses < argc && strchr(argv[2 + addresses], ':')) addresses++;
    printf("{\"connections\": {");
    connections(addresses, argv + 2);
    printf("}, \"names\": {");
    addresses_of(argc - 2 - addresses, argv + 2 + addresses);
    printf("}}\n");
    return 0;
}
