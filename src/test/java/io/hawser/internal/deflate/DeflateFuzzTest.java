package io.hawser.internal.deflate;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hawser.Compression;
import io.hawser.internal.protocol.MessageBuffer;
import io.hawser.internal.protocol.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whatever a client offers or sends: an agreement or none, a message or a {@link ProtocolViolation}, within the limit. */
class DeflateFuzzTest {

    private static final int[] LIMITS = {0, 1, 100, 512, 513, 4_096, 65_536, 100_000};

    private final DeflatePool pool = new DeflatePool();

    /** Offers a line each, parameters behind semicolons; the first byte is the configuration. */
    @FuzzTest(maxExecutions = 1_000_000)
    void negotiation(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        Compression compression = new Compression(true, 0, 6, (bytes[0] & 1) != 0, (bytes[0] & 2) != 0);
        List<ExtensionOffer> offers = offers(new String(bytes, 1, bytes.length - 1, StandardCharsets.ISO_8859_1));
        DeflateAgreement agreement = DeflateAgreement.negotiate(offers, compression);
        if (agreement == null) {
            return;
        }
        require(isWindow(agreement.serverMaxWindowBits()), "a window of ours");
        require(agreement.clientMaxWindowBits() == 0 || isWindow(agreement.clientMaxWindowBits()), "a client's window");
        require(agreement.serverNoContextTakeover() || compression.serverContextTakeover(), "no takeover of ours");
        require(agreement.clientNoContextTakeover() || compression.clientContextTakeover(), "no takeover of theirs");
        List<ExtensionOffer> answer = offers(agreement.headerValue());
        require(answer.size() == 1 && answer.get(0).name().equals("permessage-deflate"), "one extension is answered");
        require(offers.stream().anyMatch(offer -> isAnswerTo(offer, answer.get(0))), "an answer to one of the offers");
        require(agreement.equals(DeflateAgreement.negotiate(answer, compression)), "the answer is well-formed");
    }

    private static List<ExtensionOffer> offers(String text) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String[] parts = line.split("; ?", -1);
            ExtensionOffer parameters = DeflateFixture.offer(Arrays.copyOfRange(parts, 1, parts.length));
            offers.add(new ExtensionOffer(parts[0], parameters.parameters()));
        }
        return offers;
    }

    /** What needs an offer is answered as it was offered. */
    private static boolean isAnswerTo(ExtensionOffer offer, ExtensionOffer answer) {
        return offer.name().equals(answer.name())
                && answer.parameters().stream()
                        .filter(parameter -> parameter.name().endsWith("bits"))
                        .allMatch(offer.parameters()::contains);
    }

    private static boolean isWindow(int bits) {
        return bits >= 8 && bits <= 15;
    }

    /** Three bytes of configuration, of which the second cuts the pieces; then messages, each behind a byte with its length. */
    @FuzzTest(maxExecutions = 1_000_000)
    void inflating(byte[] bytes) {
        if (bytes.length < 3) {
            return;
        }
        DeflateAgreement agreement =
                new DeflateAgreement(false, (bytes[0] & 1) != 0, 15, 8 + (bytes[0] >> 1 & 7), "permessage-deflate");
        int limit = LIMITS[bytes[2] & 7];
        List<byte[]> messages = messages(bytes);
        List<Object> whole = outcome(agreement, limit, messages, Integer.MAX_VALUE);
        List<Object> pieces = outcome(agreement, limit, messages, 1 + (bytes[1] & 0xFF));
        require(whole.equals(pieces), "pieces decode as the whole");
    }

    private static List<byte[]> messages(byte[] bytes) {
        List<byte[]> messages = new ArrayList<>();
        for (int at = 3; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + (bytes[at] & 0xFF));
            messages.add(Arrays.copyOfRange(bytes, at + 1, end));
            at = end;
        }
        return messages;
    }

    private List<Object> outcome(DeflateAgreement agreement, int limit, List<byte[]> messages, int pieceBytes) {
        DeflateTransform transform = new DeflateTransform(agreement, Compression.on(), pool);
        List<Object> outcome = new ArrayList<>();
        MessageBuffer out = new MessageBuffer(limit);
        try {
            for (byte[] message : messages) {
                for (int at = 0; at < message.length; at += Math.min(pieceBytes, message.length - at)) {
                    transform.decode(message, at, Math.min(pieceBytes, message.length - at), out);
                    require(out.size() <= limit && out.array().length <= limit, "within the limit");
                }
                transform.decodeEnd(out);
                require(pool.lent() == 0, "no inflater is held between messages");
                outcome.add(Arrays.hashCode(out.take()));
            }
        } catch (ProtocolViolation violation) {
            outcome.add(violation.status());
        }
        require(out.array().length <= limit, "within the limit");
        transform.release();
        require(pool.lent() == 0, "no inflater is held after the end");
        return outcome;
    }

    /** Three bytes of configuration; then messages as above, which a strict inflater of the agreed window must read. */
    @FuzzTest(maxExecutions = 1_000_000)
    void deflating(byte[] bytes) {
        if (bytes.length < 3) {
            return;
        }
        boolean takeover = (bytes[0] & 1) != 0;
        int bits = 8 + (bytes[0] >> 1 & 7);
        Compression compression = Compression.on().withLevel(1 + (bytes[1] & 7));
        DeflateTransform transform = new DeflateTransform(
                new DeflateAgreement(!takeover, true, bits, 0, "permessage-deflate"), compression, pool);
        StrictInflater strict = new StrictInflater(bits, takeover);
        boolean shared = (bytes[2] & 1) != 0;
        int times = 1 + (bytes[2] >> 1 & 15);
        for (byte[] part : messages(bytes)) {
            byte[] payload = new byte[part.length * times];
            for (int at = 0; at < payload.length; at += part.length) {
                System.arraycopy(part, 0, payload, at, part.length);
            }
            byte[] message;
            if (shared) {
                message = DeflateFixture.encodeShared(transform, payload);
                transform.sharedSent(payload);
            } else {
                message = DeflateFixture.encode(transform, payload);
            }
            shared = !shared;
            require(Arrays.equals(payload, strict.message(message)), "a strict inflater reads it");
        }
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new AssertionError(rule);
        }
    }
}
