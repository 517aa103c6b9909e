package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReplyTest {

    @Test
    void aTextIsUtf8AndSaysSo() {
        HttpReply reply = HttpReply.ok("text/html", "caf\u00e9");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers()).containsExactly(Map.entry("Content-Type", "text/html; charset=utf-8"));
        assertThat(reply.body()).isEqualTo("caf\u00e9".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bytesGoOutAsTheyAre() {
        HttpReply reply = HttpReply.ok("image/png", new byte[] {1, 2});

        assertThat(reply.headers()).containsExactly(Map.entry("Content-Type", "image/png"));
        assertThat(reply.body()).containsExactly(1, 2);
    }

    @Test
    void notFoundIs404WithABody() {
        assertThat(HttpReply.notFound().status()).isEqualTo(404);
        assertThat(HttpReply.notFound().body()).isNotEmpty();
    }

    @Test
    void headersAreAddedInOrder() {
        HttpReply reply = HttpReply.notFound().withHeader("X-A", "1").withHeader("X-A", "2");

        assertThat(reply.headers()).endsWith(Map.entry("X-A", "1"), Map.entry("X-A", "2"));
        assertThat(HttpReply.notFound().headers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 101, 199, 600})
    void aReplyHasAFinalStatus(int status) {
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpReply(status, List.of(), new byte[0]));
    }

    @Test
    void aHeaderCannotEndItsLineOrFrameTheMessage() {
        HttpReply reply = HttpReply.notFound();

        assertThatIllegalArgumentException().isThrownBy(() -> reply.withHeader("X", "a\r\nY: b"));
        assertThatIllegalArgumentException().isThrownBy(() -> reply.withHeader("X\r\nY", "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> reply.withHeader("Content-Length", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> reply.withHeader("Transfer-Encoding", "chunked"));
        assertThatIllegalArgumentException().isThrownBy(() -> HttpReply.ok("text/html\r\nX: y", ""));
    }
}
