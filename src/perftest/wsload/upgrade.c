// The opening handshake: one request, and the response checked header by header.
#include "wsload.h"

#define HEAD_MAX 4095

void send_upgrade(conn *c) {
    static uint8_t request[1024];
    static int length;
    if (!length)
        length = snprintf((char *)request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                          opt.path, opt.host, opt.port,
                          opt.deflate ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "");
    c->state = UPGRADING;
    send_bytes(c, request, length);
}

// RFC 7692 section 7.1: what the server may have made of our offer. Returns 0 if it may not.
static int take_agreement(conn *c, char *value) {
    char *rest, *parameter = strtok_r(value, "; \t", &rest);
    if (!parameter || strcmp(parameter, "permessage-deflate"))
        return 0;
    while ((parameter = strtok_r(NULL, "; \t", &rest))) {
        int bits = 0;
        if (!strcmp(parameter, "server_no_context_takeover"))
            c->inflater_resets = 1;
        else if (sscanf(parameter, "client_max_window_bits=%d", &bits) == 1) {
            if (bits < 8 || bits > 15 || largest_message() > 1 << bits) // our window is as large as the message
                return 0;
        } else if (sscanf(parameter, "server_max_window_bits=%d", &bits) == 1) {
            if (bits < 8 || bits > 15)
                return 0;
        } else if (strcmp(parameter, "client_no_context_takeover")) // which we never use
            return 0;
    }
    return 1;
}

static int right_extensions(conn *c) {
    static const char name[] = "\r\nsec-websocket-extensions:";
    char *header = strcasestr(c->head, name);
    if (!header)
        return !opt.deflate;
    char value[256], *end = strstr(header + 2, "\r\n");
    header += sizeof name - 1;
    if (!opt.deflate || end - header >= (ptrdiff_t)sizeof value || strcasestr(end, name))
        return 0;
    memcpy(value, header, end - header);
    value[end - header] = 0;
    return take_agreement(c, value);
}

static int right_response(conn *c) {
    return !strncmp(c->head, "HTTP/1.1 101 ", 13) && strstr(c->head, " s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") &&
           strcasestr(c->head, "\r\nsec-websocket-accept:") && strcasestr(c->head, "\r\nupgrade: websocket\r\n") &&
           strcasestr(c->head, "\r\nconnection: upgrade\r\n") && right_extensions(c);
}

size_t take_response(conn *c, const uint8_t *b, size_t n) {
    if (!c->head)
        c->head = malloc(HEAD_MAX + 1);
    int before = c->head_len;
    if (n > (size_t)(HEAD_MAX - before))
        n = HEAD_MAX - before;
    memcpy(c->head + before, b, n);
    c->head_len += n;
    c->head[c->head_len] = 0;
    char *end = strstr(c->head, "\r\n\r\n");
    if (!end) {
        errno = 0;
        if (c->head_len == HEAD_MAX)
            fail(c, "a response that does not end");
        return n;
    }
    size_t used = end + 4 - c->head - before;
    end[4] = 0;
    errno = 0;
    if (!right_response(c)) {
        fail(c, "not the 101 that was asked for");
        return n;
    }
    free(c->head);
    c->head = NULL;
    opened(c);
    return used;
}
