package io.hawser.internal.server;

import io.hawser.HttpLimits;
import io.hawser.internal.session.LimitName;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the HTTP parser and lets through one request head at a time: what the parser forgives (RFC 9112 §2.2, §5.2) and what
 * a client may not send before its answer (RFC 6455 §4.1) ends here. Parses nothing: it only looks at bytes and line ends.
 *
 * <p>A refusal is told by a {@link Refused} event, once; what comes after is dropped.
 */
final class RequestHeadGate extends ChannelInboundHandlerAdapter {

    /** Says that the bytes are no request head that is answered otherwise than by this status; {@code limit} if one was met. */
    record Refused(int status, String reason, @Nullable LimitName limit) {
        Refused(int status, String reason) {
            this(status, reason, null);
        }
    }

    private enum State {
        BEFORE_REQUEST_LINE,
        REQUEST_LINE,
        LINE_START,
        HEADER_LINE,
        ANSWER_DUE,
        REFUSED
    }

    private static final String HTTP_NAME = "HTTP/";
    private static final String HEAD = "HEAD ";

    private final HttpLimits limits;
    private State state = State.BEFORE_REQUEST_LINE;
    private boolean afterCr;
    private boolean afterSpace;
    private int requestLineBytes;
    private int headBytes; // in step with HEAD
    private int spaces; // in the request line
    private int versionBytes;
    private int headerBytes;
    private int headers;
    private int emptyLines;

    RequestHeadGate(HttpLimits limits) {
        this.limits = limits;
    }

    /** The last request is answered: another may come. */
    void expectNext() {
        state = State.BEFORE_REQUEST_LINE;
        afterCr = false;
        afterSpace = false;
        requestLineBytes = 0;
        headBytes = 0;
        spaces = 0;
        versionBytes = 0;
        headerBytes = 0;
        headers = 0;
        emptyLines = 0;
    }

    /** Whether a byte of the next request came. */
    boolean hasBegun() {
        return state != State.BEFORE_REQUEST_LINE;
    }

    /** Whether the request's method is HEAD, though the parser may never have seen it. */
    boolean isHead() {
        return headBytes == HEAD.length();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        Refused refused = state == State.REFUSED ? null : scan(in);
        if (state == State.REFUSED) {
            in.release();
        } else {
            ctx.fireChannelRead(in);
        }
        if (refused != null) {
            ctx.fireUserEventTriggered(refused);
        }
    }

    /** Looks at every byte; null if all is well so far. */
    private @Nullable Refused scan(ByteBuf in) {
        int end = in.writerIndex();
        for (int i = in.readerIndex(); i < end; i++) {
            Refused refused = next(in.getByte(i) & 0xFF);
            if (refused != null) {
                state = State.REFUSED;
                return refused;
            }
        }
        return null;
    }

    private @Nullable Refused next(int b) {
        if (state == State.ANSWER_DUE) {
            return new Refused(400, "bytes after the request head (RFC 6455 §4.1)");
        }
        if (afterCr) {
            afterCr = false;
            // "a recipient ... MUST NOT ... a bare CR" (RFC 9112 §2.2)
            return b == '\n' ? endLine() : new Refused(400, "CR without LF (RFC 9112 §2.2)");
        }
        if (b == '\r') {
            afterCr = true;
            return null;
        }
        if (b == '\n') {
            return new Refused(400, "LF without CR (RFC 9112 §2.2)");
        }
        return switch (state) {
            case BEFORE_REQUEST_LINE -> firstByte(b);
            case REQUEST_LINE -> requestLineByte(b);
            case LINE_START -> headerLineStart(b);
            default -> headerLineByte(b);
        };
    }

    private @Nullable Refused endLine() {
        switch (state) {
            case BEFORE_REQUEST_LINE -> {
                // "a server ... SHOULD ignore at least one empty line (CRLF) received prior to the request-line" (RFC
                // 9112 §2.2)
                if (++emptyLines > 1) {
                    return new Refused(400, "empty lines before the request line");
                }
            }
            case LINE_START -> state = State.ANSWER_DUE;
            default -> state = State.LINE_START;
        }
        return null;
    }

    private @Nullable Refused firstByte(int b) {
        if (b <= ' ' || b >= 0x7F) { // 0x16 is how a TLS ClientHello begins
            return new Refused(400, "not an HTTP request");
        }
        state = State.REQUEST_LINE;
        return requestLineByte(b);
    }

    private @Nullable Refused requestLineByte(int b) {
        if (b < ' ' || b >= 0x7F) {
            return new Refused(400, "the request line is not visible ASCII (RFC 9112 §3)");
        }
        if (headBytes == requestLineBytes && headBytes < HEAD.length() && b == HEAD.charAt(headBytes)) {
            headBytes++;
        }
        if (++requestLineBytes > limits.maxRequestLineBytes()) {
            return new Refused(
                    414,
                    "request line over " + limits.maxRequestLineBytes() + " bytes",
                    LimitName.MAX_REQUEST_LINE_BYTES);
        }
        return b == ' ' ? requestLineSpace() : versionByte(b);
    }

    /** RFC 9112 §3: "method SP request-target SP HTTP-version", and Netty's parser is one of those that forgive more spaces. */
    private @Nullable Refused requestLineSpace() {
        boolean follows = afterSpace;
        afterSpace = true;
        return follows || ++spaces > 2
                ? new Refused(400, "the request line is not of three words (RFC 9112 §3)")
                : null;
    }

    /** RFC 9112 §2.3: "HTTP-name is case-sensitive". */
    private @Nullable Refused versionByte(int b) {
        afterSpace = false;
        boolean inName = spaces == 2 && versionBytes < HTTP_NAME.length();
        return inName && b != HTTP_NAME.charAt(versionBytes++)
                ? new Refused(400, "the request line does not end with an HTTP version (RFC 9112 §2.3)")
                : null;
    }

    private @Nullable Refused headerLineStart(int b) {
        if (b == ' ' || b == '\t') {
            // "A server that receives an obs-fold ... MUST either reject the message" (RFC 9112 §5.2)
            return new Refused(400, "folded header line (RFC 9112 §5.2)");
        }
        if (++headers > limits.maxHeaders()) {
            return new Refused(431, "more than " + limits.maxHeaders() + " header lines", LimitName.MAX_HEADERS);
        }
        state = State.HEADER_LINE;
        return headerLineByte(b);
    }

    private @Nullable Refused headerLineByte(int b) {
        if (b < ' ' && b != '\t' || b == 0x7F) {
            return new Refused(400, "control byte in a header line (RFC 9110 §5.5)");
        }
        if (++headerBytes > limits.maxHeaderBytes()) {
            return new Refused(
                    431, "header lines over " + limits.maxHeaderBytes() + " bytes", LimitName.MAX_HEADER_BYTES);
        }
        return null;
    }
}
