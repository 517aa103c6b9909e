package io.hawser.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpReply;
import io.hawser.Transport;
import io.hawser.testing.BadRequests;
import io.hawser.testing.BadRequests.BadRequest;
import io.hawser.testing.EachTransport;
import io.hawser.testing.HttpAnswer;
import io.hawser.testing.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;

/**
 * Row S34: bytes that two servers read differently, on a connection that is kept alive, as behind a proxy. Each gets its status, the
 * connection ends, and nothing of what follows is served. The list is that of {@link BadRequests}.
 */
@DisplayNameGeneration(RowNames.class)
class SmugglingTest {

    private static final String GOOD = "GET /good HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Queue<String> served = new ConcurrentLinkedQueue<>();

    private Target start(Transport transport) {
        Target.Echo echo = new Target.Echo();
        return Target.start(
                echo,
                builder -> builder.transport(transport).endpoint("/echo", echo).http(request -> {
                    served.add(request.path());
                    return HttpReply.ok("text/plain", "served");
                }));
    }

    private static List<BadRequest> all() {
        return Stream.of(
                        BadRequests.http(),
                        BadRequests.bodies(),
                        BadRequests.tooLong(),
                        BadRequests.handshakes(),
                        BadRequests.versions())
                .flatMap(List::stream)
                .toList();
    }

    @EachTransport
    void s34_aBadHandshakeOnAKeptConnectionEndsItAndNothingBehindItIsServed(Transport transport) throws Exception {
        try (Target target = start(transport)) {
            for (BadRequest request : all()) {
                expectEnd(target, request);
            }
            assertThat(served).hasSize(all().size()).containsOnly("/good");
        }
    }

    /** A good request, the bad one, and a good one behind it in the same segment. */
    private static void expectEnd(Target target, BadRequest request) throws Exception {
        try (RawClient client = RawClient.connect(target.port())) {
            client.send(GOOD);
            assertThat(HttpAnswer.read(client).body()).isEqualTo("served");
            client.trySend((request.bytes() + SMUGGLED).getBytes(StandardCharsets.ISO_8859_1));
            HttpAnswer answer = request.isHead() ? new HttpAnswer(client.readHead(), "") : HttpAnswer.read(client);
            // Its own status, or that of the bytes behind its head.
            assertThat(answer.status()).as(request.name()).isIn(request.status(), 400);
            assertThat(answer.header("Connection").orElse(""))
                    .as(request.name())
                    .startsWith("close");
            assertThat(answer.body()).doesNotContain("served");
            assertThat(client.readToEnd()).as(request.name()).isEmpty();
        }
    }

    /** Lines that have no right meaning in any request, upgrade or not. */
    private static final List<String> LINES = List.of(
            "X-A : b",
            "X-A",
            ": b",
            "X-A: b\r\n folded",
            "X-A: b\0",
            "X-A: b\nX-B: c",
            "X-A: b\rX-B: c",
            "X\0A: b",
            "X A: b",
            "Host: evil.example",
            "Content-Length: 5",
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 0\r\nContent-Length: 6",
            "Content-Length: +1",
            "Content-Length: -1",
            "Content-Length: 1,1",
            "Content-Length: 0x1",
            "Content-Length: 18446744073709551617",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: \u000bchunked",
            "transfer-encoding : chunked",
            "Expect: 100-continue");

    @EachTransport
    void s34_aBadPlainRequestEndsItsConnectionToo(Transport transport) throws Exception {
        try (Target target = start(transport)) {
            for (String line : LINES) {
                for (String body : new String[] {"", "0\r\n\r\n" + SMUGGLED, SMUGGLED}) {
                    try (RawClient client = RawClient.connect(target.port())) {
                        client.send(GOOD);
                        assertThat(HttpAnswer.read(client).status()).isEqualTo(200);
                        client.send("GET /bad HTTP/1.1\r\nHost: localhost\r\n" + line + "\r\n\r\n" + body);
                        target.expectRefusal(client, false, 400);
                    }
                }
            }
            assertThat(served).hasSize(3 * LINES.size()).containsOnly("/good");
        }
    }

    @EachTransport
    void s34_requestsInOneSegmentAreNotServedOneByOne(Transport transport) throws Exception {
        try (Target target = start(transport);
                RawClient client = RawClient.connect(target.port())) {
            client.send(GOOD + SMUGGLED);
            HttpAnswer.read(client);
            assertThat(served).doesNotContain("/smuggled");
        }
    }
}
