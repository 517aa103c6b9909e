package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    private static final WebSocketHandler HANDLER = new WebSocketHandler() {};

    @Test
    void whatAnEndpointDoesNotSetItTakesFromItsServer() {
        Endpoint endpoint = Endpoint.of("/chat/{room}", HANDLER);

        assertThat(endpoint.path()).isEqualTo("/chat/{room}");
        assertThat(endpoint.handler()).isSameAs(HANDLER);
        assertThat(endpoint.subprotocols()).isEmpty();
        assertThat(endpoint.handshakeHook()).isEmpty();
        assertThat(endpoint.originPolicy()).isEmpty();
        assertThat(endpoint.limits()).isEmpty();
        assertThat(endpoint.heartbeat()).isEmpty();
        assertThat(endpoint.overflowPolicy()).isEmpty();
        assertThat(endpoint.compression()).isEmpty();
    }

    @Test
    void everySettingIsKeptWhateverTheOrder() {
        HandshakeHook hook = handshake -> CompletableFuture.completedFuture(HandshakeDecision.accept());
        OriginPolicy policy = OriginPolicy.anyOrigin();
        Endpoint bare = Endpoint.of("/", HANDLER);
        Endpoint endpoint = bare.withSubprotocols("b", "a")
                .withHandshakeHook(hook)
                .withOriginPolicy(policy)
                .withLimits(Limits.defaults().withMaxFragments(7))
                .withHeartbeat(Heartbeat.off())
                .withOverflowPolicy(OverflowPolicy.DROP_OLDEST)
                .withCompression(Compression.on());
        Endpoint other = bare.withCompression(Compression.on())
                .withOverflowPolicy(OverflowPolicy.DROP_OLDEST)
                .withHeartbeat(Heartbeat.off())
                .withLimits(Limits.defaults().withMaxFragments(7))
                .withOriginPolicy(policy)
                .withHandshakeHook(hook)
                .withSubprotocols("b", "a");

        for (Endpoint full : new Endpoint[] {endpoint, other}) {
            assertThat(full.path()).isEqualTo("/");
            assertThat(full.handler()).isSameAs(HANDLER);
            assertThat(full.subprotocols()).containsExactly("b", "a");
            assertThat(full.handshakeHook()).containsSame(hook);
            assertThat(full.originPolicy()).containsSame(policy);
            assertThat(full.limits()).contains(Limits.defaults().withMaxFragments(7));
            assertThat(full.heartbeat()).contains(Heartbeat.off());
            assertThat(full.overflowPolicy()).contains(OverflowPolicy.DROP_OLDEST);
            assertThat(full.compression()).contains(Compression.on());
        }
        assertThat(bare.subprotocols()).isEmpty();
        assertThat(bare.limits()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a\r\n", "caf\u00e9", "a/b", "\"a\""})
    void aSubprotocolIsAToken(String subprotocol) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of("/", HANDLER).withSubprotocols("ok", subprotocol));
    }

    @Test
    void theListOfSubprotocolsIsNotTheCallersArray() {
        String[] subprotocols = {"a"};
        Endpoint endpoint = Endpoint.of("/", HANDLER).withSubprotocols(subprotocols);
        subprotocols[0] = "b";

        assertThat(endpoint.subprotocols()).containsExactly("a");
        assertThatThrownBy(() -> endpoint.subprotocols().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void nothingIsNull() {
        Endpoint endpoint = Endpoint.of("/", HANDLER);

        assertThatNullPointerException().isThrownBy(() -> Endpoint.of(null, HANDLER));
        assertThatNullPointerException().isThrownBy(() -> Endpoint.of("/", null));
        assertThatNullPointerException().isThrownBy(() -> endpoint.withHandshakeHook(null));
        assertThatNullPointerException().isThrownBy(() -> endpoint.withOriginPolicy(null));
        assertThatNullPointerException().isThrownBy(() -> endpoint.withLimits(null));
        assertThatNullPointerException().isThrownBy(() -> endpoint.withHeartbeat(null));
        assertThatNullPointerException().isThrownBy(() -> endpoint.withOverflowPolicy(null));
        assertThatNullPointerException().isThrownBy(() -> endpoint.withCompression(null));
    }
}
