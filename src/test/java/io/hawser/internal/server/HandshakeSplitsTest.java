package io.hawser.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpLimits;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.BadRequests;
import io.hawser.testing.BadRequests.BadRequest;
import io.hawser.testing.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever the network cuts a request head in two, it gets the same answer. */
class HandshakeSplitsTest {

    private final NettyServer server = (NettyServer) WebSocketServer.builder()
            .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
            .build();

    static Stream<BadRequest> requests() {
        // The preface has bytes behind its head, which are refused if they come with it, and else not waited for.
        Stream<BadRequest> bad = Stream.of(BadRequests.http(), BadRequests.handshakes(), BadRequests.versions())
                .flatMap(List::stream)
                .filter(request -> request.bytes().length() < 500)
                .filter(request -> !request.bytes().startsWith("PRI "));
        return Stream.concat(
                Stream.of(
                        new BadRequest("a right one", RawClient.upgradeRequest(80, "/echo", ""), 101),
                        new BadRequest("a plain one", "GET /page HTTP/1.1\r\nHost: a\r\n\r\n", 404)),
                bad);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyCutInTwoGivesTheSameStatus(BadRequest request) {
        byte[] bytes = request.bytes().getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 1; cut <= bytes.length; cut++) {
            assertThat(statusOf(bytes, cut)).as("cut at " + cut).isEqualTo(request.status());
        }
    }

    private int statusOf(byte[] bytes, int cut) {
        RequestHeadGate gate = new RequestHeadGate(HttpLimits.defaults());
        EmbeddedChannel channel =
                new EmbeddedChannel(gate, new HttpServerCodec(), new HandshakeHandler(server, gate, null));
        try {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, cut));
            if (channel.isOpen() && cut < bytes.length) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes, cut, bytes.length - cut));
            }
            ByteBuf answer = channel.readOutbound();
            try {
                return Integer.parseInt(answer.toString(9, 3, StandardCharsets.US_ASCII));
            } finally {
                answer.release();
            }
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
