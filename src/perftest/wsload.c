// wsload: a single-threaded epoll WebSocket load generator that reports the server's CPU time per message.
//
//   cc -O2 -o wsload wsload.c
//   ./wsload --port 9001 --path /echo --conns 100 --size 128 --window 1 --seconds 5 --pid $SERVER
//
// Modes: echo (each connection keeps --window messages in flight, or --rate messages/s in all, open loop),
// tcp (the same bytes without WebSocket: the floor), broadcast (connection 0 publishes, all receive),
// handshake (connect, upgrade, close, again), idle (open, hold, report the server's memory).
// Prints one line of JSON. Loopback only.
#define _GNU_SOURCE
#include <stddef.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum mode { ECHO, TCP, BROADCAST, HANDSHAKE, IDLE };
static struct {
    const char *host, *path;
    int port, conns, window, fragments, pid, text, verify;
    long size;
    double rate, seconds, warmup;
    enum mode mode;
} opt = {"127.0.0.1", "/echo", 9001, 100, 1, 1, 0, 1, 1, 128, 0, 5, 2, ECHO};

#define RING 4096
typedef struct {
    int fd, state; // 0 connecting, 1 awaiting the 101, 2 open
    int inflight, want_write;
    uint64_t tx_pending; // bytes of the current burst still to write
    uint64_t tx_off;     // offset in the burst buffer
    uint64_t need;       // payload bytes left of the frame being read
    uint8_t hdr[16];
    int hdr_len;
    int fin, opcode, in_message;
    uint64_t got; // bytes of the message being read (tcp mode: bytes of the echo)
    int head, tail;
    uint64_t received;
    uint64_t *sent;
    char *up;
    int up_len;
} conn;

static uint8_t *frame;
static uint64_t frame_len; // one message as masked frames
static uint8_t *burst;
static int burst_max; // burst_max copies of it
static uint8_t *payload;
static int ep;
static conn *cs;
static int open_count, errors, mismatches;
static uint64_t messages, bytes_in, deliveries, handshakes;
static uint64_t *lat;
static uint64_t lat_n, lat_cap;
static int measuring, ended;
static uint64_t missing;
static uint8_t rbuf[1 << 18];

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static uint64_t server_cpu_ns(int pid) { // the process's CPU clock: it keeps what finished threads have used
    clockid_t id;
    struct timespec t;
    if (!pid || clock_getcpuclockid(pid, &id) || clock_gettime(id, &t))
        return 0;
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}
static long server_rss_kb(int pid) {
    char p[64];
    snprintf(p, sizeof p, "/proc/%d/status", pid);
    FILE *f = fopen(p, "r");
    if (!f)
        return 0;
    char l[256];
    long v = 0;
    while (fgets(l, sizeof l, f))
        if (sscanf(l, "VmRSS: %ld", &v) == 1)
            break;
    fclose(f);
    return v;
}
static double self_cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_utime.tv_usec / 1e6 + u.ru_stime.tv_sec + u.ru_stime.tv_usec / 1e6;
}

static uint64_t put_frame(uint8_t *o, int opcode, int fin, const uint8_t *p, uint64_t n, int mask) {
    uint64_t i = 0;
    o[i++] = (fin ? 0x80 : 0) | opcode;
    uint8_t m = mask ? 0x80 : 0;
    if (n < 126)
        o[i++] = m | n;
    else if (n < 65536) {
        o[i++] = m | 126;
        o[i++] = n >> 8;
        o[i++] = n;
    } else {
        o[i++] = m | 127;
        for (int s = 56; s >= 0; s -= 8)
            o[i++] = n >> s;
    }
    uint8_t k[4] = {0x37, 0xfa, 0x21, 0x3d};
    if (mask) {
        memcpy(o + i, k, 4);
        i += 4;
    }
    for (uint64_t j = 0; j < n; j++)
        o[i + j] = mask ? p[j] ^ k[j & 3] : p[j];
    return i + n;
}
static void build(void) {
    payload = malloc(opt.size + 1);
    for (long i = 0; i < opt.size; i++)
        payload[i] = opt.text ? "abcdefghijklmnopqrstuvwxyz0123456789 {}:,\""[i % 42] : (uint8_t)(i * 31 + 7);
    frame = malloc(opt.size + 16ull * opt.fragments + 64);
    if (opt.mode == TCP) { // same wire bytes as a one-frame message
        frame_len = put_frame(frame, 2, 1, payload, opt.size, 1);
    } else {
        long per = (opt.size + opt.fragments - 1) / opt.fragments, at = 0;
        frame_len = 0;
        for (int f = 0; f < opt.fragments; f++) {
            long n = f == opt.fragments - 1 ? opt.size - at : (at + per > opt.size ? opt.size - at : per);
            frame_len +=
                put_frame(frame + frame_len, f ? 0 : (opt.text ? 1 : 2), f == opt.fragments - 1, payload + at, n, 1);
            at += n;
        }
    }
    burst_max = opt.window;
    while (burst_max > 1 && burst_max * frame_len > (8u << 20))
        burst_max--;
    burst = malloc(burst_max * frame_len);
    for (int i = 0; i < burst_max; i++)
        memcpy(burst + i * frame_len, frame, frame_len);
}
static void arm(conn *c, int w) {
    if (c->want_write == w)
        return;
    c->want_write = w;
    struct epoll_event e = {EPOLLIN | (w ? EPOLLOUT : 0), {.ptr = c}};
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}
static void fail(conn *c, const char *why) {
    if (c->fd >= 0) {
        close(c->fd);
        c->fd = -1;
    }
    if (errors++ < 5)
        fprintf(stderr, "wsload: connection %ld: %s (%s)\n", (long)(c - cs), why, strerror(errno));
}
static void flush_tx(conn *c) {
    while (c->tx_pending) {
        ssize_t n = write(c->fd, burst + c->tx_off, c->tx_pending);
        if (n < 0) {
            if (errno == EAGAIN) {
                arm(c, 1);
                return;
            }
            fail(c, "write");
            return;
        }
        c->tx_off += n;
        c->tx_pending -= n;
    }
    arm(c, 0);
}
static int backlog_of(conn *c) {
    return c->tx_pending > 0;
}
static void send_n(conn *c, int n, uint64_t at) { // only when nothing is pending
    if (n > burst_max)
        n = burst_max;
    for (int i = 0; i < n; i++) {
        c->sent[c->head] = at;
        c->head = (c->head + 1) % RING;
    }
    c->inflight += n;
    c->tx_off = 0;
    c->tx_pending = (uint64_t)n * frame_len;
    flush_tx(c);
}
static void on_message(conn *c) {
    deliveries += measuring && !ended;
    c->received++;
    if (opt.mode == BROADCAST && c != cs)
        return;
    if (!c->inflight) {
        mismatches++;
        return;
    }
    uint64_t t = c->sent[c->tail];
    c->tail = (c->tail + 1) % RING;
    c->inflight--;
    if (measuring) {
        messages++;
        if (lat_n < lat_cap)
            lat[lat_n++] = now_ns() - t;
    }
}
static void start_conn(conn *c, int i) {
    memset(c, 0, offsetof(conn, sent));
    c->head = c->tail = 0;
    c->up_len = 0;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) {
        fail(c, "socket");
        return;
    }
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (opt.mode == HANDSHAKE) {
        struct linger l = {1, 0};
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
    }
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = 0};
    // spread over 127.x.y.2… and let connect() pick the port, so that ports in TIME_WAIT do not run out
    a.sin_addr.s_addr = htonl(0x7f000002 + ((getpid() & 0x3f) << 16) + ((i / 2000) << 8));
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    bind(c->fd, (void *)&a, sizeof a);
    a.sin_port = htons(opt.port);
    inet_pton(AF_INET, opt.host, &a.sin_addr);
    if (connect(c->fd, (void *)&a, sizeof a) < 0 && errno != EINPROGRESS) {
        fail(c, "connect");
        return;
    }
    struct epoll_event e = {EPOLLIN | EPOLLOUT, {.ptr = c}};
    c->want_write = 1;
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}
static void upgrade(conn *c) {
    char r[1024];
    int n = snprintf(r, sizeof r,
                     "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                     opt.path, opt.host, opt.port);
    if (write(c->fd, r, n) != n) {
        fail(c, "upgrade");
        return;
    }
    arm(c, 0);
    c->state = 1;
}
static void opened(conn *c) {
    c->state = 2;
    open_count++;
}
static int right_opcode(conn *c, int opcode) {
    if (opcode >= 8)
        return opcode <= 10 && (c->hdr[1] & 127) <= 125 && c->hdr[0] & 0x80;
    if (opcode == 0)
        return c->in_message;
    return !c->in_message && opcode == (opt.text ? 1 : 2);
}
static void pong(conn *c) { // only between bursts, so that frames stay whole; an idle session always is
    uint8_t f[6] = {0x8a, 0x80, 0, 0, 0, 0};
    if (!c->tx_pending && write(c->fd, f, 6) != 6)
        fail(c, "pong");
}
static void parse(conn *c, const uint8_t *b, size_t n) {
    while (n) {
        if (c->need) {
            size_t k = n < c->need ? n : c->need;
            if (opt.verify && c->opcode < 8 && memcmp(b, payload + c->got, c->got + k <= (size_t)opt.size ? k : 0))
                mismatches++;
            if (c->opcode < 8)
                c->got += k;
            c->need -= k;
            b += k;
            n -= k;
        } else {
            while (n) {
                c->hdr[c->hdr_len++] = *b++;
                n--;
                if (c->hdr_len < 2)
                    continue;
                int l = c->hdr[1] & 127, h = l == 126 ? 4 : l == 127 ? 10 : 2;
                if (c->hdr_len < h)
                    continue;
                if (c->hdr[1] & 0x80 || c->hdr[0] & 0x70 || !right_opcode(c, c->hdr[0] & 15)) {
                    errno = EPROTO;
                    mismatches++;
                    fail(c, "a frame that no server may send here");
                    return;
                }
                c->need = l;
                if (l >= 126) {
                    c->need = 0;
                    for (int i = 2; i < h; i++)
                        c->need = c->need << 8 | c->hdr[i];
                }
                c->fin = c->hdr[0] >> 7;
                c->opcode = c->hdr[0] & 15;
                break;
            }
            if (c->hdr_len < 2)
                return;
            int l = c->hdr[1] & 127, h = l == 126 ? 4 : l == 127 ? 10 : 2;
            if (c->hdr_len < h)
                return;
        }
        if (!c->need) {
            c->hdr_len = 0;
            if (c->opcode == 8) {
                errno = 0;
                fail(c, "server closed");
                return;
            }
            if (c->opcode == 9)
                pong(c);
            if (c->opcode < 8)
                c->in_message = !c->fin;
            if (c->opcode < 8 && c->fin) {
                if (c->got != (uint64_t)opt.size)
                    mismatches++;
                c->got = 0;
                on_message(c);
            }
        }
    }
}
static void readable(conn *c) {
    for (;;) {
        ssize_t n = read(c->fd, rbuf, sizeof rbuf);
        if (n == 0) {
            errno = 0;
            fail(c, "eof");
            return;
        }
        if (n < 0) {
            if (errno == EAGAIN)
                return;
            fail(c, "read");
            return;
        }
        bytes_in += n;
        uint8_t *b = rbuf;
        size_t k = n;
        if (c->state == 1) {
            if (!c->up)
                c->up = malloc(4096);
            if (c->up_len + k > 4095)
                k = 4095 - c->up_len;
            memcpy(c->up + c->up_len, b, k);
            c->up_len += k;
            c->up[c->up_len] = 0;
            char *e = strstr(c->up, "\r\n\r\n");
            if (!e)
                continue;
            if (strncmp(c->up, "HTTP/1.1 101", 12) || !strstr(c->up, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") ||
                !strcasestr(c->up, "\r\nupgrade: websocket\r\n") || !strcasestr(c->up, "\r\nconnection: upgrade\r\n")) {
                fail(c, "not a 101");
                return;
            }
            size_t used = e + 4 - c->up, rest = c->up_len - used;
            uint8_t tmp[4096];
            memcpy(tmp, e + 4, rest);
            free(c->up);
            c->up = 0;
            opened(c);
            if (opt.mode == HANDSHAKE)
                return;
            parse(c, tmp, rest);
        } else if (opt.mode == TCP) {
            c->got += k;
            while (c->got >= frame_len) {
                c->got -= frame_len;
                on_message(c);
            }
        } else
            parse(c, b, k);
        if (c->fd < 0)
            return;
        if ((size_t)n < sizeof rbuf)
            return;
    }
}
static int cmp(const void *a, const void *b) {
    uint64_t x = *(uint64_t *)a, y = *(uint64_t *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
    static struct option o[] = {{"host", 1, 0, 'h'},      {"port", 1, 0, 'p'},      {"path", 1, 0, 'P'},
                                {"conns", 1, 0, 'c'},     {"size", 1, 0, 's'},      {"window", 1, 0, 'w'},
                                {"rate", 1, 0, 'r'},      {"seconds", 1, 0, 't'},   {"warmup", 1, 0, 'u'},
                                {"mode", 1, 0, 'm'},      {"pid", 1, 0, 'i'},       {"bin", 0, 0, 'b'},
                                {"fragments", 1, 0, 'f'}, {"no-verify", 0, 0, 'n'}, {0}};
    int x;
    while ((x = getopt_long(argc, argv, "", o, 0)) != -1)
        switch (x) {
        case 'h':
            opt.host = optarg;
            break;
        case 'p':
            opt.port = atoi(optarg);
            break;
        case 'P':
            opt.path = optarg;
            break;
        case 'c':
            opt.conns = atoi(optarg);
            break;
        case 's':
            opt.size = atol(optarg);
            break;
        case 'w':
            opt.window = atoi(optarg);
            break;
        case 'r':
            opt.rate = atof(optarg);
            break;
        case 't':
            opt.seconds = atof(optarg);
            break;
        case 'u':
            opt.warmup = atof(optarg);
            break;
        case 'i':
            opt.pid = atoi(optarg);
            break;
        case 'b':
            opt.text = 0;
            break;
        case 'f':
            opt.fragments = atoi(optarg);
            break;
        case 'n':
            opt.verify = 0;
            break;
        case 'm':
            opt.mode = !strcmp(optarg, "echo")        ? ECHO
                       : !strcmp(optarg, "tcp")       ? TCP
                       : !strcmp(optarg, "broadcast") ? BROADCAST
                       : !strcmp(optarg, "handshake") ? HANDSHAKE
                       : !strcmp(optarg, "idle")      ? IDLE
                                                      : (fprintf(stderr, "unknown mode\n"), exit(2), 0);
            break;
        default:
            return 2;
        }
    if (strncmp(opt.host, "127.", 4)) {
        fprintf(stderr, "wsload: loopback only\n");
        return 2;
    }
    if (opt.window >= RING)
        opt.window = RING - 1;
    int asked_window = opt.window;
    struct rlimit rl;
    getrlimit(RLIMIT_NOFILE, &rl);
    rl.rlim_cur = rl.rlim_max;
    setrlimit(RLIMIT_NOFILE, &rl);
    build();
    ep = epoll_create1(0);
    cs = calloc(opt.conns, sizeof *cs);
    for (int i = 0; i < opt.conns; i++)
        cs[i].sent = (opt.mode == IDLE || opt.mode == HANDSHAKE) ? 0 : malloc(RING * 8);
    lat_cap = 20000000;
    lat = malloc(lat_cap * 8);
    long rss0 = server_rss_kb(opt.pid);
    uint64_t cpu_open0 = server_cpu_ns(opt.pid), t_open0 = now_ns();
    struct epoll_event ev[1024];
    int started = 0, begun = 0;
    uint64_t t0 = now_ns(), t_meas = 0, t_end = 0, cpu0 = 0;
    double self0 = 0;
    uint64_t due0 = 0, sent_total = 0;
    int rr = 0;
    uint64_t open_deadline = t0 + 60000000000ull;
    double t_open = 0;
    uint64_t cpu_open = 0;
    for (;;) {
        while (started < opt.conns && started - open_count < 200) {
            start_conn(&cs[started], started);
            started++;
            if (errors > 100)
                break;
        }
        if (errors > 100)
            break;
        int n = epoll_wait(ep, ev, 1024, opt.rate > 0 && begun ? 0 : 100);
        uint64_t now = now_ns();
        for (int i = 0; i < n; i++) {
            conn *c = ev[i].data.ptr;
            if (c->fd < 0)
                continue;
            if (c->state == 0 && (ev[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP))) {
                int err = 0;
                socklen_t l = sizeof err;
                getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &l);
                if (err) {
                    errno = err;
                    fail(c, "connect");
                    continue;
                }
                if (opt.mode == TCP) {
                    arm(c, 0);
                    opened(c);
                } else
                    upgrade(c);
                continue;
            }
            if (ev[i].events & EPOLLOUT)
                flush_tx(c);
            if (c->fd >= 0 && (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
                readable(c);
            if (c->fd < 0)
                continue;
            if (opt.mode == HANDSHAKE && c->state == 2) {
                handshakes += measuring;
                close(c->fd);
                c->fd = -1;
                open_count--;
                start_conn(c, c - cs);
                continue;
            }
            if (begun && opt.rate == 0 && c->state == 2 && !backlog_of(c) &&
                (opt.mode == ECHO || opt.mode == TCP || (opt.mode == BROADCAST && c == cs)) && c->inflight < opt.window)
                send_n(c, opt.window - c->inflight, now_ns());
        }
        if (!begun && (opt.mode == HANDSHAKE || open_count + errors >= opt.conns)) {
            begun = 1;
            t_open = (now - t_open0) / 1e9;
            cpu_open = server_cpu_ns(opt.pid) - cpu_open0;
            t_meas = now_ns() + opt.warmup * 1e9;
            if (opt.mode != IDLE && opt.mode != HANDSHAKE && opt.rate == 0)
                for (int i = 0; i < (opt.mode == BROADCAST ? 1 : opt.conns); i++)
                    if (cs[i].fd >= 0)
                        send_n(&cs[i], opt.window, now_ns());
        }
        if (!begun && now > open_deadline) {
            fprintf(stderr, "wsload: %d of %d connections open after 60 s\n", open_count, opt.conns);
            break;
        }
        if (begun && opt.rate > 0) { // open loop: message k is due at a fixed time, and its latency counts from then
            uint64_t tn = now_ns();
            if (!due0)
                due0 = tn;
            int skipped = 0;
            while (skipped < opt.conns && due0 + (uint64_t)(sent_total * 1e9 / opt.rate) <= tn) {
                conn *c = opt.mode == BROADCAST ? cs : &cs[rr++ % opt.conns];
                if (c->fd < 0 || c->state != 2 || backlog_of(c) || c->inflight >= RING - 1) {
                    skipped++;
                    if (opt.mode == BROADCAST)
                        break;
                    continue;
                }
                send_n(c, 1, due0 + (uint64_t)(sent_total * 1e9 / opt.rate));
                sent_total++;
            }
            if (n == 0) {
                struct timespec ts = {0, 50000};
                nanosleep(&ts, 0);
            }
        }
        if (begun && !measuring && now >= t_meas) {
            measuring = 1;
            t_meas = now_ns();
            t_end = t_meas + opt.seconds * 1e9;
            cpu0 = server_cpu_ns(opt.pid);
            self0 = self_cpu();
            bytes_in = 0;
        }
        if (measuring && now >= t_end) {
            ended = 1;
            break;
        }
    }
    int window = opt.window ? opt.window : asked_window;
    double secs = measuring ? (now_ns() - t_meas) / 1e9 : 0;
    uint64_t cpu = server_cpu_ns(opt.pid) - cpu0;
    double self = self_cpu() - self0;
    if (opt.mode == BROADCAST && opt.rate == 0) { // stop publishing; what was published must still reach every member
        uint64_t until = now_ns() + 5000000000ull;
        opt.window = 0;
        while (now_ns() < until) {
            uint64_t want = cs[0].received, short_of = 0;
            for (int i = 0; i < opt.conns; i++)
                short_of += cs[i].fd < 0 || cs[i].received != want;
            if (!short_of && !cs[0].inflight)
                break;
            int n = epoll_wait(ep, ev, 1024, 50);
            for (int i = 0; i < n; i++) {
                conn *c = ev[i].data.ptr;
                if (c->fd >= 0) {
                    if (ev[i].events & EPOLLOUT)
                        flush_tx(c);
                    if (c->fd >= 0)
                        readable(c);
                }
            }
        }
        for (int i = 0; i < opt.conns; i++)
            missing += cs[i].received < cs[0].received ? cs[0].received - cs[i].received : 0;
    }
    uint64_t work = opt.mode == HANDSHAKE ? handshakes : opt.mode == BROADCAST ? deliveries : messages;
    qsort(lat, lat_n, 8, cmp);
#define Q(p) (lat_n ? lat[(uint64_t)((lat_n - 1) * p)] / 1e3 : 0.0)
    static const char *names[] = {"echo", "tcp", "broadcast", "handshake", "idle"};
    long rss1 = server_rss_kb(opt.pid);
    printf("{\"mode\":\"%s\",\"conns\":%d,\"open\":%d,\"size\":%ld,\"window\":%d,\"rate\":%.0f,\"seconds\":%.2f,"
           "\"count\":%llu,\"per_s\":%.0f,\"server_us_per\":%.3f,\"server_cpu\":%.2f,\"client_cpu\":%.2f,"
           "\"p50_us\":%.0f,\"p99_us\":%.0f,\"p999_us\":%.0f,\"max_us\":%.0f,\"errors\":%d,\"mismatches\":%d,"
           "\"missing\":%llu,\"open_s\":%.2f,\"open_us_per\":%.1f,\"rss_kb\":%ld,\"rss_kb_per_conn\":%.2f}\n",
           names[opt.mode], opt.conns, open_count, opt.size, window, opt.rate, secs, (unsigned long long)work,
           secs ? work / secs : 0, work ? cpu / 1e3 / work : 0, secs ? cpu / 1e9 / secs : 0, secs ? self / secs : 0,
           Q(0.5), Q(0.99), Q(0.999), Q(1.0), errors, mismatches, (unsigned long long)missing, t_open,
           opt.conns ? cpu_open / 1e3 / opt.conns : 0, rss1, opt.conns ? (double)(rss1 - rss0) / opt.conns : 0);
    return errors || mismatches || missing ? 1 : 0;
}
