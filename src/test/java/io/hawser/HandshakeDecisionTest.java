package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Principal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeDecisionTest {

    private static final AttributeKey<String> TENANT = AttributeKey.of("tenant", String.class);

    @Test
    void acceptingAsksForNothing() {
        HandshakeDecision decision = HandshakeDecision.accept();

        assertThat(decision.status()).isEqualTo(101);
        assertThat(decision.closeStatus()).isEmpty();
        assertThat(decision.principal()).isEmpty();
        assertThat(decision.subprotocol()).isEmpty();
        assertThat(decision.attributes()).isEmpty();
        assertThat(decision.headers()).isEmpty();
    }

    @Test
    void whatIsSetIsKeptAndTheDecisionBeforeIsNotChanged() {
        Principal principal = () -> "ada";
        HandshakeDecision accept = HandshakeDecision.accept();
        HandshakeDecision decision = accept.withPrincipal(principal)
                .withSubprotocol("v1")
                .withAttribute(TENANT, "acme")
                .withAttribute(AttributeKey.of("level", Integer.class), 3)
                .withHeader("Set-Cookie", "a=1")
                .withHeader("Set-Cookie", "b=2");

        assertThat(decision.principal()).containsSame(principal);
        assertThat(decision.subprotocol()).contains("v1");
        assertThat(TENANT.cast(decision.attributes().get(TENANT))).isEqualTo("acme");
        assertThat(decision.attributes()).hasSize(2);
        assertThat(decision.headers()).containsExactly(Map.entry("Set-Cookie", "a=1"), Map.entry("Set-Cookie", "b=2"));
        assertThat(accept.headers()).isEmpty();
        assertThatThrownBy(() -> decision.headers().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> decision.attributes().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 307, 401, 403, 429, 503, 599})
    void aRefusalIsARedirectOrAnError(int status) {
        assertThat(HandshakeDecision.reject(status).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 101, 200, 299, 600, 1000})
    void aRefusalIsNothingElse(int status) {
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeDecision.reject(status));
    }

    @Test
    void aSessionMayBeClosedAtOnce() {
        CloseStatus expired = new CloseStatus(4001, "token expired");

        assertThat(HandshakeDecision.acceptThenClose(expired).status()).isEqualTo(101);
        assertThat(HandshakeDecision.acceptThenClose(expired).closeStatus()).contains(expired);
    }

    @Test
    void aCodeThatIsNeverSentCannotCloseASession() {
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeDecision.acceptThenClose(CloseStatus.ABNORMAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a:b",
                "a\r\nb",
                "\u00e9",
                "Connection",
                "UPGRADE",
                "content-length",
                "Transfer-Encoding",
                "Sec-WebSocket-Accept",
                "sec-websocket-protocol",
                "Sec-WebSocket-Whatever"
            })
    void aHeaderNameIsATokenAndNoneOfTheHandshakes(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.accept().withHeader(name, "value"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\rb", "a\0b", "\u007f", "\u001b", "caf\u00e9", "\u2028", "\u560a"})
    void aHeaderValueCannotEndItsLine(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.reject(302).withHeader("Location", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b\tc", "\"quoted\"; ~!@"})
    void aHeaderValueIsVisibleAsciiSpacesAndTabs(String value) {
        assertThat(HandshakeDecision.accept().withHeader("X", value).headers()).containsExactly(Map.entry("X", value));
    }

    @Test
    void nothingIsNull() {
        HandshakeDecision accept = HandshakeDecision.accept();

        assertThatNullPointerException().isThrownBy(() -> accept.withPrincipal(null));
        assertThatNullPointerException().isThrownBy(() -> accept.withSubprotocol(null));
        assertThatNullPointerException().isThrownBy(() -> accept.withAttribute(TENANT, null));
        assertThatNullPointerException().isThrownBy(() -> accept.withHeader("X", null));
        assertThatNullPointerException().isThrownBy(() -> HandshakeDecision.acceptThenClose(null));
    }
}
