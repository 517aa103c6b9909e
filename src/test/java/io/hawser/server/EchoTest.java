package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Transport;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import io.hawser.testing.EachTransport;
import io.hawser.testing.RawClient;

/** A message there and back, and a close both ways, on every transport that this machine has. */
class EchoTest {

    @EachTransport
    void aMessageComesBackAndTheCloseIsAnswered(Transport transport) throws Exception {
        try (WebSocketServer server = WebSocketServer.builder()
                        .port(0)
                        .transport(transport)
                        .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
                        .build()
                        .start();
                RawClient client = RawClient.upgraded(server.port(), "/echo")) {
            client.sendText("hello");
            assertThat(client.readFrame().text()).isEqualTo("hello");
            client.sendFrame(0x82, new byte[60_000]);
            assertThat(client.readFrame().payload()).hasSize(60_000);
            client.sendClose(1000, "bye");
            RawClient.Frame close = client.readFrame();
            assertThat(close.closeCode()).isEqualTo(1000);
            assertThat(client.readToEnd()).isEmpty();
        }
    }
}
