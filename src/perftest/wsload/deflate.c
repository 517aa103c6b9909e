// permessage-deflate (RFC 7692) by zlib, where it was there when wsload was built. What is sent is compressed once, each message by
// itself, which every server must take; what comes back is inflated as it arrives and compared.
#include "wsload.h"
#ifdef WITH_ZLIB
#include <zlib.h>

size_t deflated(const uint8_t *in, size_t n, uint8_t **out) {
    z_stream z = {0};
    deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    size_t room = deflateBound(&z, n) + 16;
    *out = malloc(room);
    z.next_in = (uint8_t *)in;
    z.avail_in = n;
    z.next_out = *out;
    z.avail_out = room;
    if (deflate(&z, Z_SYNC_FLUSH) != Z_OK || z.avail_in || !z.avail_out) {
        fprintf(stderr, "wsload: deflate failed\n");
        exit(2);
    }
    size_t length = room - z.avail_out - 4; // without 00 00 ff ff (RFC 7692 section 7.2.1)
    deflateEnd(&z);
    return length;
}

int inflate_part(conn *c, const uint8_t *b, size_t n, const uint8_t *expected, uint64_t size) {
    static uint8_t out[1 << 16];
    if (!c->inflater) {
        c->inflater = calloc(1, sizeof(z_stream));
        inflateInit2((z_stream *)c->inflater, -15);
    }
    z_stream *z = c->inflater;
    z->next_in = (uint8_t *)b;
    z->avail_in = n;
    do {
        z->next_out = out;
        z->avail_out = sizeof out;
        int result = inflate(z, Z_SYNC_FLUSH);
        size_t k = sizeof out - z->avail_out;
        if ((result != Z_OK && result != Z_BUF_ERROR) || c->got + k > size || memcmp(out, expected + c->got, k))
            return 0; // a last block (BFINAL) too, which the RFC allows and no server sends
        c->got += k;
    } while (!z->avail_out);
    return !z->avail_in;
}

int inflate_end(conn *c, const uint8_t *expected, uint64_t size) {
    static const uint8_t tail[] = {0, 0, 0xff, 0xff}; // RFC 7692 section 7.2.2
    if (!inflate_part(c, tail, sizeof tail, expected, size))
        return 0;
    if (c->inflater_resets)
        inflateReset(c->inflater);
    return 1;
}

void inflate_free(conn *c) {
    if (c->inflater)
        inflateEnd(c->inflater);
    free(c->inflater);
    c->inflater = NULL;
}
#else
size_t deflated(const uint8_t *in, size_t n, uint8_t **out) {
    (void)in, (void)n, (void)out;
    fprintf(stderr, "wsload: built without zlib: install its headers (zlib1g-dev, zlib-devel) and run wsload/build again\n");
    exit(2);
}
int inflate_part(conn *c, const uint8_t *b, size_t n, const uint8_t *expected, uint64_t size) {
    (void)c, (void)b, (void)n, (void)expected, (void)size;
    return 0;
}
int inflate_end(conn *c, const uint8_t *expected, uint64_t size) {
    (void)c, (void)expected, (void)size;
    return 0;
}
void inflate_free(conn *c) { (void)c; }
#endif
