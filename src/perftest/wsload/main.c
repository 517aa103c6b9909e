// wsload: a single-threaded epoll WebSocket load generator that reports the server's CPU time per message.
//
//   ./build
//   ../../../target/wsload --port 9001 --path /echo --conns 100 --size 128 --window 1 --seconds 5 --pid $SERVER
//
// Modes: echo (each connection keeps --window messages in flight, or --rate messages/s in all, open loop; with --messages N a
// connection ends after N of them and is opened again), broadcast (connection 0 publishes, all receive), handshake (connect,
// upgrade, end, again), ramp (open --conns sessions: a unit is one of them), idle (open, exchange --messages N on each, and with
// --hold keep them until standard input ends). A connection ends by a reset, or with --end close by Close frames and the server's FIN.
// --raw sends the bytes of the messages without WebSocket: the floor; --mode tcp is short for --mode echo --raw. --ticks sends short
// JSON messages, each different; --deflate compresses, --tls CERTIFICATE encrypts and trusts that certificate.
// Prints one line of JSON. Loopback only.
#include "wsload.h"
#include <getopt.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

struct options opt = {.host = "127.0.0.1", .path = "/echo", .port = 9001, .conns = 100, .window = 1, .fragments = 1, .text = 1,
                      .verify = 1, .size = 128, .messages = -1, .seconds = 5, .warmup = 2, .mode = ECHO};
int ep;
conn *cs;
int errors, mismatches, open_count;
uint64_t bytes_in;

#define LATENCIES 20000000
static uint64_t *latencies, latency_count;
static uint64_t messages, deliveries, sessions, missing;
static int done_count; // idle sessions that have exchanged their messages
static int measuring, stopped;

static int reconnecting(void) { return opt.mode == HANDSHAKE || (opt.mode == ECHO && opt.messages > 0); }

static int sends(conn *c) {
    if (opt.mode == BROADCAST)
        return c == cs;
    return opt.mode == ECHO || (opt.mode == IDLE && opt.messages > 0);
}

void fail(conn *c, const char *why) {
    if (errors++ < 5)
        fprintf(stderr, "wsload: connection %ld: %s (%s)\n", (long)(c - cs), why, errno ? strerror(errno) : "no system error");
    drop(c);
}

void opened(conn *c) {
    c->state = OPEN;
    open_count++;
    done_count += opt.mode == IDLE && opt.messages <= 0;
}

void on_message(conn *c) {
    deliveries += measuring && !stopped;
    c->carried++;
    if (opt.mode == BROADCAST && c != cs)
        return;
    if (!c->inflight) {
        mismatches++;
        return;
    }
    uint64_t sent = c->sent[c->ring_tail];
    c->ring_tail = (c->ring_tail + 1) % RING;
    c->inflight--;
    done_count += opt.mode == IDLE && (int64_t)c->carried == opt.messages;
    if (measuring) {
        messages++;
        if (latency_count < LATENCIES)
            latencies[latency_count++] = now_ns() - sent;
    }
}

static void send_more(conn *c) { // a closed loop's next messages
    int64_t n = opt.window - c->inflight, left = opt.messages - (int64_t)c->carried - c->inflight;
    if (opt.messages >= 0 && n > left)
        n = left;
    if (n > 0 && !c->tx_pending && !stopped)
        send_messages(c, n, now_ns());
}

static void again(conn *c) {
    sessions += measuring;
    open_count--;
    start_conn(c);
}

static void go_on(conn *c, int begun) { // what an open connection does next
    if (reconnecting() && c->state == OPEN && (int64_t)c->carried >= opt.messages) {
        if (opt.end_with_close)
            send_close(c);
        else {
            drop(c);
            again(c);
        }
    } else if (begun && opt.rate == 0 && c->state == OPEN && sends(c))
        send_more(c);
}

static void handle(conn *c, uint32_t events, int begun) {
    if (c->fd < 0)
        return;
    if (c->state < UPGRADING)
        connecting(c, events);
    else {
        if (events & EPOLLOUT)
            flush_tx(c);
        if (c->fd >= 0 && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            readable(c);
    }
    if (c->fd < 0 && c->close_received && c->state == CLOSING)
        again(c);
    else if (c->fd >= 0)
        go_on(c, begun);
}

static int await(int milliseconds, int begun) {
    struct epoll_event events[1024];
    int n = epoll_wait(ep, events, 1024, milliseconds);
    for (int i = 0; i < n; i++)
        handle(events[i].data.ptr, events[i].events, begun);
    return n;
}

static void open_loop(int idle) { // message k is due at a fixed time, and its latency counts from then
    static uint64_t first, sent;
    static unsigned turn;
    uint64_t now = now_ns();
    if (!first)
        first = now;
    int skipped = 0;
    while (skipped < opt.conns && first + (uint64_t)(sent * 1e9 / opt.rate) <= now) {
        conn *c = opt.mode == BROADCAST ? cs : &cs[turn++ % opt.conns];
        if (c->fd < 0 || c->state != OPEN || c->tx_pending || c->inflight >= RING - 1) {
            skipped++;
            if (opt.mode == BROADCAST)
                break;
            continue;
        }
        send_messages(c, 1, first + (uint64_t)(sent * 1e9 / opt.rate));
        sent++;
    }
    if (idle)
        nanosleep(&(struct timespec){0, 50000}, 0);
}

static void await_broadcasts(void) { // publishing has stopped; what was published must still reach every member
    uint64_t until = now_ns() + 5000000000ull, short_of = 1;
    while (short_of && now_ns() < until) {
        await(50, 1);
        short_of = cs[0].inflight;
        for (int i = 0; i < opt.conns; i++)
            short_of += cs[i].fd < 0 || cs[i].carried != cs[0].carried;
    }
    for (int i = 0; i < opt.conns; i++)
        missing += cs[i].carried < cs[0].carried ? cs[0].carried - cs[i].carried : 0;
}

static void hold(void) { // pings are answered until standard input ends
    fflush(stdout);
    static conn input;
    struct epoll_event e = {EPOLLIN | EPOLLHUP, {.ptr = &input}}, events[1024];
    if (epoll_ctl(ep, EPOLL_CTL_ADD, STDIN_FILENO, &e) < 0) // a file or /dev/null, at whose end we are
        return;
    for (;;) {
        int n = epoll_wait(ep, events, 1024, -1);
        for (int i = 0; i < n; i++) {
            char ignored[256];
            if (events[i].data.ptr != &input)
                handle(events[i].data.ptr, events[i].events, 1);
            else if (read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
                return;
        }
    }
}

static void number(const char *text, double least, double *into) {
    char *end;
    *into = strtod(text, &end);
    if (end == text || *end || *into < least) {
        fprintf(stderr, "wsload: not a number of at least %g: %s\n", least, text);
        exit(2);
    }
}

static void set_mode(const char *name) {
    static const char *const names[] = {"echo", "broadcast", "handshake", "ramp", "idle", "tcp"};
    for (int i = 0; i < 6; i++)
        if (!strcmp(name, names[i])) {
            opt.raw |= i == 5;
            opt.mode = i == 5 ? ECHO : (enum mode)i;
            return;
        }
    fprintf(stderr, "wsload: unknown mode: %s\n", name);
    exit(2);
}

static void parse_options(int argc, char **argv) {
    static const struct option names[] = {
        {"host", 1, 0, 'h'},      {"port", 1, 0, 'p'},      {"path", 1, 0, 'P'},     {"conns", 1, 0, 'c'},   {"size", 1, 0, 's'},
        {"window", 1, 0, 'w'},    {"rate", 1, 0, 'r'},      {"seconds", 1, 0, 't'},  {"warmup", 1, 0, 'u'},  {"mode", 1, 0, 'm'},
        {"pid", 1, 0, 'i'},       {"bin", 0, 0, 'b'},       {"fragments", 1, 0, 'f'}, {"no-verify", 0, 0, 'n'}, {"raw", 0, 0, 'R'},
        {"messages", 1, 0, 'M'},  {"end", 1, 0, 'e'},       {"deflate", 0, 0, 'z'},  {"ticks", 0, 0, 'T'},   {"tls", 1, 0, 'S'},
        {"hold", 0, 0, 'H'},      {0}};
    double v = 0;
    for (int x; (x = getopt_long(argc, argv, "", names, 0)) != -1;)
        switch (x) {
        case 'h': opt.host = optarg; break;
        case 'P': opt.path = optarg; break;
        case 'S': opt.tls = optarg; break;
        case 'm': set_mode(optarg); break;
        case 'e': opt.end_with_close = !strcmp(optarg, "close"); break;
        case 'b': opt.text = 0; break;
        case 'n': opt.verify = 0; break;
        case 'R': opt.raw = 1; break;
        case 'z': opt.deflate = 1; break;
        case 'T': opt.ticks = 1; break;
        case 'H': opt.hold = 1; break;
        case 'p': number(optarg, 1, &v); opt.port = v; break;
        case 'c': number(optarg, 1, &v); opt.conns = v; break;
        case 's': number(optarg, 0, &v); opt.size = v; break;
        case 'w': number(optarg, 1, &v); opt.window = v < RING ? v : RING - 1; break;
        case 'i': number(optarg, 1, &v); opt.pid = v; break;
        case 'f': number(optarg, 1, &v); opt.fragments = v; break;
        case 'M': number(optarg, 0, &v); opt.messages = v; break;
        case 'r': number(optarg, 0, &opt.rate); break;
        case 't': number(optarg, 0, &opt.seconds); break;
        case 'u': number(optarg, 0, &opt.warmup); break;
        default: exit(2);
        }
    if (opt.mode == HANDSHAKE)
        opt.messages = 0;
    const char *wrong = strncmp(opt.host, "127.", 4)                                          ? "loopback only"
                        : opt.raw && (opt.deflate || opt.end_with_close)                      ? "--raw knows no frames"
                        : opt.raw && opt.mode != ECHO && opt.mode != IDLE                       ? "--raw is for echo and idle"
                        : opt.rate > 0 && (reconnecting() || opt.mode == IDLE)                ? "--rate is for connections that stay"
                        : opt.end_with_close && !reconnecting()                               ? "--end is for connections that end"
                                                                                              : NULL;
    if (wrong) {
        fprintf(stderr, "wsload: %s\n", wrong);
        exit(2);
    }
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static double quantile(double p) { return latency_count ? latencies[(uint64_t)((latency_count - 1) * p)] / 1e3 : 0; }

static struct {
    double open_seconds, seconds, self_cpu;
    uint64_t open_cpu, cpu; // of the server, in ns: until all were open, and while it was measured
    long rss_before;
} run;

static void report(void) {
    static const char *const names[] = {"echo", "broadcast", "handshake", "ramp", "idle"};
    uint64_t count = opt.mode == HANDSHAKE   ? sessions
                     : opt.mode == BROADCAST ? deliveries
                     : opt.mode == ECHO      ? messages
                                             : (uint64_t)open_count;
    double seconds = run.seconds, cpu = run.cpu;
    long rss = server_rss_kb(opt.pid);
    qsort(latencies, latency_count, sizeof *latencies, compare);
    printf("{\"mode\":\"%s\",\"conns\":%d,\"open\":%d,\"size\":%ld,\"window\":%d,\"rate\":%.0f,\"seconds\":%.2f,"
           "\"count\":%llu,\"sessions\":%llu,\"per_s\":%.0f,\"server_us_per\":%.3f,\"server_cpu\":%.2f,\"client_cpu\":%.2f,",
           opt.raw && opt.mode == ECHO ? "tcp" : names[opt.mode], opt.conns, open_count, opt.size, opt.window, opt.rate, seconds,
           (unsigned long long)count, (unsigned long long)sessions, seconds ? count / seconds : 0, count ? cpu / 1e3 / count : 0,
           seconds ? cpu / 1e9 / seconds : 0, seconds ? run.self_cpu / seconds : 0);
    printf("\"bytes_per\":%.1f,\"p50_us\":%.0f,\"p99_us\":%.0f,\"p999_us\":%.0f,\"max_us\":%.0f,\"errors\":%d,\"mismatches\":%d,"
           "\"missing\":%llu,\"open_s\":%.2f,\"open_us_per\":%.1f,\"rss_kb\":%ld,\"rss_kb_per_conn\":%.2f}\n",
           count ? (double)bytes_in / count : 0, quantile(0.5), quantile(0.99), quantile(0.999), quantile(1), errors, mismatches,
           (unsigned long long)missing, run.open_seconds, run.open_cpu / 1e3 / opt.conns, rss,
           (double)(rss - run.rss_before) / opt.conns);
}

static void start_more(void) { // a few hundred at a time, fewer than the backlog of a listener
    static int started;
    while (started < opt.conns && started - open_count < 200 && errors <= 100)
        start_conn(&cs[started++]);
}

// Opens all connections; those that reconnect begin at once. Returns 0 if for a minute nothing comes that would bring it on.
static int open_all(void) {
    uint64_t start = now_ns(), last_progress = start, cpu = server_cpu_ns(opt.pid);
    double self = self_cpu();
    int ready = 0;
    while (!ready) {
        start_more();
        if (await(100, opt.mode == IDLE || reconnecting()))
            last_progress = now_ns();
        ready = reconnecting() || (opt.mode == IDLE ? done_count : open_count) + errors >= opt.conns;
        if (errors > 100 || now_ns() - last_progress > 60000000000ull) {
            fprintf(stderr, "wsload: %d of %d connections open, %d errors\n", open_count, opt.conns, errors);
            return 0;
        }
    }
    run.open_seconds = (now_ns() - start) / 1e9;
    run.open_cpu = server_cpu_ns(opt.pid) - cpu;
    run.seconds = run.open_seconds; // of a ramp or of idle sessions
    run.cpu = run.open_cpu;
    run.self_cpu = self_cpu() - self;
    return 1;
}

static void work_until(uint64_t end) {
    while (now_ns() < end && errors <= 100) {
        start_more();
        int n = await(opt.rate > 0 ? 0 : 100, 1);
        if (opt.rate > 0)
            open_loop(n == 0);
    }
}

static void measure(void) {
    for (int i = 0; i < opt.conns && !reconnecting() && opt.rate == 0; i++)
        if (cs[i].fd >= 0 && sends(&cs[i]))
            send_more(&cs[i]);
    work_until(now_ns() + opt.warmup * 1e9);
    bytes_in = 0;
    uint64_t start = now_ns(), cpu = server_cpu_ns(opt.pid);
    double self = self_cpu();
    measuring = 1;
    work_until(start + opt.seconds * 1e9);
    stopped = 1;
    run.seconds = (now_ns() - start) / 1e9;
    run.cpu = server_cpu_ns(opt.pid) - cpu;
    run.self_cpu = self_cpu() - self;
    if (opt.mode == BROADCAST && opt.rate == 0)
        await_broadcasts();
}

int main(int argc, char **argv) {
    parse_options(argc, argv);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (opt.tls)
        tls_prepare();
    build_messages();
    ep = epoll_create1(0);
    cs = calloc(opt.conns, sizeof *cs);
    for (int i = 0; i < opt.conns; i++) {
        cs[i].fd = -1;
        cs[i].sent = opt.messages == 0 || opt.mode == RAMP ? NULL : malloc(RING * sizeof(uint64_t));
    }
    latencies = malloc(LATENCIES * sizeof *latencies);
    run.rss_before = server_rss_kb(opt.pid);
    int complete = open_all();
    if (complete && opt.mode != RAMP && opt.mode != IDLE)
        measure();
    report();
    if (complete && opt.hold)
        hold();
    return !complete || errors || mismatches || missing;
}
