// What the parts of wsload share. main.c has the usage, the options and the event loop.
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum mode { ECHO, BROADCAST, HANDSHAKE, RAMP, IDLE };
enum state { CONNECTING, ENCRYPTING, UPGRADING, OPEN, CLOSING };

struct options {
    const char *host, *path, *tls; // tls: the certificate to trust
    int port, conns, window, fragments, pid, text, verify;
    int raw, deflate, ticks, hold, end_with_close;
    long size, messages; // messages: how many a connection carries, or -1
    double rate, seconds, warmup;
    enum mode mode;
};
extern struct options opt;

#define RING 4096 // messages in flight on a connection, at most
typedef struct {
    int fd;
    enum state state;
    int inflight, want_write;
    const uint8_t *tx; // what is still to write
    uint64_t tx_pending;
    int next_out, next_in; // which of the payloads is sent next, and comes back next
    uint64_t carried;      // messages that came back
    // The frame and message being read.
    uint64_t need; // payload bytes left of the frame
    uint8_t hdr[16];
    int hdr_len;
    int fin, opcode, in_message, compressed;
    uint64_t got; // bytes of the message, after inflating
    uint8_t control[125];
    int control_len;
    int close_received;
    int inflater_resets; // server_no_context_takeover
    void *inflater, *ssl;
    char *head; // of the response, until the 101 is whole
    int head_len;
    int ring_head, ring_tail;
    uint64_t *sent; // a ring: when each message in flight was sent, or due; kept when the connection is opened again
} conn;

extern conn *cs;
extern int errors, mismatches, open_count;
extern uint64_t bytes_in;

// main.c
void opened(conn *c);
void on_message(conn *c);
void fail(conn *c, const char *why);

// connection.c
uint64_t now_ns(void);
void start_conn(conn *c);
void connecting(conn *c, uint32_t events); // goes on with TCP, TLS and the upgrade
void drop(conn *c);
void flush_tx(conn *c);
void send_bytes(conn *c, const uint8_t *b, uint64_t n); // only when nothing is pending; b must stay
void readable(conn *c);

// upgrade.c
void send_upgrade(conn *c);
size_t take_response(conn *c, const uint8_t *b, size_t n); // how many of the bytes belong to the response

// messages.c
void build_messages(void);
void send_messages(conn *c, int n, uint64_t at); // at: when they were due
void send_close(conn *c);
void parse(conn *c, const uint8_t *b, size_t n);
long largest_message(void);

// deflate.c
size_t deflated(const uint8_t *in, size_t n, uint8_t **out);
int inflate_part(conn *c, const uint8_t *b, size_t n, const uint8_t *expected, uint64_t size); // 1: as expected so far
int inflate_end(conn *c, const uint8_t *expected, uint64_t size);
void inflate_free(conn *c);

// tls.c
void tls_prepare(void);
void tls_attach(conn *c);
int tls_handshake(conn *c, int *wants_write); // 1 done, 0 not yet, -1 failed
ssize_t tls_read(conn *c, void *b, size_t n); // as read(2) and write(2)
ssize_t tls_write(conn *c, const void *b, size_t n);
void tls_free(conn *c);

// server.c
uint64_t server_cpu_ns(int pid);
long server_rss_kb(int pid);
double self_cpu(void);
