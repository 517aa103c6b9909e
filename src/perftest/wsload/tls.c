// TLS 1.3 by OpenSSL, where it was there when wsload was built.
#include "wsload.h"
#ifdef WITH_OPENSSL
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static SSL_CTX *context;

void tls_prepare(void) { // one version and one cipher for all servers, so that they do the same work
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF); // the Close frames have said goodbye already
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    if (!SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") ||
        !SSL_CTX_load_verify_locations(context, opt.tls, NULL)) {
        fprintf(stderr, "wsload: %s: not a certificate to trust\n", opt.tls);
        exit(2);
    }
}

void tls_attach(conn *c) {
    c->ssl = SSL_new(context);
    SSL_set_fd(c->ssl, c->fd);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(c->ssl), opt.host);
}

int tls_handshake(conn *c, int *wants_write) {
    ERR_clear_error();
    int done = SSL_connect(c->ssl);
    if (done == 1)
        return 1;
    int e = SSL_get_error(c->ssl, done);
    *wants_write = e == SSL_ERROR_WANT_WRITE;
    if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE)
        return 0;
    ERR_print_errors_fp(stderr);
    return -1;
}

static ssize_t outcome(conn *c, int n) {
    if (n > 0)
        return n;
    switch (SSL_get_error(c->ssl, n)) {
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_SYSCALL:
        return -1;
    default:
        ERR_print_errors_fp(stderr);
        errno = EPROTO;
        return -1;
    }
}

ssize_t tls_read(conn *c, void *b, size_t n) {
    ERR_clear_error();
    return outcome(c, SSL_read(c->ssl, b, n));
}

ssize_t tls_write(conn *c, const void *b, size_t n) {
    ERR_clear_error();
    return outcome(c, SSL_write(c->ssl, b, n > 1 << 30 ? 1 << 30 : n));
}

void tls_free(conn *c) {
    SSL_free(c->ssl);
    c->ssl = NULL;
}
#else
void tls_prepare(void) {
    fprintf(stderr, "wsload: built without OpenSSL: install its headers (libssl-dev, openssl-devel) and run wsload/build again\n");
    exit(2);
}
void tls_attach(conn *c) { (void)c; }
int tls_handshake(conn *c, int *wants_write) { (void)c; (void)wants_write; return -1; }
ssize_t tls_read(conn *c, void *b, size_t n) { (void)c; (void)b; (void)n; return -1; }
ssize_t tls_write(conn *c, const void *b, size_t n) { (void)c; (void)b; (void)n; return -1; }
void tls_free(conn *c) { (void)c; }
#endif
