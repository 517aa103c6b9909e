// Connections: opening, reading and writing them, with or without TLS.
#include "wsload.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

extern int ep;

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void arm(conn *c, int write) {
    if (c->want_write == write)
        return;
    c->want_write = write;
    struct epoll_event e = {EPOLLIN | (write ? EPOLLOUT : 0), {.ptr = c}};
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}

void drop(conn *c) {
    if (c->ssl)
        tls_free(c);
    inflate_free(c);
    free(c->head);
    c->head = NULL;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

// Whether closing the socket resets the connection: where there are too many for each to leave a port in TIME_WAIT.
static int resets(void) {
    return !opt.end_with_close && (opt.mode == HANDSHAKE || opt.mode == RAMP || opt.mode == IDLE || opt.messages > 0);
}

static void bind_source(conn *c) { // spread over 127.x.y.2, and connect() picks the port: they do not run out
    static uint32_t started;
    int one = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = 0};
    a.sin_addr.s_addr = htonl(0x7f000002 + ((getpid() & 0x3f) << 16) + ((started++ / 2000 % 250) << 8));
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    bind(c->fd, (void *)&a, sizeof a);
}

void start_conn(conn *c) {
    memset(c, 0, offsetof(conn, sent));
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) {
        fail(c, "socket");
        return;
    }
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (resets()) {
        struct linger l = {1, 0};
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
    }
    bind_source(c);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(opt.port)};
    inet_pton(AF_INET, opt.host, &a.sin_addr);
    if (connect(c->fd, (void *)&a, sizeof a) < 0 && errno != EINPROGRESS) {
        fail(c, "connect");
        return;
    }
    struct epoll_event e = {EPOLLIN | EPOLLOUT, {.ptr = c}};
    c->want_write = 1;
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}

static void encrypt(conn *c) {
    int wants_write = 0, done = tls_handshake(c, &wants_write);
    errno = EPROTO;
    if (done < 0)
        fail(c, "TLS");
    else if (done == 0)
        arm(c, wants_write);
    else if (opt.raw)
        opened(c);
    else
        send_upgrade(c);
}

void connecting(conn *c, uint32_t events) {
    if (c->state == ENCRYPTING) {
        encrypt(c);
        return;
    }
    if (!(events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
        return;
    int error = 0;
    socklen_t l = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &l);
    if (error) {
        errno = error;
        fail(c, "connect");
    } else if (opt.tls) {
        c->state = ENCRYPTING;
        tls_attach(c);
        encrypt(c);
    } else if (opt.raw) {
        arm(c, 0);
        opened(c);
    } else
        send_upgrade(c);
}

void flush_tx(conn *c) {
    while (c->tx_pending) {
        ssize_t n = c->ssl ? tls_write(c, c->tx, c->tx_pending) : write(c->fd, c->tx, c->tx_pending);
        if (n < 0) {
            if (errno == EAGAIN)
                arm(c, 1);
            else
                fail(c, "write");
            return;
        }
        c->tx += n;
        c->tx_pending -= n;
    }
    arm(c, 0);
}

void send_bytes(conn *c, const uint8_t *b, uint64_t n) {
    c->tx = b;
    c->tx_pending = n;
    flush_tx(c);
}

static void at_end(conn *c) {
    errno = 0;
    if (c->state != CLOSING || !c->close_received)
        fail(c, "the server ended the connection");
    else
        drop(c); // as RFC 6455 section 7.1.1 has it, the server is the first to close
}

static void take(conn *c, const uint8_t *b, size_t n) {
    bytes_in += n;
    if (c->state == UPGRADING) {
        size_t used = take_response(c, b, n);
        b += used;
        n -= used;
    }
    if (c->fd >= 0 && n)
        parse(c, b, n);
}

void readable(conn *c) {
    static uint8_t buffer[1 << 18];
    for (;;) {
        ssize_t n = c->ssl ? tls_read(c, buffer, sizeof buffer) : read(c->fd, buffer, sizeof buffer);
        if (n == 0) {
            at_end(c);
            return;
        }
        if (n < 0) {
            if (errno != EAGAIN)
                fail(c, "read");
            return;
        }
        take(c, buffer, n);
        if (c->fd < 0 || (!c->ssl && (size_t)n < sizeof buffer))
            return;
    }
}
