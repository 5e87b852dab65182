// stream.c -- waiting for files, and sockets.

#include "plat/file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

int file_poll(FilePoll *polls, u32 count, s64 timeout, u32 *ready)
{
    struct pollfd host[FILE_POLLS];
    *ready = 0;
    if (count > FILE_POLLS) return EINVAL;
    for (u32 i = 0; i < count; i++) {
        short events = (short)((polls[i].want & POLL_in ? POLLIN : 0) |
                               (polls[i].want & POLL_out ? POLLOUT : 0));
        host[i] = (struct pollfd){.fd = polls[i].file, .events = events};
        polls[i].got = 0;
    }
    struct timespec wait = {.tv_sec = timeout / 1000000000, .tv_nsec = timeout % 1000000000};
    int n = ppoll(host, count, timeout < 0 ? NULL : &wait, NULL);
    if (n < 0) return errno == EINTR ? 0 : errno;
    for (u32 i = 0; i < count; i++) {
        short events = host[i].revents;
        polls[i].got = (u8)((events & POLLIN ? POLL_in : 0) | (events & POLLOUT ? POLL_out : 0) |
                            (events & (POLLHUP | POLLERR) ? POLL_hangup : 0) |
                            (events & POLLNVAL ? POLL_invalid : 0));
        *ready += polls[i].got != 0;
    }
    return 0;
}

int file_available(File file, u64 *bytes)
{
    int n = 0;
    *bytes = 0;
    if (ioctl(file, FIONREAD, &n)) return errno;
    *bytes = n < 0 ? 0 : (u64)n;
    return 0;
}

static bool address_of(const char *host, u16 port, struct sockaddr_storage *at, socklen_t *size)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)at;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)at;
    *at = (struct sockaddr_storage){0};
    if (!*host) host = "0.0.0.0";
    if (!strcmp(host, "localhost")) host = "127.0.0.1";
    *size = sizeof *v4;
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) return true;
    *size = sizeof *v6;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    return inet_pton(AF_INET6, host, &v6->sin6_addr) == 1;
}

int socket_listen(const char *host, u16 *port, File *file)
{
    struct sockaddr_storage at;
    socklen_t size;
    int on = 1, err = 0;
    if (!address_of(host, *port, &at, &size)) return EINVAL;
    *file = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*file < 0) return errno;
    bool good = !setsockopt(*file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) &&
                !bind(*file, (struct sockaddr *)&at, size) && !listen(*file, SOMAXCONN) &&
                !getsockname(*file, (struct sockaddr *)&at, &size);
    if (!good) {
        err = errno == EINVAL ? EADDRNOTAVAIL : errno;
        close(*file);
        return err;
    }
    // The port stands at the same place in both.
    *port = ntohs(((struct sockaddr_in *)&at)->sin_port);
    return 0;
}

int socket_accept(File file, File *connection)
{
    do *connection = accept4(file, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    while (*connection < 0 && errno == EINTR);
    return *connection < 0 ? errno : 0;
}

static void address_read(const struct sockaddr_storage *at, SocketAddress *out)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)at;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)at;
    *out = (SocketAddress){.six = at->ss_family == AF_INET6, .port = ntohs(v4->sin_port)};
    if (out->six) memcpy(out->bytes, &v6->sin6_addr, 16);
    else memcpy(out->bytes, &v4->sin_addr, 4);
    if (out->six) out->flow = ntohl(v6->sin6_flowinfo), out->scope = v6->sin6_scope_id;
}

int socket_address(File file, bool peer, SocketAddress *out)
{
    struct sockaddr_storage at = {0};
    socklen_t size = sizeof at;
    if ((peer ? getpeername : getsockname)(file, (struct sockaddr *)&at, &size)) return errno;
    if (at.ss_family != AF_INET && at.ss_family != AF_INET6) return EAFNOSUPPORT;
    address_read(&at, out);
    return 0;
}

bool socket_address_parse(const char *host, u16 port, SocketAddress *out)
{
    struct sockaddr_storage at;
    socklen_t size;
    if (!address_of(host, port, &at, &size)) return false;
    address_read(&at, out);
    return true;
}

int socket_connect(const SocketAddress *to, File *file)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(to->port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(to->port),
                              .sin6_flowinfo = htonl(to->flow), .sin6_scope_id = to->scope};
    memcpy(&v4.sin_addr, to->bytes, 4);
    memcpy(&v6.sin6_addr, to->bytes, 16);
    *file = socket(to->six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*file < 0) return errno;
    int failed = to->six ? connect(*file, (struct sockaddr *)&v6, sizeof v6)
                         : connect(*file, (struct sockaddr *)&v4, sizeof v4);
    if (!failed || errno == EINPROGRESS || errno == EINTR) return 0;
    int err = errno;
    close(*file);
    return err;
}

int socket_error(File file)
{
    int err = 0;
    socklen_t size = sizeof err;
    return getsockopt(file, SOL_SOCKET, SO_ERROR, &err, &size) ? errno : err;
}

static struct msghdr message_of(const FileSpan *spans, u32 count)
{
    return (struct msghdr){.msg_iov = (struct iovec *)spans, .msg_iovlen = count};
}

int socket_receive(File file, const FileSpan *spans, u32 count, bool peek, bool wait_all,
                   size_t *done, bool *truncated)
{
    struct msghdr message = message_of(spans, count);
    int flags = (peek ? MSG_PEEK : 0) | (wait_all ? MSG_WAITALL : MSG_DONTWAIT);
    ssize_t n;
    do n = recvmsg(file, &message, flags);
    while (n < 0 && errno == EINTR);
    *done = n < 0 ? 0 : (size_t)n;
    *truncated = n >= 0 && (message.msg_flags & MSG_TRUNC);
    return n < 0 ? errno : 0;
}

int socket_send(File file, const FileSpan *spans, u32 count, size_t *done)
{
    struct msghdr message = message_of(spans, count);
    ssize_t n;
    do n = sendmsg(file, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    *done = n < 0 ? 0 : (size_t)n;
    return n < 0 ? errno : 0;
}

int socket_shutdown(File file, bool receive, bool send)
{
    int how = receive && send ? SHUT_RDWR : receive ? SHUT_RD : SHUT_WR;
    return shutdown(file, how) < 0 ? errno : 0;
}
