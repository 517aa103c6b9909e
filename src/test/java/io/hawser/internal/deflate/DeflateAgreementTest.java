package io.hawser.internal.deflate;

import static io.hawser.internal.deflate.DeflateFixture.agreement;
import static io.hawser.internal.deflate.DeflateFixture.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 §5 and §7.1: which offer is accepted, and by which answer. */
class DeflateAgreementTest {

    /** Both sides may keep their window, so that the answer has nothing but what the offer asked for. */
    private static final Compression FREE = Compression.on().withClientContextTakeover();

    private static @Nullable DeflateAgreement negotiate(Compression compression, ExtensionOffer... offers) {
        return DeflateAgreement.negotiate(List.of(offers), compression);
    }

    private static String answer(Compression compression, String... parameters) {
        return agreement(compression, parameters).headerValue();
    }

    @Test
    void nothingIsAgreedWhereCompressionIsOff() {
        assertThat(negotiate(Compression.off(), offer())).isNull();
    }

    @Test
    void nothingIsAgreedWithoutAnOffer() {
        assertThat(negotiate(FREE)).isNull();
    }

    @Test
    void otherExtensionsArePassedOver() {
        ExtensionOffer other = new ExtensionOffer("x-webkit-deflate-frame", List.of());
        assertThat(negotiate(FREE, other)).isNull();
        assertThat(negotiate(FREE, other, offer())).isNotNull();
    }

    @Test
    void plainOfferGetsThePlainAnswer() {
        DeflateAgreement plain = agreement(FREE);
        assertThat(plain).isEqualTo(new DeflateAgreement(false, false, 15, 0, "permessage-deflate"));
    }

    @Test
    void clientIsAskedForNoContextTakeoverThoughItDidNotOfferIt() {
        DeflateAgreement agreement = agreement(Compression.on());
        assertThat(agreement.clientNoContextTakeover()).isTrue();
        assertThat(agreement.serverNoContextTakeover()).isFalse();
        assertThat(agreement.headerValue()).isEqualTo("permessage-deflate; client_no_context_takeover");
    }

    @Test
    void serverNoContextTakeoverIsGrantedWhereAsked() {
        DeflateAgreement agreement = agreement(FREE, "server_no_context_takeover");
        assertThat(agreement.serverNoContextTakeover()).isTrue();
        assertThat(agreement.headerValue()).isEqualTo("permessage-deflate; server_no_context_takeover");
    }

    @Test
    void serverNoContextTakeoverIsAnnouncedWhereConfigured() {
        DeflateAgreement agreement = agreement(FREE.withoutServerContextTakeover());
        assertThat(agreement.serverNoContextTakeover()).isTrue();
        assertThat(agreement.headerValue()).isEqualTo("permessage-deflate; server_no_context_takeover");
    }

    @Test
    void clientNoContextTakeoverIsConfirmedWhereOffered() {
        DeflateAgreement agreement = agreement(FREE, "client_no_context_takeover");
        assertThat(agreement.clientNoContextTakeover()).isTrue();
        assertThat(agreement.headerValue()).isEqualTo("permessage-deflate; client_no_context_takeover");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void everyServerWindowIsHonoured(int bits) {
        DeflateAgreement agreement = agreement(FREE, "server_max_window_bits=" + bits);
        assertThat(agreement.serverMaxWindowBits()).isEqualTo(bits);
        assertThat(agreement.headerValue()).isEqualTo("permessage-deflate; server_max_window_bits=" + bits);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void everyClientWindowIsConfirmedWhereOffered(int bits) {
        DeflateAgreement agreement = agreement(FREE, "client_max_window_bits=" + bits);
        assertThat(agreement.clientMaxWindowBits()).isEqualTo(bits);
        assertThat(agreement.headerValue()).isEqualTo("permessage-deflate; client_max_window_bits=" + bits);
    }

    /** OkHttp fails the connection otherwise, and it is §7.1.2.2's rule. */
    @Test
    void clientWindowIsNotAnsweredWhereItWasNotOffered() {
        assertThat(answer(Compression.on(), "server_max_window_bits=9")).doesNotContain("client_max_window_bits");
    }

    @Test
    void clientWindowWithoutValueNeedsNoAnswer() {
        DeflateAgreement agreement = agreement(FREE, "client_max_window_bits");
        assertThat(agreement.clientMaxWindowBits()).isZero();
        assertThat(agreement.headerValue()).isEqualTo("permessage-deflate");
    }

    @Test
    void whatChromiumOffersGetsNoContextTakeoverAlone() {
        assertThat(answer(Compression.on(), "client_max_window_bits"))
                .isEqualTo("permessage-deflate; client_no_context_takeover");
    }

    @Test
    void allFourParametersAreAnswered() {
        String[] all = {
            "client_max_window_bits=11",
            "server_no_context_takeover",
            "server_max_window_bits=10",
            "client_no_context_takeover"
        };
        assertThat(agreement(Compression.on(), all))
                .isEqualTo(
                        new DeflateAgreement(
                                true,
                                true,
                                10,
                                11,
                                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=11"));
    }

    @ParameterizedTest(name = "{0} is declined: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "foo                                   | unknown parameter",
                "foo=1                                 | unknown parameter with a value",
                "server_max_window_bits                | no value",
                "server_max_window_bits=               | empty value",
                "server_max_window_bits=7              | too small",
                "server_max_window_bits=16             | too large",
                "server_max_window_bits=08             | leading zero",
                "server_max_window_bits=010            | leading zero of a legal number",
                "server_max_window_bits=+9             | sign",
                "server_max_window_bits=-9             | negative",
                "server_max_window_bits=9.0            | not an integer",
                "server_max_window_bits=0x9            | not decimal",
                "server_max_window_bits=x              | not a number",
                "server_max_window_bits=٩              | not an ASCII digit",
                "server_max_window_bits=' 9'           | white space",
                "server_max_window_bits=99999999999999 | beyond a long",
                "client_max_window_bits=               | empty value",
                "client_max_window_bits=7              | too small",
                "client_max_window_bits=16             | too large",
                "client_max_window_bits=08             | leading zero",
                "client_max_window_bits=+9             | sign",
                "client_max_window_bits=x              | not a number",
                "client_no_context_takeover=1          | value where there is none",
                "client_no_context_takeover=           | empty value where there is none",
                "server_no_context_takeover=1          | value where there is none",
                "server_no_context_takeover=true       | value where there is none",
                "Server_No_Context_Takeover            | other letters",
                "constructor                           | a name that trips scripts"
            })
    void badParameterDeclinesItsOfferAndTheNextIsTried(String parameter, String why) {
        assertThat(negotiate(FREE, offer(parameter))).as(why).isNull();
        assertThat(negotiate(FREE, offer("client_no_context_takeover", parameter)))
                .as(why)
                .isNull();
        DeflateAgreement next = negotiate(FREE, offer(parameter), offer("server_max_window_bits=12"));
        assertThat(next).isNotNull();
        assertThat(next.headerValue()).isEqualTo("permessage-deflate; server_max_window_bits=12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server_no_context_takeover",
                "client_no_context_takeover",
                "server_max_window_bits=10",
                "client_max_window_bits=10",
                "client_max_window_bits"
            })
    void doubledParameterDeclinesItsOffer(String parameter) {
        assertThat(negotiate(FREE, offer(parameter, parameter))).isNull();
        assertThat(negotiate(FREE, offer(parameter, "server_max_window_bits=15", parameter)))
                .isNull();
        assertThat(negotiate(FREE, offer(parameter, parameter), offer())).isNotNull();
    }

    @Test
    void parameterDoubledWithAnotherValueDeclinesItsOffer() {
        assertThat(negotiate(FREE, offer("server_max_window_bits=10", "server_max_window_bits=11")))
                .isNull();
        assertThat(negotiate(FREE, offer("client_max_window_bits", "client_max_window_bits=11")))
                .isNull();
    }

    @Test
    void firstAcceptableOfferWinsAndIsTheOnlyOneAnswered() {
        DeflateAgreement agreement = negotiate(
                FREE,
                offer("server_max_window_bits=20"),
                offer("server_max_window_bits=9"),
                offer("server_no_context_takeover"));
        assertThat(agreement).isNotNull();
        assertThat(agreement.headerValue()).isEqualTo("permessage-deflate; server_max_window_bits=9");
    }

    @Test
    void answerNeverHasMoreThanWasOfferedBesideTakeover() {
        List<String> choices = List.of(
                "server_no_context_takeover",
                "client_no_context_takeover",
                "server_max_window_bits=9",
                "client_max_window_bits=12");
        for (int mask = 0; mask < 16; mask++) {
            List<String> chosen = new ArrayList<>();
            for (int i = 0; i < choices.size(); i++) {
                if ((mask >> i & 1) != 0) {
                    chosen.add(choices.get(i));
                }
            }
            List<String> expected = new ArrayList<>(List.of("permessage-deflate"));
            expected.addAll(chosen);
            String header = answer(FREE, chosen.toArray(String[]::new));
            assertThat(Arrays.asList(header.split("; "))).containsExactlyInAnyOrderElementsOf(expected);
        }
    }
}
