// What is sent, built once, and what comes back, checked to the last byte.
#include "wsload.h"

// One payload for all messages, or with --ticks a list that each connection goes through from its start.
#define TICKS 1024 // more than a window of 32 KiB holds, so that nobody finds a whole message again
static struct {
    uint8_t *bytes;
    uint64_t size;
} payloads[TICKS];
static int payload_count = 1;
static uint8_t *wire;                  // their masked frames one after the other, the first ones again at the end
static uint64_t wire_at[TICKS + RING]; // where each begins
static int burst_max;                  // how many can be written at once

long largest_message(void) {
    uint64_t largest = 0;
    for (int i = 0; i < payload_count; i++)
        largest = payloads[i].size > largest ? payloads[i].size : largest;
    return largest;
}

static uint64_t put_frame(uint8_t *o, int first, const uint8_t *p, uint64_t n) {
    static const uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};
    uint64_t i = 0;
    o[i++] = first;
    if (n < 126)
        o[i++] = 0x80 | n;
    else if (n < 65536) {
        o[i++] = 0x80 | 126;
        o[i++] = n >> 8;
        o[i++] = n;
    } else {
        o[i++] = 0x80 | 127;
        for (int s = 56; s >= 0; s -= 8)
            o[i++] = n >> s;
    }
    memcpy(o + i, key, 4);
    i += 4;
    for (uint64_t j = 0; j < n; j++)
        o[i + j] = p[j] ^ key[j & 3];
    return i + n;
}

static uint64_t put_message(uint8_t *o, const uint8_t *p, uint64_t n) {
    uint8_t *compressed = NULL;
    if (opt.deflate) {
        n = deflated(p, n, &compressed);
        p = compressed;
    }
    uint64_t per = (n + opt.fragments - 1) / opt.fragments, at = 0, length = 0;
    for (int f = 0; f < opt.fragments; f++) {
        int last = f == opt.fragments - 1;
        uint64_t k = last || at + per > n ? n - at : per;
        int first = f ? 0 : (opt.deflate ? 0x40 : 0) | (opt.text ? 1 : 2);
        length += put_frame(o + length, first | (last ? 0x80 : 0), p + at, k);
        at += k;
    }
    free(compressed);
    return length;
}

static uint32_t chance(uint32_t below) { // the same ticks in every run
    static uint32_t seed = 6455;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void build_payloads(void) {
    if (!opt.ticks) {
        payloads[0].bytes = malloc(opt.size + 1);
        payloads[0].size = opt.size;
        for (long i = 0; i < opt.size; i++)
            payloads[0].bytes[i] = opt.text ? "abcdefghijklmnopqrstuvwxyz0123456789 {}:,\""[i % 42] : (uint8_t)(i * 31 + 7);
        return;
    }
    payload_count = TICKS;
    uint32_t price = 500000;
    for (int i = 0; i < TICKS; i++) {
        price += chance(201) - 100;
        payloads[i].bytes = malloc(256);
        payloads[i].size = snprintf((char *)payloads[i].bytes, 256,
                                    "{\"type\":\"tick\",\"symbol\":\"HWS\",\"bid\":%u.%02u,\"ask\":%u.%02u,\"size\":%u,\"seq\":%d}",
                                    price / 100, price % 100, (price + 7) / 100, (price + 7) % 100, 1 + chance(900), 100000 + i);
    }
}

void build_messages(void) {
    build_payloads();
    uint64_t room_each = largest_message() + 16ull * opt.fragments + 64; // incompressible bytes grow a little
    burst_max = opt.window;
    while (burst_max > 1 && burst_max * room_each > (8u << 20))
        burst_max--;
    int frames = payload_count == 1 ? burst_max : payload_count + burst_max;
    wire = malloc(frames * room_each);
    for (int i = 0; i < frames; i++) {
        int p = i % payload_count;
        wire_at[i + 1] = wire_at[i] + put_message(wire + wire_at[i], payloads[p].bytes, payloads[p].size);
    }
}

void send_messages(conn *c, int n, uint64_t at) {
    if (n > burst_max)
        n = burst_max;
    for (int i = 0; i < n; i++) {
        c->sent[c->ring_head] = at;
        c->ring_head = (c->ring_head + 1) % RING;
    }
    c->inflight += n;
    int from = c->next_out;
    c->next_out = (from + n) % payload_count;
    send_bytes(c, wire + wire_at[from], wire_at[from + n] - wire_at[from]);
}

void send_close(conn *c) {
    static uint8_t frame[16];
    static uint64_t length;
    if (!length)
        length = put_frame(frame, 0x88, (const uint8_t *)"\x03\xe8", 2);
    c->state = CLOSING;
    send_bytes(c, frame, length);
}

static void pong(conn *c) { // only between bursts, so that frames stay whole; an idle session always is
    static uint8_t frame[6 + 125];
    if (!c->tx_pending)
        send_bytes(c, frame, put_frame(frame, 0x8a, c->control, c->control_len));
}

static int right_header(conn *c) {
    int opcode = c->hdr[0] & 15, rsv = c->hdr[0] & 0x70, length = c->hdr[1] & 127;
    if (c->close_received || c->hdr[1] & 0x80 || (rsv && !(opt.deflate && rsv == 0x40 && (opcode == 1 || opcode == 2))))
        return 0;
    if (opcode >= 8)
        return opcode <= 10 && length <= 125 && c->hdr[0] & 0x80;
    if (opcode == 0)
        return c->in_message;
    return !c->in_message && opcode == (opt.text ? 1 : 2);
}

// Takes bytes of a frame header. Returns how many; the header is whole when c->hdr_len reaches what it says.
static size_t take_header(conn *c, const uint8_t *b, size_t n, int *whole) {
    size_t used = 0;
    *whole = 0;
    while (used < n && !*whole) {
        c->hdr[c->hdr_len++] = b[used++];
        int l = c->hdr_len < 2 ? 0 : c->hdr[1] & 127;
        *whole = c->hdr_len == (l == 126 ? 4 : l == 127 ? 10 : 2);
    }
    if (!*whole)
        return used;
    if (!right_header(c)) {
        errno = EPROTO;
        mismatches++;
        fail(c, "a frame that no server may send here");
        return used;
    }
    c->need = c->hdr[1] & 127;
    if (c->need >= 126) {
        c->need = 0;
        for (int i = 2; i < c->hdr_len; i++)
            c->need = c->need << 8 | c->hdr[i];
    }
    c->fin = c->hdr[0] >> 7;
    c->opcode = c->hdr[0] & 15;
    if (c->opcode == 1 || c->opcode == 2)
        c->compressed = c->hdr[0] >> 6 & 1;
    if (c->opcode >= 8)
        c->control_len = 0;
    c->hdr_len = 0;
    return used;
}

static void take_payload(conn *c, const uint8_t *b, size_t n) {
    const uint8_t *expected = payloads[c->next_in].bytes;
    uint64_t size = payloads[c->next_in].size;
    if (c->opcode >= 8) {
        memcpy(c->control + c->control_len, b, n);
        c->control_len += n;
    } else if (c->compressed)
        mismatches += !inflate_part(c, b, n, expected, size);
    else {
        mismatches += opt.verify && (c->got + n > size || memcmp(b, expected + c->got, n));
        c->got += n;
    }
    c->need -= n;
}

static void end_frame(conn *c) {
    if (c->opcode == 8) {
        errno = 0;
        c->close_received = c->control_len == 2 && !memcmp(c->control, "\x03\xe8", 2);
        if (c->state != CLOSING || !c->close_received)
            fail(c, "a Close frame that answers none of ours");
    } else if (c->opcode == 9)
        pong(c);
    if (c->opcode >= 8)
        return;
    c->in_message = !c->fin;
    if (!c->fin)
        return;
    uint64_t size = payloads[c->next_in].size;
    if (c->compressed)
        mismatches += !inflate_end(c, payloads[c->next_in].bytes, size);
    mismatches += c->got != size;
    c->got = 0;
    c->next_in = (c->next_in + 1) % payload_count;
    on_message(c);
}

static void parse_raw(conn *c, const uint8_t *b, size_t n) { // an echo of the masked frames as they were sent
    while (n) {
        uint64_t length = wire_at[c->next_in + 1] - wire_at[c->next_in], k = length - c->got < n ? length - c->got : n;
        mismatches += opt.verify && memcmp(b, wire + wire_at[c->next_in] + c->got, k);
        c->got += k;
        b += k;
        n -= k;
        if (c->got == length) {
            c->got = 0;
            c->next_in = (c->next_in + 1) % payload_count;
            on_message(c);
        }
    }
}

void parse(conn *c, const uint8_t *b, size_t n) {
    if (opt.raw) {
        parse_raw(c, b, n);
        return;
    }
    while (n && c->fd >= 0) {
        int whole = 0;
        size_t k;
        if (c->need) {
            k = n < c->need ? n : c->need;
            take_payload(c, b, k);
            whole = !c->need;
        } else {
            k = take_header(c, b, n, &whole);
            whole = whole && !c->need;
        }
        b += k;
        n -= k;
        if (whole && c->fd >= 0)
            end_frame(c);
    }
}
