package io.hawser.internal.handshake;

import io.hawser.internal.deflate.ExtensionOffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sec-WebSocket-Extensions (RFC 6455 §9.1), read in one pass over its characters:
 *
 * <pre>
 * extension-list  = 1#extension
 * extension       = extension-token *( ";" extension-param )
 * extension-param = token [ "=" (token | quoted-string) ]
 * </pre>
 */
final class ExtensionHeader {

    private final CharSequence line;
    private int at;

    private ExtensionHeader(CharSequence line) {
        this.line = line;
    }

    /** The extensions of all lines in order; null if the header breaks the grammar. */
    static @Nullable List<ExtensionOffer> parse(List<? extends CharSequence> lines) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (CharSequence line : lines) {
            if (!new ExtensionHeader(line).readList(offers)) {
                return null;
            }
        }
        return lines.isEmpty() || !offers.isEmpty() ? offers : null;
    }

    /** RFC 9110 §5.6.1.2: "A recipient MUST parse and ignore a reasonable number of empty list elements". */
    private boolean readList(List<ExtensionOffer> offers) {
        do {
            skipWhiteSpace();
            if (!isAtEnd() && line.charAt(at) != ',') {
                ExtensionOffer offer = readExtension();
                if (offer == null) {
                    return false;
                }
                offers.add(offer);
            }
        } while (skip(','));
        return isAtEnd();
    }

    private @Nullable ExtensionOffer readExtension() {
        String name = readToken();
        if (name == null) {
            return null;
        }
        List<ExtensionOffer.Parameter> parameters = new ArrayList<>();
        while (skip(';')) {
            ExtensionOffer.Parameter parameter = readParameter();
            if (parameter == null) {
                return null;
            }
            parameters.add(parameter);
        }
        return new ExtensionOffer(name, List.copyOf(parameters));
    }

    private ExtensionOffer.@Nullable Parameter readParameter() {
        String name = readToken();
        if (name == null) {
            return null;
        }
        if (!skip('=')) {
            return new ExtensionOffer.Parameter(name, null);
        }
        skipWhiteSpace();
        String value = !isAtEnd() && line.charAt(at) == '"' ? readQuotedToken() : readToken();
        return value == null ? null : new ExtensionOffer.Parameter(name, value);
    }

    private @Nullable String readToken() {
        skipWhiteSpace();
        int start = at;
        at = HttpToken.endOfToken(line, start);
        return at == start ? null : line.subSequence(start, at).toString();
    }

    /**
     * RFC 6455 §9.1: "When using the quoted-string syntax variant, the value after quoted-string unescaping MUST
     * conform to the 'token' ABNF."
     */
    private @Nullable String readQuotedToken() {
        StringBuilder value = new StringBuilder();
        for (at++; !isAtEnd(); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                at++;
                return HttpToken.isToken(value) ? value.toString() : null;
            }
            if (c == '\\' && ++at == line.length()) {
                return null;
            }
            value.append(line.charAt(at));
        }
        return null;
    }

    private boolean skip(char wanted) {
        skipWhiteSpace();
        if (isAtEnd() || line.charAt(at) != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void skipWhiteSpace() {
        at = HttpToken.endOfWhiteSpace(line, at);
    }

    private boolean isAtEnd() {
        return at == line.length();
    }
}
